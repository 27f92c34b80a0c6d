import json

import numpy as np
import pytest

from helpers.backend import keras
from helpers.web.viewer import NetworkViewer

DIGIT = np.zeros((28, 28), np.uint8)


def test_it_holds_the_weights_and_the_image_and_says_what_it_is(shipped_model):
    viewer = NetworkViewer(shipped_model, DIGIT)
    assert viewer.image == bytes(784) and len(viewer.network["layers"]) == 7
    assert len(json.dumps(viewer.network)) < 600_000
    assert "run this cell" in repr(viewer)


def test_bad_arguments_are_named(shipped_model):
    with pytest.raises(ValueError, match=r"^image: "):
        NetworkViewer(shipped_model, DIGIT / 255)
    odd = keras.layers.GaussianNoise(0.5, name="odd")(shipped_model.outputs[0])
    with pytest.raises(ValueError, match=r"^model, layer odd: "):
        NetworkViewer(keras.Model(shipped_model.inputs, odd), DIGIT)
