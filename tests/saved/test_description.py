"""Networks of many kinds come back from a file as they were saved, with each kind of layer."""

import re

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.saved import archive
from helpers.saved.layers import ACTIVATIONS, INSTEAD, KINDS
from helpers.saved.topology import topology
from tests import zoo
from tests.networks import functional, layers, sequential

ops = keras.ops


def half_precision():
    """Build a network of two classes whose convolution computes with 16 bits, as on a GPU."""
    return sequential(
        *(layers.Conv2D(4, 3, dtype="mixed_bfloat16"), layers.Dropout(0.1, seed=1)),
        *(layers.Flatten(), layers.Dense(2, activation="softmax")),
    )


def check_saved_and_read(model, folder, images):
    """Assert that a network comes back from a file in `folder` with its layers and its answers."""
    model.save(folder / "network.keras")
    found = archive.read_model(folder / "network.keras")
    # RandomZoom and its like change images in `model(images)`, unless the network was read.
    expected = ops.convert_to_numpy(model(images, training=False))
    np.testing.assert_allclose(ops.convert_to_numpy(found(images)), expected, atol=1e-6)
    assert np.ptp(expected, axis=0).max() > 1e-4  # the images make a difference
    assert [call._replace(layer=None) for call in topology(found)] == [
        call._replace(layer=None) for call in topology(model)
    ]


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_network_is_read_as_it_was_saved(name, tmp_path, test_images):
    check_saved_and_read(zoo.build(name), tmp_path, test_images[:20])


def test_a_network_that_computes_with_16_bits_is_read_as_it_was_saved(tmp_path, test_images):
    keras.utils.set_random_seed(0)
    model = half_precision()
    if any(type(operation).__name__ == "Cast" for operation in getattr(model, "operations", ())):
        pytest.skip("this Keras notes another precision as an operation, which is no layer")
    check_saved_and_read(model, tmp_path, test_images[:20])


def test_a_network_that_was_read_moves_images_only_in_a_training(tmp_path):
    moved = keras.Sequential([layers.RandomTranslation(0.5, 0.5)])
    functional(moved, layers.RandomZoom(0.5), layers.Flatten()).save(tmp_path / "network.keras")
    found = archive.read_model(tmp_path / "network.keras")
    images = np.random.default_rng(0).random((8, 28, 28, 1), "float32")
    still, trained = (ops.convert_to_numpy(found(images, training=t)) for t in (None, True))
    np.testing.assert_array_equal(found(images), still)
    assert np.abs(trained - still).max() > 1e-4


def test_every_kind_and_every_activation_of_the_list_is_read_in_a_test():
    built = [layer for name in zoo.ZOO for layer in zoo.build(name)._flatten_layers()]
    names = {getattr(getattr(layer, "activation", None), "__name__", "") for layer in built}
    assert {type(layer).__name__ for layer in built} >= KINDS.keys()
    assert names >= {*ACTIVATIONS}


def test_each_substitute_is_on_the_list():
    for name, layer in INSTEAD.items():
        kinds = re.findall(r"[A-Z]\w+", layer)
        assert kinds and KINDS.keys() >= {*kinds}, name
