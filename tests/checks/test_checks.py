"""The exercises of the four: solutions pass, an untouched cell gives a hint, and so on."""

from unittest.mock import Mock

import numpy as np
import pytest

from helpers import checks, plots
from tests.checks.answers import ANSWERS, NEEDED
from tests.exercises import checks_in, judge, solve, verdict
from tests.marks import speak, without_marks
from tools.execute import four_notebooks

# What no exercise asks for; a `Mock` is like a network, or a function.
ANYTHING = [None, "text", -1, 3, 0.5, np.nan, np.inf, [], [[1], [1, 2]], {}, object(), 1j]
ANYTHING += [np.zeros((28, 28)), np.full((3, 3), np.nan), np.array(["a"]), np.eye(3) > 0]
ANYTHING += [np.uint8([1, 2]), Mock(side_effect=StopIteration)]
CHECKS = checks_in(checks)


def test_answers_and_their_hints():
    judge(checks, ANSWERS, NEEDED)


@pytest.mark.parametrize("name", CHECKS)
def test_what_a_check_says_is_a_message(name, monkeypatch):
    speak("xx", monkeypatch)
    answers = ..., *(answer for answer, _words in ANSWERS[name])
    texts = [verdict(CHECKS[name], answer, NEEDED.get(name, ())) for answer in answers]
    words = without_marks(" ".join(texts).replace("ndarray", ""))
    assert all("«" in text for text in texts) and words == []


@pytest.mark.parametrize("name", CHECKS)
def test_any_answer_gets_a_verdict(name):
    for answer in ANYTHING:
        text = verdict(CHECKS[name], answer, NEEDED.get(name, ()))
        assert text.startswith(("Not yet. ", "Right. ")) and text.count("\n") == 1


def test_an_error_in_what_the_lesson_hands_over_is_not_the_learners():
    with pytest.raises(AttributeError):
        checks.most_confused((4, 9), None)


@pytest.mark.parametrize("path", four_notebooks(), ids=lambda path: path.stem)
def test_the_solutions_pass_and_an_untouched_exercise_gives_a_hint(path, mnist_data, monkeypatch):
    solve(path, mnist_data, monkeypatch, plots)
