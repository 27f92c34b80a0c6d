import numpy as np

from helpers.backend import keras
from helpers.see_inside.patches import exciting_patches

layers = keras.layers


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
