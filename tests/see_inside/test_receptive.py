import numpy as np
import pytest

from helpers.backend import keras
from helpers.model import build_model
from helpers.see_inside.receptive import exciting_patches, receptive_field

layers = keras.layers


def test_the_field_is_where_a_change_of_a_pixel_arrives():
    # All weights are positive, so that no change is lost in ReLU or in the maximum.
    model = build_model()
    model.set_weights([np.abs(weights) + 0.01 for weights in model.get_weights()])
    part = keras.Model(model.inputs[0], model.layers[5].output)
    changed = 10 * np.eye(784, dtype="float32").reshape(784, 28, 28, 1)
    numbers = part.predict(changed, batch_size=784, verbose=0)[..., 0]
    blank = part(np.zeros((1, 28, 28, 1), dtype="float32")).numpy()[..., 0]
    size, step = receptive_field(model, model.layers[5].name)
    for row, column in [(0, 0), (1, 2), (2, 2)]:
        expected = np.zeros((28, 28), dtype=bool)
        expected[row * step :, column * step :][:size, :size] = True
        seen = np.abs(numbers - blank)[:, row, column].reshape(28, 28) > 1e-5
        np.testing.assert_array_equal(seen, expected)


def test_a_layer_it_does_not_know_is_named():
    padded = layers.Conv2D(1, 3, padding="same", name="odd")
    with pytest.raises(ValueError, match="model: odd"):
        receptive_field(keras.Sequential([keras.Input((28, 28, 1)), padded]), "odd")


def test_exciting_patches_agree_with_a_loop():
    images = np.random.default_rng(0).random((7, 9, 9, 1)).astype("float32")
    convolution = layers.Conv2D(3, 2, activation="relu", name="one")
    model = keras.Sequential([keras.Input((9, 9, 1)), convolution])
    found = exciting_patches(model, images, "one", [2, 0], 4)
    for row, channel in enumerate([2, 0]):
        maps = model(images).numpy()[..., channel]
        strongest = sorted(range(7), key=lambda number: -maps[number].max())[:4]
        assert found.images[row].tolist() == strongest
        for column, number in enumerate(strongest):
            place = found.rows[row, column], found.columns[row, column]
            assert maps[number][place] == maps[number].max()
