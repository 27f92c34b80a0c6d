import numpy as np
import pytest

from helpers.see_inside.occlusion import occlusion


def test_occlusion_agrees_with_covering_by_hand(shipped_model):
    image = np.random.default_rng(0).random((28, 28, 1), dtype="float32")  # ink at all edges
    before = shipped_model(image[None]).numpy()[0]
    found = occlusion(shipped_model, image, digit := before.argmax())
    for place in [(0, 0), (7, 10), (14, 27), (27, 13)]:
        distance = np.abs(np.indices((28, 28)) - np.reshape(place, (2, 1, 1))).max(axis=0)
        hidden = np.where(distance[..., None] > 2, image, 0)
        fall = (before - shipped_model(hidden[None]).numpy()[0])[digit]
        assert found[place] == pytest.approx(fall, abs=1e-5)
