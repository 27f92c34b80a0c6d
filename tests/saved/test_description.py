"""Networks of many kinds come back from a file as they were saved, with each kind of layer."""

import re
from functools import cache

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.lenet import build_lenet5
from helpers.saved import archive
from helpers.saved.layers import ACTIVATIONS, INSTEAD, KINDS
from helpers.saved.topology import topology

layers = keras.layers
ops = keras.ops


def chain(*parts, classes=10):
    """Build a network of layers that follow one another, with softmax at the end."""
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in [*parts, layers.Flatten(), layers.Dense(classes, activation="softmax")]:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def branched(*branches, join=None, classes=10):
    """Build a network whose branches take the image; their outputs are joined."""
    inputs = keras.Input((28, 28, 1))
    ends = []
    for branch in branches:
        output = inputs
        for layer in branch:
            output = layer(output)
        ends.append(output)
    joined = layers.Flatten()((join or layers.Concatenate())(ends))
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(joined))


def residual(add):
    """Build a network with a connection that skips a convolution and its normalization."""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    y = layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same", use_bias=False)(x))
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(add(x, y)))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(10)(x)))


def nested():
    """Build a network of networks: one with two branches, used twice, and chains."""
    image = keras.Input((None, None, 1))
    branches = [layers.Conv2D(3, 3, activation="gelu")(image), layers.Conv2D(3, 3)(image)]
    inner = keras.Model(image, layers.Add()(branches))
    inputs = keras.Input((28, 28, 1))
    moved = keras.Sequential([layers.RandomZoom(0.1), layers.RandomRotation(0.1)])(inputs)
    first, second = inner(moved), inner(inputs)
    joined = layers.Add()([layers.Concatenate()([first, second]), layers.Conv2D(6, 3)(inputs)])
    head = [layers.Flatten(), layers.Dense(7, "relu"), layers.Dense(10, activation="softmax")]
    return keras.Model(inputs, keras.Sequential(head)(joined))


def ends_in_a_network():
    image = keras.Input((28, 28, 1))
    end = layers.Dense(5, activation="softmax")(layers.Flatten()(image))
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, keras.Model(image, end)(layers.Rescaling(2)(inputs)))


def networks_in_chains():
    """Build a chain of chains, of which one moves images and one has no Input."""
    moved = keras.Sequential([keras.Sequential([layers.RandomTranslation(0.2, 0.2)])])
    inner = keras.Sequential([layers.Conv2D(3, 3), layers.BatchNormalization(), layers.ReLU()])
    end = keras.Sequential([layers.Flatten(), layers.Dense(10), layers.Softmax()])
    return keras.Sequential([keras.Input((28, 28, 1)), moved, inner, end])


def windows():
    return chain(
        *(layers.Rescaling(2, -1), layers.Conv2D(4, (2, 3), strides=(1, 2), padding="same")),
        layers.SeparableConv2D(8, (3, 5), depth_multiplier=2, activation="gelu"),
        *(layers.DepthwiseConv2D(3, dilation_rate=2), layers.LeakyReLU(0.1)),
        *(layers.MaxPooling2D(3, 2, padding="same"), layers.AveragePooling2D(2, 1)),
        *(layers.LayerNormalization(), layers.Reshape((-1, 4, 8))),
    )


def moved_in_training():
    return chain(
        *(layers.RandomTranslation(0.1, (-0.1, 0.2)), layers.RandomRotation(0.1)),
        *(layers.RandomZoom(0.1), layers.Conv2D(3, 3), layers.Dropout(0.1, seed=1)),
    )


def pooled_globally():
    kinds = layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D
    return branched(*([layers.Conv2D(3, 5), kind()] for kind in kinds))


def all_activations():
    flat = layers.Flatten()
    ends = [[flat, layers.Dense(3, activation=name)] for name in ACTIVATIONS]
    of_layers = layers.ReLU(), layers.ReLU(negative_slope=0.1), layers.Activation("tanh")
    return branched(*ends, *([flat, layers.Dense(3), layer] for layer in of_layers))


HALF = "two classes, half precision"
NETWORKS = {
    "LeNet-5": build_lenet5,
    "strides": lambda: chain(layers.Conv2D(8, (2, 5), strides=(1, 3)), layers.MaxPooling2D(3, 2)),
    "26 classes": lambda: chain(layers.Conv2D(3, 7, strides=4, activation="gelu"), classes=26),
    "a skip connection": lambda: residual(lambda x, y: layers.Add()([x, y])),
    "three branches": lambda: branched(
        [layers.Conv2D(4, (5, 1), strides=(3, 2), padding="same", activation="sigmoid")],
        [layers.Conv2D(4, (5, 1), strides=(3, 2), padding="same", activation="leaky_relu")],
        [layers.MaxPooling2D(3, (3, 2), padding="same"), layers.Conv2D(2, 1)],
        classes=5,
    ),
    HALF: lambda: chain(
        layers.Conv2D(4, 3, dtype="mixed_bfloat16"), layers.Dropout(0.1, seed=1), classes=2
    ),
    **{network.__name__: network for network in (nested, ends_in_a_network, networks_in_chains)},
    **{network.__name__: network for network in (windows, moved_in_training)},
    **{network.__name__: network for network in (pooled_globally, all_activations)},
}


@cache  # to build all of them takes seconds, and two tests look at each
def build(name):
    keras.utils.set_random_seed(0)
    return NETWORKS[name]()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_read_as_it_was_saved(name, tmp_path):
    model, rng = build(name), np.random.default_rng(0)
    if any(type(operation).__name__ == "Cast" for operation in getattr(model, "operations", ())):
        pytest.skip("this Keras notes another precision as an operation, which is no layer")
    for weight in model.weights:
        if len(weight.shape) == 1 and "float" in weight.dtype:  # biases, means and variances
            weight.assign(weight + rng.uniform(0.05, 0.2, weight.shape))
    model.save(tmp_path / "network.keras")
    found = archive.read_model(tmp_path / "network.keras")
    images = rng.random((5, 28, 28, 1), "float32") * rng.random((5, 1, 1, 1), "float32")
    # RandomZoom and its like change images in `model(images)`, unless the network was read.
    expected = ops.convert_to_numpy(model(images, training=False))
    np.testing.assert_allclose(ops.convert_to_numpy(found(images)), expected, atol=1e-6)
    assert np.ptp(expected, axis=0).max() > 1e-4  # the images make a difference
    assert [call._replace(layer=None) for call in topology(found)] == [
        call._replace(layer=None) for call in topology(model)
    ]


def test_a_network_that_was_read_moves_images_only_in_a_training(tmp_path):
    moved = keras.Sequential([layers.RandomTranslation(0.5, 0.5)])
    chain(moved, layers.RandomZoom(0.5)).save(tmp_path / "network.keras")
    found = archive.read_model(tmp_path / "network.keras")
    images = np.random.default_rng(0).random((8, 28, 28, 1), "float32")
    still, trained = (ops.convert_to_numpy(found(images, training=t)) for t in (None, True))
    np.testing.assert_array_equal(found(images), still)
    assert np.abs(trained - still).max() > 1e-4


def test_every_kind_of_the_list_is_read_in_a_test():
    calls = [call for name in NETWORKS if name != HALF for call in topology(build(name))]
    kinds = {type(call.layer).__name__ for call in calls}
    names = {getattr(getattr(call.layer, "activation", None), "__name__", "") for call in calls}
    assert kinds == KINDS.keys()
    assert names >= {*ACTIVATIONS}


def test_each_substitute_is_on_the_list():
    for name, layer in INSTEAD.items():
        kinds = re.findall(r"[A-Z]\w+", layer)
        assert kinds and KINDS.keys() >= {*kinds}, name
