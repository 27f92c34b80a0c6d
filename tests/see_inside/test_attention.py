"""Both ways to ask are tried on a network that looks at one corner and nothing else."""

import numpy as np
import pytest

from helpers.backend import keras
from helpers.features import convolutions, feature_maps
from helpers.see_inside.attention import grad_cam, occlusion

layers = keras.layers

CORNER = 4  # pixels: the side of the corner in the top left
INK = np.ones((28, 28, 1), dtype="float32")  # everywhere


def corner_network(masked: bool = False) -> keras.Model:
    """Build a network that says 1 if there is ink in the top left corner, else 0, of two classes.

    The rest of the image is removed before the convolution, or the last layer passes over it.
    """
    corner = np.zeros((1, 28, 28, 1), dtype="float32")
    corner[:, :CORNER, :CORNER] = 1
    inputs = keras.Input((28, 28, 1))
    x = inputs * corner if masked else inputs
    x = layers.Conv2D(1, 1, activation="relu", name="copy")(x)
    x = layers.Flatten()(x)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
    weights = np.zeros((28 * 28, 2), dtype="float32")
    weights[:, 1] = 0.5 * corner.ravel()
    model.get_layer("copy").set_weights([np.ones((1, 1, 1, 1)), np.zeros(1)])
    model.layers[-1].set_weights([weights, np.array([4.0, 0.0])])
    return model


@pytest.fixture
def image(test_images):
    return test_images[0]


@pytest.mark.parametrize("size", [1, 3, 5])
def test_occlusion_finds_the_corner_and_nothing_else(size):
    corner = corner_network()
    found = occlusion(corner, INK, 1, size)
    # What makes one class less likely makes the other likelier by as much.
    np.testing.assert_allclose(occlusion(corner, INK, 0, size), -found, atol=1e-6)
    reach = CORNER + size // 2  # a square reaches into the corner from here
    assert (found[:reach, :reach] > 0).all()
    found[:reach, :reach] = 0
    np.testing.assert_allclose(found, 0, atol=1e-6)


def test_occlusion_agrees_with_covering_by_hand(shipped_model, image):
    found = occlusion(shipped_model, image, 7, 5)
    before = shipped_model(image[None]).numpy()[0, 7]
    for row, column in [(0, 0), (7, 10), (14, 27), (27, 13)]:
        rows, columns = np.indices((28, 28))
        far = (abs(rows - row) > 2) | (abs(columns - column) > 2)
        hidden = image * far[..., None].astype("float32")
        fall = before - shipped_model(hidden[None]).numpy()[0, 7]
        assert found[row, column] == pytest.approx(fall, abs=1e-5)


def test_grad_cam_finds_the_corner_if_only_the_corner_reaches_the_maps():
    found = grad_cam(corner_network(masked=True), INK, 1, "copy")
    assert (found[:CORNER, :CORNER] > 0).all()
    found[:CORNER, :CORNER] = 0
    np.testing.assert_array_equal(found, 0)
    # If the last layer alone knows the place, all ink is marked: the gradient is averaged over the
    # map. And nothing speaks for a class without weights.
    corner = corner_network()
    marked = grad_cam(corner, INK, 1, "copy")
    np.testing.assert_allclose(marked, 0.5 * CORNER**2 / 28**2, rtol=1e-5)
    np.testing.assert_array_equal(grad_cam(corner, INK, 0, "copy"), 0)


def test_after_the_last_convolution_the_gradient_is_the_last_layers_kernel(shipped_model, image):
    name = convolutions(shipped_model)[-1].name
    maps = feature_maps(shipped_model, image)[name]
    kernel = shipped_model.layers[-1].kernel.numpy().reshape(*maps.shape, 10)
    for digit in range(10):
        expected = maps @ kernel[..., digit].mean(axis=(0, 1))
        found = grad_cam(shipped_model, image, digit, name)
        np.testing.assert_allclose(found, np.maximum(expected, 0), atol=1e-4)


def test_bad_arguments_are_named(shipped_model, image):
    first = convolutions(shipped_model)[0].name
    for asked, message in [
        (lambda: occlusion(shipped_model, image[..., 0], 7), r"image: .*28, 28"),
        (lambda: occlusion(shipped_model, image, 10), "digit: got 10"),
        (lambda: occlusion(shipped_model, image, 7, 4), "size: got 4"),
        (lambda: grad_cam(shipped_model, image, -1, first), "digit: got -1"),
        (lambda: grad_cam(shipped_model, image, 7, "nothing"), r"layer: .*nothing"),
    ]:
        with pytest.raises(ValueError, match=message):
            asked()
