"""The exercises of the lesson how_sure."""

from helpers.files import ROOT
from helpers.how_sure import checks, plots
from tests.exercises import judge, solve
from tests.how_sure.answers import ANSWERS, NEEDED


def test_answers_and_their_hints():
    judge(checks, ANSWERS, NEEDED)


def test_the_solutions_pass(mnist_data, monkeypatch):
    path = ROOT / "notebooks" / "extras" / "how_sure.ipynb"
    solve(path, mnist_data, monkeypatch, plots)
