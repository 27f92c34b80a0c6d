"""Whatever a figure is given, or an exercise is answered with: a picture, or a plain sentence."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import checks, plots
from helpers.plots.canvas import LessonFigure
from tests.anything import ANYTHING, any_array
from tests.plots.test_plots import CALLS
from tests.plots.test_plots_extras import FIGURES

EXERCISES = sorted(name for name, value in vars(checks).items() if inspect.isfunction(value))
TAKE_SOMETHING = [name for name in (*CALLS, *FIGURES) if name != "loss_of_probability"]


def right_arguments(name, monkeypatch):
    """Return what the tests of the figures give to one of them."""
    if name in CALLS:
        return CALLS[name]
    given_to = []
    with monkeypatch.context() as patch:
        patch.setattr(plots, name, lambda *arguments: given_to.extend(arguments))
        FIGURES[name]()
    return given_to


@pytest.mark.parametrize("name", TAKE_SOMETHING)
@pytest.mark.filterwarnings("ignore")  # of numbers that are too large to draw
def test_any_argument_gives_a_figure_or_a_value_error(name, monkeypatch):
    right, draw = right_arguments(name, monkeypatch), getattr(plots, name)

    @settings(max_examples=5)
    @given(st.integers(0, len(right) - 1), ANYTHING)
    def try_it(place, argument):
        try:
            figure = draw(*right[:place], argument, *right[place + 1 :])
        except ValueError as error:
            assert str(error).startswith(f"{name}: got ")
            assert str(error).endswith(f"Expected:\n{inspect.getdoc(draw)}")
        else:
            assert isinstance(figure, LessonFigure)

    try_it()


def test_the_message_says_what_came_and_what_was_expected():
    with pytest.raises(ValueError) as caught:
        plots.off_centre_digits([], np.zeros(2, int), {"a way": np.zeros((2, 3))}, "none")
    message = str(caught.value)
    assert message.startswith(
        "off_centre_digits: got [], int64 of shape (2,), {'a way': float64 of shape (2, 3)}, "
        "'none'. Expected:\nDraw digits somewhere on a canvas"
    )
    assert "labels: the right digits, shape (n,)." in message


def test_titles_that_do_not_belong_to_the_images_are_refused():
    with pytest.raises(ValueError, match=r"first_images: got uint8 of shape \(3, 28, 28\), int"):
        plots.first_images(np.zeros((3, 28, 28), np.uint8), np.zeros(2, int))


@pytest.mark.parametrize("check", EXERCISES)
def test_any_array_as_an_answer_gets_a_verdict(check, capsys):
    needed = len(inspect.signature(getattr(checks, check)).parameters) - 1

    @settings(max_examples=30)
    @given(any_array())
    def try_it(answer):
        getattr(checks, check)(answer, *[np.zeros((10, 10))] * needed)
        assert capsys.readouterr().out.startswith(("Not yet. ", "Right. "))

    try_it()
