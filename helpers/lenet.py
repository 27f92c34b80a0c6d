"""LeNet-5, which notebook 2 builds in an exercise, and which better sets beside our network."""

from helpers.common.backend import keras

layers = keras.layers


def build_lenet5() -> keras.Model:
    """Build LeNet-5 of 1998 as it is written today, untrained, with 61,706 parameters.

    It takes float32 images of shape (n, 28, 28, 1) to probabilities of shape (n, 10). Three things
    are simpler than in the paper. The poolings have no parameters of their own, each filter of the
    second convolution looks at all six maps, and the last layer is a dense one with softmax.
    """
    inputs = keras.Input(shape=(28, 28, 1))
    x = layers.Conv2D(6, kernel_size=5, padding="same", activation="tanh")(inputs)
    x = layers.AveragePooling2D(pool_size=2)(x)
    x = layers.Conv2D(16, kernel_size=5, activation="tanh")(x)
    x = layers.AveragePooling2D(pool_size=2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(120, activation="tanh")(x)
    x = layers.Dense(84, activation="tanh")(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs=inputs, outputs=outputs)
