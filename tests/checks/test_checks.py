"""The exercises of the four and of each optional lesson that is there."""

from importlib import import_module
from unittest.mock import Mock

import numpy as np
import pytest

from helpers import checks
from helpers.files import ROOT
from tests.checks.answers import ANSWERS, NEEDED
from tests.exercises import checks_in, solve, verdict
from tests.marks import speak, without_marks
from tools.execute import english_notebooks, four_notebooks, lacks

# What no exercise asks for; a `Mock` is like a network, or a function.
ANYTHING = [None, "text", -1, 3, 0.5, np.nan, np.inf, [], [[1], [1, 2]], {}, object(), 1j]
ANYTHING += [np.zeros((28, 28)), np.full((3, 3), np.nan), np.array(["a"]), np.eye(3) > 0]
ANYTHING += [np.uint8([1, 2]), Mock(side_effect=StopIteration)]
ROOMS = sorted(path.parent.name for path in ROOT.glob("tests/*/answers.py"))
FOUR = four_notebooks()
OPTIONAL = [path for path in english_notebooks() if path not in FOUR]
PATHS = [*FOUR, *(pytest.param(path, marks=pytest.mark.slow) for path in OPTIONAL)]


@pytest.mark.parametrize("room", ROOMS)
def test_answers_and_their_hints_and_any_answer_gets_a_verdict(room):
    folder = "helpers" if room == "checks" else f"helpers.{room}"
    found = checks_in(import_module(f"{folder}.checks"))
    answers = import_module(f"tests.{room}.answers")
    assert answers.ANSWERS.keys() == found.keys()
    for name, check in found.items():
        needed = getattr(answers, "NEEDED", {}).get(name, ())
        for answer, words in answers.ANSWERS[name]:
            assert words in verdict(check, answer, needed), (name, answer)
        for answer in ANYTHING:
            text = verdict(check, answer, needed)
            assert text.startswith(("Not yet. ", "Right. ")) and text.count("\n") == 1


@pytest.mark.parametrize("name", ANSWERS)
def test_what_a_check_says_is_a_message(name, monkeypatch):
    speak("xx", monkeypatch)
    answers, needed = [answer for answer, _words in ANSWERS[name]], NEEDED.get(name, ())
    texts = [verdict(getattr(checks, name), answer, needed) for answer in (..., *answers)]
    words = without_marks(" ".join(texts).replace("ndarray", ""))
    assert all("«" in text for text in texts) and words == []


def test_an_error_in_what_the_lesson_hands_over_is_not_the_learners():
    with pytest.raises(AttributeError):
        checks.most_confused((4, 9), None)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_solutions_pass_and_an_untouched_exercise_gives_a_hint(path, mnist_data, monkeypatch):
    if library := lacks(path):
        pytest.skip(f"{library} is not installed")
    solve(path, mnist_data, monkeypatch)
