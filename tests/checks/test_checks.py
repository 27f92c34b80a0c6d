"""The exercises of the four: solutions pass, an untouched cell gives a hint, and so on."""

from unittest.mock import Mock

import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import sampled_from

from helpers import checks, plots
from tests.anything import any_array
from tests.checks.answers import ANSWERS, NEEDED
from tests.exercises import checks_in, judge, solve, verdict
from tests.marks import speak, without_marks
from tools.execute import four_notebooks

NO_ARRAYS = [None, "text", -1, 3, 0.5, float("nan"), [], [[1], [1, 2]], {}, object()]
CHECKS = checks_in(checks)


def test_answers_and_their_hints():
    judge(checks, ANSWERS, NEEDED)


@pytest.mark.parametrize("name", CHECKS)
def test_what_a_check_says_is_a_message(name, monkeypatch):
    speak("xx", monkeypatch)
    answers = ..., *ANSWERS[name].values()
    texts = [verdict(CHECKS[name], answer, NEEDED.get(name, ())) for answer in answers]
    assert all("«" in text for text in texts) and without_marks(" ".join(texts)) == []


@settings(max_examples=50)
@example(Mock(side_effect=StopIteration))  # like a network, or a function
@given(any_array() | sampled_from(NO_ARRAYS))
def test_any_answer_gets_a_verdict(answer):
    for name, check in CHECKS.items():
        text = verdict(check, answer, NEEDED.get(name, ()))
        assert text.startswith(("Not yet. ", "Right. ")) and text.count("\n") == 1


def test_an_error_in_what_the_lesson_hands_over_is_not_the_learners():
    with pytest.raises(AttributeError):
        checks.most_confused((4, 9), None)


@pytest.mark.parametrize("path", four_notebooks(), ids=lambda path: path.stem)
def test_the_solutions_pass_and_an_untouched_exercise_gives_a_hint(path, mnist_data, monkeypatch):
    solve(path, mnist_data, monkeypatch, plots)
