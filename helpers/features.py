"""Feature maps and scores: what the layers of a network put out for an image."""

import numpy as np

from helpers.backend import keras


def convolutions(model: keras.Model) -> list[keras.layers.Layer]:
    """Return the `Conv2D` layers of a model in their order."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def layer_outputs(model: keras.Model, image: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return of each layer of a functional model its kind and what it puts out for one image.

    The image has the shape that the model takes, and so has no axis for images; nor have the
    outputs, which are float32.
    """
    outputs = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(image[None])
    pairs = zip(model.layers, outputs, strict=True)
    return [(type(layer).__name__, values.numpy()[0]) for layer, values in pairs]


def before_softmax(model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs of the last layer, `Dense` with softmax, and its scores (logits).

    For prepared images, float32 of shape (n, 28, 28, 1), these are float32 of shape (n, features)
    and (n, classes). Softmax of the scores gives the model's probabilities.
    """
    last = model.layers[-1]
    inputs = keras.Model(model.inputs[0], last.input).predict(images, batch_size=500, verbose=0)
    return inputs, inputs @ last.kernel.numpy() + last.bias.numpy()


def move_maps(maps: np.ndarray, down: int, right: int) -> np.ndarray:
    """Return feature maps that stand so many places further down and right, or up and left.

    Maps have the shape (n, height, width, channels), and so has the result. What leaves a map is
    lost, and zeros stand where nothing comes from.
    """
    height, width = maps.shape[1:3]
    padding = (0, 0), (abs(down), abs(down)), (abs(right), abs(right)), (0, 0)
    top, left = abs(down) - down, abs(right) - right
    return np.pad(maps, padding)[:, top : top + height, left : left + width]
