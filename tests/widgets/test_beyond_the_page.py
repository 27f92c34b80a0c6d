"""Networks that can be saved but not computed in the page: all lacking layers are named."""

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.saved.layer_kinds import KINDS
from helpers.saved.models import SHIPPED_MODEL, load_model
from helpers.saved.topology import topology
from helpers.widgets import take_home
from helpers.widgets.layers import describe
from helpers.widgets.pad import DrawingPad
from helpers.widgets.viewer import NetworkViewer
from tests.saved.test_description import NETWORKS, chain

layers = keras.layers


def unusual():
    """Build a network with two layers of kinds that the page lacks, and one with a lacking setting.

    Of the two, one is used twice.
    """
    inputs = keras.Input((28, 28, 1))
    groups = layers.GroupNormalization(2, name="groups")
    maps = groups(groups(layers.Conv2D(4, 3)(inputs)))
    maps = layers.Conv2D(4, 3, groups=2, name="halves")(maps)
    maps = layers.UnitNormalization(name="units")(maps)
    outputs = layers.Dense(10, activation="softmax")(layers.Flatten()(maps))
    return keras.Model(inputs, outputs)


# What is said of the layers that the page lacks. The last line lists what it can compute.
LINES = [
    "layer groups: got GroupNormalization, expected a kind of layer that the page can compute",
    "layer halves: got groups=2, expected groups=1",
    "layer units: got UnitNormalization, expected a kind of layer that the page can compute",
]


def test_all_layers_that_the_page_lacks_are_named_and_nothing_is_lost(artifacts, capsys):
    model = unusual()
    before = {path.name: path.read_bytes() for path in artifacts.iterdir()}
    assert take_home.write_page(model) is None
    first, *lines, last = capsys.readouterr().out.splitlines()
    assert first.startswith("The page can't compute this network, so no page was written.")
    assert lines == LINES
    assert last.startswith("The page can compute these kinds of layers: Conv2D, ")
    assert {path.name: path.read_bytes() for path in artifacts.iterdir()} == before
    viewer = NetworkViewer(model, np.zeros((28, 28), np.uint8))
    first, *lines, last = capsys.readouterr().out.splitlines()
    assert first.startswith("The viewer can't compute this network, so it shows the model that")
    assert lines == LINES
    assert viewer.network == describe(load_model(SHIPPED_MODEL))
    first, *lines, last = DrawingPad(model).problem.splitlines()
    assert first.startswith("The pad can't compute this network. Draw here")
    assert lines == LINES


def test_without_an_unknown_kind_only_the_setting_is_named(capsys):
    model = chain(layers.Conv2D(4, 3), layers.Conv2D(4, 3, groups=2, name="halves"))
    take_home.write_page(model)
    _first, *lines = capsys.readouterr().out.splitlines()
    assert lines == LINES[1:2]


@pytest.mark.parametrize("name", ["recurrent", "three_dimensions"])
def test_networks_without_maps_are_refused_in_the_page_alone(name, capsys):
    model = NETWORKS[name]()
    assert take_home.write_page(model) is None
    said = capsys.readouterr().out
    kinds = {type(step.layer).__name__ for step in topology(model)}
    for kind in kinds - KINDS.keys():
        assert f"got {kind}, " in said
    assert "layer reshape" not in said  # the layer that needs another shape is named


def test_what_could_not_be_saved_is_an_error_of_its_own(artifacts):
    """A sentence on what the page lacks would lead astray."""
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
    for show in (take_home.write_page, lambda it: NetworkViewer(it, np.zeros((28, 28), np.uint8))):
        with pytest.raises(ValueError, match=r"layer dense\S*: got scores") as caught:
            show(model)
        assert caught.type is ValueError


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
