"""Which network a notebook gets."""

import numpy as np

from helpers import files, model


def test_a_model_of_ones_own_comes_first(shipped_model, tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    found, which = model.trained_model()
    assert "comes with the lesson" in which
    np.testing.assert_array_equal(found.get_weights()[0], shipped_model.get_weights()[0])
    own = model.build_model()
    own.save(files.artifacts() / model.MODEL_NAME)
    found, which = model.trained_model()
    assert "you trained" in which
    np.testing.assert_array_equal(found.get_weights()[0], own.get_weights()[0])
