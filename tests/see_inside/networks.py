"""Small networks whose answers are known, for the tests of what looks into a network."""

import numpy as np

from helpers.backend import keras

layers = keras.layers

CORNER = 4  # pixels: the side of the corner in the top left


def corner_network(masked: bool = False) -> keras.Model:
    """Build a network that says 1 if there is ink in the top left corner, else 0, of two classes.

    Args:
        masked: whether the rest of the image is already removed before the convolution, or only
            the last layer passes over it.
    """
    corner = np.zeros((1, 28, 28, 1), dtype="float32")
    corner[:, :CORNER, :CORNER] = 1
    inputs = keras.Input((28, 28, 1))
    x = inputs * corner if masked else inputs
    x = layers.Conv2D(1, 1, activation="relu", name="copy")(x)
    x = layers.Flatten()(x)
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
    weights = np.zeros((28 * 28, 2), dtype="float32")
    weights[:, 1] = 0.5 * corner.ravel()
    model.get_layer("copy").set_weights([np.ones((1, 1, 1, 1)), np.zeros(1)])
    model.layers[-1].set_weights([weights, np.array([4.0, 0.0])])
    return model


def full_image() -> np.ndarray:
    """Return an image with ink everywhere."""
    return np.ones((28, 28, 1), dtype="float32")
