"""Feature maps and scores: what the layers of a network put out for an image."""

import numpy as np

from helpers.common.backend import keras


def convolutions(model: keras.Model) -> list[keras.layers.Layer]:
    """Return the `Conv2D` layers of a model in their order."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def layer_outputs(model: keras.Model, image: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return the kind and the output of each layer of a functional model, for one image.

    The image is prepared, float32 of shape (28, 28, 1). The outputs are float32 as well. They have
    the shape (height, width, channels) or (n,), without an axis for several images.
    """
    outputs = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(image[None])
    pairs = zip(model.layers, outputs, strict=True)
    return [(type(layer).__name__, values.numpy()[0]) for layer, values in pairs]


def inputs_and_logits(model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs of the last layer, `Dense` with softmax, and its scores (logits).

    For prepared images, float32 of shape (n, 28, 28, 1), these are float32 of shape (n, features)
    and (n, classes). Softmax of the scores gives the model's probabilities.
    """
    last = model.layers[-1]
    inputs = keras.Model(model.inputs[0], last.input).predict(images, batch_size=500, verbose=0)
    return inputs, inputs @ last.kernel.numpy() + last.bias.numpy()
