"""The exercises of the lesson see_inside."""

from helpers.files import ROOT
from helpers.see_inside import checks, plots
from tests.exercises import judge, solve, verdict
from tests.see_inside.answers import ANSWERS, NEEDED


def test_answers_and_their_hints():
    judge(checks, ANSWERS, NEEDED)


def test_an_error_is_named_as_the_learners_if_it_is_theirs():
    def theirs(model, image, digit, layer):
        raise RuntimeError("no layer of this name.\nand more")

    text = verdict(checks.maps_of_their_own, theirs, NEEDED["maps_of_their_own"])
    assert text.startswith("Not yet. Your function ends in RuntimeError: no layer of this nam")


def test_the_solutions_pass(mnist_data, monkeypatch):
    path = ROOT / "notebooks" / "extras" / "see_inside.ipynb"
    solve(path, mnist_data, monkeypatch, plots)
