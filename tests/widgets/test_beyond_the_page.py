"""Networks that can't be saved can't be shown either, and a sentence says why."""

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.widgets import take_home
from helpers.widgets.pad import DrawingPad
from helpers.widgets.viewer import NetworkViewer

layers = keras.layers


def recurrent():
    rows = layers.Reshape((28, 28)), layers.LSTM(3, name="odd")
    end = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28, 1)), *rows, end])


def test_a_layer_that_is_not_on_the_list_is_named_and_nothing_is_lost(artifacts):
    """The pad says it, and Python answers in the next cell."""
    model = recurrent()
    before = {path.name: path.read_bytes() for path in artifacts.iterdir()}
    sentence = r"layer odd: .*got keras\.layers\.LSTM, expected one of the lesson's layers, which"
    for show in (take_home.write_page, lambda it: NetworkViewer(it, np.zeros((28, 28), np.uint8))):
        with pytest.raises(ValueError, match=sentence):
            show(model)
    assert {path.name: path.read_bytes() for path in artifacts.iterdir()} == before
    pad = DrawingPad(model)
    assert pad.problem.startswith("The pad can't compute this network. Draw here")
    assert "layer odd: " in pad.problem and "keras.layers.LSTM" in pad.problem


def test_scores_without_softmax_are_named(artifacts):
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
    for show in (take_home.write_page, lambda it: NetworkViewer(it, np.zeros((28, 28), np.uint8))):
        with pytest.raises(ValueError, match=r"layer dense\S*: got scores"):
            show(model)


def without_an_input():
    return keras.Sequential([layers.Flatten(), layers.Dense(10, activation="softmax")])


def with_two_outputs():
    inputs = keras.Input((28, 28, 1))
    scores = layers.Dense(10)(layers.Flatten()(inputs))
    return keras.Model(inputs, [scores, layers.Softmax()(scores)])


class OwnClass(keras.Model):
    pass


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (without_an_input, "keras.Input((28, 28, 1)) before its first layer"),
        (with_two_outputs, "got 1 input(s) and 2 output(s)"),
        (OwnClass, "A file can't hold the code of your own class"),
    ],
)
def test_a_pad_says_what_is_wrong_with_a_network_that_has_no_single_output(build, problem):
    pad = DrawingPad(build())
    assert pad.problem.startswith("The pad can't compute this network.") and problem in pad.problem
    assert pad.classes == [*"0123456789"]
