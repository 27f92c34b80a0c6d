"""The part of the image on which a number of a map depends, found by changing each pixel."""

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.model import build_model
from helpers.widgets.described_network import describe
from tests.node import run_in_node

layers = keras.layers
FIND = """(description, layerIndex, place) => {
    const field = receptiveField(readNetwork(description), layerIndex, place);
    return field && [...field].sort((a, b) => a - b);
}"""


def strided():
    chain = [
        keras.Input((28, 28, 1)),
        layers.Rescaling(0.5),
        layers.Conv2D(2, (3, 2), strides=2, padding="same"),
        layers.Activation("relu"),
        layers.AveragePooling2D((2, 3), strides=2, padding="same"),
        layers.Conv2D(2, 3, dilation_rate=2, padding="same"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
    return keras.Sequential(chain)


def branched():
    """A skip connection, and a concatenation of branches with windows of two sizes."""
    inputs = keras.Input((28, 28, 1))
    first = layers.Conv2D(2, 3, padding="same", activation="relu")(inputs)
    second = layers.Conv2D(2, 5, padding="same", activation="relu")(first)
    both = layers.Concatenate()([layers.Add()([first, second]), first])
    last = layers.Conv2D(3, 3, activation="relu")(both)
    outputs = layers.Dense(10, activation="softmax")(layers.Flatten()(last))
    return keras.Model(inputs, outputs)


@pytest.mark.parametrize("build", [build_model, strided, branched])
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_field_has_the_pixels_that_change_the_number(build, share):
    """With weights above 0, each pixel of a field adds something to the number."""
    model = build()
    for weights in model.weights:
        weights.assign(np.full(weights.shape, 0.5, np.float32))
    convolution = [one for one in model.layers if isinstance(one, layers.Conv2D)][-1]
    part = keras.Model(model.inputs, convolution.output)
    images = np.concatenate([np.zeros((1, 784)), np.eye(784)]).reshape(-1, 28, 28, 1)
    blank, *changed = part.predict(np.float32(images), verbose=0)
    rows, columns = blank.shape[:2]
    place = int(share * rows) * columns + int(share * columns)
    numbers = np.array(changed).reshape(784, rows * columns, -1)[:, place, 0]
    wanted = np.flatnonzero(numbers > blank.reshape(rows * columns, -1)[place, 0]).tolist()
    description = describe(model)
    kinds = [layer["kind"] for layer in description["layers"]]
    last = len(kinds) - kinds[::-1].index("Conv2D")  # layers count from 1
    assert run_in_node("path/receptive_field.js", FIND, description, last, place) == wanted
