import numpy as np
import pytest

from helpers.backend import keras
from helpers.features import feature_maps
from helpers.see_inside.attention import grad_cam, occlusion

layers = keras.layers


def test_occlusion_agrees_with_covering_by_hand(shipped_model):
    image = np.random.default_rng(0).random((28, 28, 1), dtype="float32")  # ink at all edges
    before = shipped_model(image[None]).numpy()[0]
    found = occlusion(shipped_model, image, digit := before.argmax())
    for place in [(0, 0), (7, 10), (14, 27), (27, 13)]:
        distance = np.abs(np.indices((28, 28)) - np.reshape(place, (2, 1, 1))).max(axis=0)
        hidden = np.where(distance[..., None] > 2, image, 0)
        fall = (before - shipped_model(hidden[None]).numpy()[0])[digit]
        assert found[place] == pytest.approx(fall, abs=1e-5)


def test_grad_cam_agrees_with_the_product_of_the_kernels_between():
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
