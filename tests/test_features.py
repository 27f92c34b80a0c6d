"""Feature maps are what a loop in NumPy computes."""

import numpy as np
import pytest

from helpers import features
from helpers.backend import keras
from helpers.model import build_model


@pytest.fixture
def image(test_images):
    return test_images[0]


def test_the_first_maps_against_a_loop(image):
    keras.utils.set_random_seed(2)
    model = build_model()
    maps = features.feature_maps(model, image)
    assert [m.shape for m in maps.values()] == [(26, 26, 32), (11, 11, 64), (3, 3, 128)]
    kernel, bias = model.get_weights()[:2]
    first = next(iter(maps.values()))
    for row in range(26):
        for column in range(26):
            patch = image[row : row + 3, column : column + 3, 0]
            expected = np.maximum((patch[..., None] * kernel[:, :, 0]).sum(axis=(0, 1)) + bias, 0)
            np.testing.assert_allclose(first[row, column], expected, atol=1e-5)


def test_a_model_with_one_convolution(image):
    inputs = keras.Input(shape=(28, 28, 1))
    model = keras.Model(inputs, keras.layers.Conv2D(3, 5, name="only")(inputs))
    assert features.feature_maps(model, image)["only"].shape == (24, 24, 3)


def test_bad_input_is_named(image):
    with pytest.raises(ValueError, match=r"image: got .* of shape \(28, 28\)"):
        features.feature_maps(build_model(), image[..., 0])
    inputs = keras.Input(shape=(28, 28, 1))
    flat = keras.Model(inputs, keras.layers.Flatten()(inputs))
    with pytest.raises(ValueError, match="no Conv2D"):
        features.feature_maps(flat, image)
