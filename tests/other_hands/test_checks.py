"""The exercises of the lesson other_hands."""

from helpers.files import ROOT
from helpers.other_hands import checks, plots
from tests.exercises import judge, solve
from tests.other_hands.answers import ANSWERS


def test_answers_and_their_hints():
    judge(checks, ANSWERS, {})


def test_the_solutions_pass(mnist_data, monkeypatch):
    path = ROOT / "notebooks" / "extras" / "other_hands.ipynb"
    solve(path, mnist_data, monkeypatch, plots)
