"""Feature maps are what a loop in NumPy computes, and scores what softmax starts from."""

import numpy as np
import pytest

from helpers import features
from helpers.backend import keras
from helpers.how_sure.calibration import temper
from helpers.model import HELD_OUT_MODEL, SHIPPED_MODEL, build_model, load_model


@pytest.fixture(scope="module")
def image(test_images):
    return test_images[0]


@pytest.fixture
def flat():
    """A model without a convolution, which ends in no Dense layer either."""
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, keras.layers.Flatten()(inputs))


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


def test_bad_input_is_named(image, flat):
    with pytest.raises(ValueError, match=r"image: got .* of shape \(28, 28\)"):
        features.feature_maps(build_model(), image[..., 0])
    with pytest.raises(ValueError, match="model: it has no Conv2D"):
        features.feature_maps(flat, image)
    with pytest.raises(ValueError, match="model: it ends in flatten"):
        features.before_softmax(flat, image[None])


@pytest.mark.parametrize("path", [SHIPPED_MODEL, HELD_OUT_MODEL])
def test_softmax_of_the_scores_is_what_the_model_says(path, test_images, recwarn):
    model = load_model(path)
    inputs, scores = features.before_softmax(model, test_images[:300])
    assert inputs.shape == (300, 1152)
    said = model(test_images[:300]).numpy()
    np.testing.assert_allclose(temper(scores, 1), said, atol=1e-5)
    assert not [str(warning.message) for warning in recwarn if "keras" in warning.filename]


def test_the_held_out_model_is_the_lessons_network():
    expected = [weights.shape for weights in build_model().get_weights()]
    assert [weights.shape for weights in load_model(HELD_OUT_MODEL).get_weights()] == expected
    assert HELD_OUT_MODEL.stat().st_size < 1_000_000
