"""The exercises of the lesson in_pytorch."""

import pytest

from helpers.files import ROOT
from helpers.in_pytorch import checks
from tests.exercises import judge, solve
from tests.in_pytorch.answers import ANSWERS


def test_answers_and_their_hints():
    judge(checks, ANSWERS, {})


def test_the_solutions_pass(mnist_data, monkeypatch):
    pytest.importorskip("torch")
    path = ROOT / "notebooks" / "extras" / "in_pytorch.ipynb"
    solve(path, mnist_data, monkeypatch)
