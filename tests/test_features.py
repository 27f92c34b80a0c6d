"""Feature maps and scores are what loops in NumPy compute from the weights of the shipped model."""

import numpy as np
import pytest

from helpers import features


def test_the_whole_network_by_hand(shipped_model, test_images):
    maps = iter(features.feature_maps(shipped_model, test_images[0]).values())
    inputs, scores = features.before_softmax(shipped_model, test_images[:1])
    x = test_images[0].astype("float64")
    weights = [np.asarray(w, "float64") for w in shipped_model.get_weights()]
    for number, (kernel, bias) in enumerate(zip(weights[:6:2], weights[1:6:2], strict=True)):
        height, width = x.shape[0] - 2, x.shape[1] - 2
        y = np.zeros((height, width, len(bias)))
        for row, column in np.ndindex(height, width):
            y[row, column] = np.tensordot(x[row : row + 3, column : column + 3], kernel, 3)
        x = np.maximum(y + bias, 0)
        np.testing.assert_allclose(next(maps), x, atol=1e-4)
        if number < 2:
            half = x[: height // 2 * 2, : width // 2 * 2]
            x = half.reshape(height // 2, 2, width // 2, 2, -1).max(axis=(1, 3))
    np.testing.assert_allclose(inputs[0], x.ravel(), atol=1e-4)
    np.testing.assert_allclose(scores[0], x.ravel() @ weights[6] + weights[7], atol=1e-4)


def test_another_image_or_network_is_refused_by_name(shipped_model, test_images):
    with pytest.raises(ValueError, match=r"image: got float32 of shape \(28, 28\), expected"):
        features.feature_maps(shipped_model, test_images[0, ..., 0])
    headless = type(shipped_model)(shipped_model.inputs, shipped_model.layers[1].output)
    with pytest.raises(ValueError, match="model: it ends in conv"):
        features.before_softmax(headless, test_images[:1])
