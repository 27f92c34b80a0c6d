"""What depends on which pixels, and where a channel answers most."""

import numpy as np
import pytest

from helpers.backend import keras
from helpers.see_inside.places import exciting_patches, occlusion


def test_occlusion_agrees_with_covering_by_hand(shipped_model):
    image = np.random.default_rng(0).random((28, 28, 1), dtype="float32")  # ink at all edges
    before = shipped_model(image[None]).numpy()[0]
    found = occlusion(shipped_model, image, digit := before.argmax())
    for place in [(0, 0), (7, 10), (14, 27), (27, 13)]:
        distance = np.abs(np.indices((28, 28)) - np.reshape(place, (2, 1, 1))).max(axis=0)
        hidden = np.where(distance[..., None] > 2, image, 0)
        fall = (before - shipped_model(hidden[None]).numpy()[0])[digit]
        assert found[place] == pytest.approx(fall, abs=1e-5)


def test_exciting_patches_agree_with_a_loop():
    images = np.random.default_rng(0).random((7, 9, 9, 1)).astype("float32")
    convolution = keras.layers.Conv2D(3, 2, activation="relu", name="one")
    model = keras.Sequential([keras.Input((9, 9, 1)), convolution])
    for channel in (2, 0):
        best, rows, columns = exciting_patches(model, images, "one", channel, 4)
        maps = model(images).numpy()[..., channel]
        strongest = sorted(range(7), key=lambda number: -maps[number].max())[:4]
        assert best.tolist() == strongest
        for column, number in enumerate(strongest):
            place = rows[column], columns[column]
            assert maps[number][place] == maps[number].max()
