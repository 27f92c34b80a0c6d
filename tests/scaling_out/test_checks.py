"""The exercises of the lesson scaling_out."""

from helpers.files import ROOT
from helpers.scaling_out import checks, plots
from tests.exercises import judge, solve
from tests.scaling_out.answers import ANSWERS


def test_answers_and_their_hints():
    judge(checks, ANSWERS, {})


def test_the_solutions_pass(mnist_data, monkeypatch):
    path = ROOT / "notebooks" / "extras" / "scaling_out.ipynb"
    solve(path, mnist_data, monkeypatch, plots)
