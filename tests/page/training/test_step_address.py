"""The part of an address that opens a weight of a network, without a page that shows it."""

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.widgets.described_network import describe
from helpers.widgets.step_address import ARCHITECTURES, layer_shapes, write_address
from tests.networks import build, windows
from tests.node import run_in_node

FIND = """(description, layer, index) => {
    const network = readNetwork(description);
    const target = {kind: "weight", layer, index, image: 0};
    const {unit, chosen} = findPosition(network, target);
    const i = ravel(index, kernelShape(network.layers[layer - 1], inputShapeOf(network, layer)));
    const address = writeStep(network, 1, {kind: "weight", layerIndex: layer, i});
    return [unit, chosen.group, chosen.term, address];
}"""


@pytest.mark.parametrize(
    ("layer", "index", "unit", "group", "term"),
    [
        (3, [1, 2, 3, 0], 0, 3, 5),  # Conv2D: the group is a map before
        (5, [1, 2, 1, 0], 2, 0, 5),  # DepthwiseConv2D: each map before has two kernels
        (7, [4, 2], 2, 0, 4),  # Dense on maps: the term is a map before
    ],
)
def test_an_address_names_a_weight_as_keras_does(layer, index, unit, group, term):
    model = build(windows)
    kernel = model.layers[layer - 1].kernel
    assert np.all(np.array(index) < kernel.shape)
    found = run_in_node("training/step_address.js", FIND, describe(model), layer, index)
    address = f"&step=1&weight={layer},{','.join(map(str, index))}"
    assert found == [unit, group, term, address]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_shapes_are_those_of_keras(name):
    model = keras.Sequential([keras.Input((28, 28, 1))])
    wanted = [((28, 28, 1), None)]
    for described in ARCHITECTURES[name]:
        kind, settings = described["kind"], {**described}
        del settings["kind"]
        if kind == "Dense":
            settings.setdefault("units", 10)
        layer = getattr(keras.layers, kind)(**settings)
        model.add(layer)
        kernel = tuple(layer.kernel.shape) if hasattr(layer, "kernel") else None
        wanted.append((layer.output.shape[1:], kernel))
    assert layer_shapes(ARCHITECTURES[name]) == wanted


def test_numbers_of_numpy_open_the_same_address_and_the_page_gets_whole_ones():
    place = 1, *np.unravel_index(39, (5, 5, 1, 16))
    address = write_address(step=np.int64(2), seed=True, batch_size=np.float64(64), weight=place)
    assert address == "small,mnist,0.003,64,1&step=2&weight=1,0,2,0,7"
