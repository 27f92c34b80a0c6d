"""Networks with strides, dilation, paddings, and with layers that take their input from several."""

import numpy as np

from helpers.common.backend import keras

layers = keras.layers


def windows():
    """Return a network with windows of all kinds of strides, dilations and paddings."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(2.5, offset=-1),
            layers.Conv2D(4, (3, 2), strides=(2, 3), padding="same", activation="tanh"),
            layers.Conv2D(3, (2, 3), dilation_rate=(3, 2), activation="sigmoid"),
            layers.MaxPooling2D((3, 2), strides=2, padding="same"),
            layers.DepthwiseConv2D((2, 3), depth_multiplier=2, padding="same", activation="relu"),
            layers.LayerNormalization(),
            layers.Dense(5, activation="gelu"),
            layers.AveragePooling2D((3, 2), strides=1, padding="same"),
            layers.Flatten(),
            layers.LayerNormalization(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def branches():
    """Return a network in which layers take their input from several layers."""
    image = keras.Input((28, 28, 1))
    first = layers.Conv2D(3, 3, strides=3, activation="relu", padding="same")(image)
    second = layers.Conv2D(3, 3, padding="same")(first)
    added = layers.Add()([first, second])
    maps = layers.Concatenate()([first, added, second])
    weights = layers.Dense(12, activation="sigmoid")(layers.GlobalAveragePooling2D()(maps))
    row = layers.Flatten()(layers.MaxPooling2D(2)(layers.Reshape((10, 9, 10))(maps)))
    row = layers.Concatenate()([row, weights])
    return keras.Model(image, layers.Dense(10, activation="softmax")(row))


def build(make_network):
    """Build a network whose biases and other small arrays are random, as after a training."""
    keras.utils.set_random_seed(1)
    model, rng = make_network(), np.random.default_rng(2)
    for weight in model.weights:
        if len(weight.shape) == 1:
            weight.assign(weight + rng.uniform(-0.4, 0.4, weight.shape))
    return model
