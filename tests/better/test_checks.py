"""The exercises of the lesson better."""

from helpers.better import checks, plots
from helpers.files import ROOT
from tests.better.answers import ANSWERS, NEEDED
from tests.exercises import judge, solve


def test_answers_and_their_hints():
    judge(checks, ANSWERS, NEEDED)


def test_the_solutions_pass(mnist_data, monkeypatch):
    path = ROOT / "notebooks" / "extras" / "better.ipynb"
    solve(path, mnist_data, monkeypatch, plots)
