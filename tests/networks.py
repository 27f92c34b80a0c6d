"""Networks that the exercises lead to, and two with windows of all kinds and with branches."""

import numpy as np

from helpers.common.backend import keras

layers = keras.layers
# The kinds of layers in `NETWORKS` and in the lesson's network.
PARTS = "Conv2D MaxPooling2D AveragePooling2D GlobalMaxPooling2D GlobalAveragePooling2D Flatten "
PARTS += "Dense BatchNormalization Activation ReLU Softmax Dropout "
PARTS += "RandomTranslation RandomRotation RandomZoom"
PARTS = PARTS.split()


def functional(*chain, end="softmax"):
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in [*chain, layers.Dense(10, activation=end, name="last")]:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def sequential(*chain):
    return keras.Sequential([keras.Input((28, 28, 1)), *chain])


NETWORKS = {
    "same, even kernels, not square": lambda: functional(
        layers.Conv2D(3, 4, padding="same", activation="relu"),
        layers.Conv2D(4, (3, 5), padding="same", kernel_initializer="orthogonal"),
        layers.MaxPooling2D((2, 3)),
        *(layers.Conv2D(2, (2, 3)), layers.GlobalMaxPooling2D()),
        layers.Dense(20, activation="relu"),
    ),
    "normalised": lambda: sequential(
        *(layers.RandomTranslation(0.1, 0.1), layers.RandomRotation(0.1), layers.RandomZoom(0.1)),
        *(layers.Conv2D(9, 3, padding="same", activation="relu"), layers.Conv2D(2, 3)),
        *(layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(4)),
        layers.AveragePooling2D(2),
        layers.BatchNormalization(scale=False, center=False),
        *(layers.Flatten(), layers.BatchNormalization(), layers.Dropout(0.5)),
        *(layers.Dense(20, activation="relu"), layers.Dense(10), layers.Activation("softmax")),
    ),
    "means": lambda: functional(
        *(layers.Dropout(0.1), layers.Conv2D(6, 3, activation="relu", use_bias=False)),
        *(layers.Dropout(0.5), layers.AveragePooling2D((3, 2))),
        layers.Conv2D(7, 2, kernel_regularizer="l2", kernel_constraint="max_norm"),
        *(layers.GlobalAveragePooling2D(), layers.Flatten()),
    ),
    "one map, then ten": lambda: functional(
        layers.Conv2D(1, 5, activation="relu"),
        layers.Conv2D(10, 3, kernel_initializer="orthogonal"),
        *(layers.GlobalMaxPooling2D(), layers.Dense(10, activation="relu")),
    ),
    "one layer": lambda: sequential(layers.Flatten(), layers.Dense(10, activation="softmax")),
    "borrowed layers, softmax of its own": lambda: sequential(
        *functional(layers.Conv2D(5, 3), layers.GlobalMaxPooling2D(), end="linear").layers[1:],
        layers.Softmax(),
    ),
}


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
    return move_vectors(make_network(), np.random.default_rng(2), -0.4, 0.4)


def network(name):
    """Build a network with statistics and biases as after a training; variances are above 0."""
    keras.utils.set_random_seed(0)
    return move_vectors(NETWORKS[name](), np.random.default_rng(0), 0.1, 0.5)


def move_vectors(model, rng, low, high):
    """Add random numbers between `low` and `high` to all vectors of weights; return the model."""
    for weight in model.weights:
        if len(weight.shape) == 1:
            weight.assign(weight + rng.uniform(low, high, weight.shape))
    return model
