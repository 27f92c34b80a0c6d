"""The network of notebook 2, and how notebook 3 compiles it."""

from helpers.common.backend import keras

layers = keras.layers


def build_model() -> keras.Model:
    """Build the untrained network, layer by layer as notebook 2 does in its cell.

    It takes float32 images of shape (n, 28, 28, 1) to probabilities of shape (n, 10).
    """
    inputs = keras.Input(shape=(28, 28, 1))
    x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)
    x = layers.MaxPooling2D(pool_size=2)(x)
    x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)
    x = layers.MaxPooling2D(pool_size=2)(x)
    x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs=inputs, outputs=outputs)


def compile_model(model: keras.Model) -> None:
    """Give a model the optimizer, the loss and the metric of notebook 3, in place."""
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
