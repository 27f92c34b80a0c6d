import numpy as np
import pytest

from helpers.backend import keras
from helpers.features import convolutions, feature_maps
from helpers.see_inside.attention import grad_cam, occlusion

layers = keras.layers


@pytest.fixture
def image(test_images):
    return test_images[0]


@pytest.mark.parametrize("size", [1, 3, 5])
def test_occlusion_agrees_with_covering_by_hand(shipped_model, size):
    image = np.random.default_rng(0).random((28, 28, 1), dtype="float32")  # ink at all edges
    before = shipped_model(image[None]).numpy()[0]
    found = occlusion(shipped_model, image, digit := before.argmax(), size)
    for place in [(0, 0), (7, 10), (8, 18), (14, 27), (27, 13)]:
        distance = np.abs(np.indices((28, 28)) - np.reshape(place, (2, 1, 1))).max(axis=0)
        hidden = np.where(distance[..., None] > size // 2, image, 0)
        fall = (before - shipped_model(hidden[None]).numpy()[0])[digit]
        assert found[place] == pytest.approx(fall, abs=1e-5)


def test_after_the_last_convolution_the_gradient_is_the_last_layers_kernel(shipped_model, image):
    name = convolutions(shipped_model)[-1].name
    maps = feature_maps(shipped_model, image)[name]
    kernel = shipped_model.layers[-1].kernel.numpy().reshape(*maps.shape, 10)
    for digit in range(10):
        expected = np.maximum(maps @ kernel[..., digit].mean(axis=(0, 1)), 0)
        found = grad_cam(shipped_model, image, digit, name)
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_before_it_the_gradient_goes_through_the_layers_between():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((5, 5, 1))
    x = layers.Conv2D(3, 2, name="early")(inputs)
    x = layers.Conv2D(1, 1, name="late")(x)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(layers.Flatten()(x)))
    image = np.random.default_rng(0).normal(size=(5, 5, 1)).astype("float32")
    late, last = model.get_layer("late").kernel.numpy(), model.layers[-1].kernel.numpy()
    maps = feature_maps(model, image)["early"]
    for digit in (0, 1):
        expected = np.maximum(maps @ late[0, 0, :, 0] * last[:, digit].mean(), 0)
        np.testing.assert_allclose(grad_cam(model, image, digit, "early"), expected, atol=1e-5)
