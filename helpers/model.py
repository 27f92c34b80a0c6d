"""The network of notebook 2, and how a trained one comes back from its file."""

from datetime import datetime
from pathlib import Path

from helpers import classes
from helpers.backend import keras
from helpers.files import DATA, artifacts
from helpers.language import _
from helpers.model_file import read_model
from helpers.network_parts import topology

layers = keras.layers

SHIPPED_MODEL = DATA / "mnist_cnn.keras"
MOVED_MODEL = DATA / "mnist_cnn_moved.keras"  # trained on images moved at random
MODEL_NAME = "mnist_cnn.keras"


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


def load_model(path: Path | str) -> keras.Model:
    """Load a network of this lesson from a `.keras` file, which is not trusted, and compile it.

    Raises OSError if it is missing, damaged, or holds anything else; see model_file.py.
    """
    model = read_model(path)
    compile_model(model)
    return model


def trained_model(lessons_layers: bool = False) -> tuple[keras.Model, str]:
    """Load the model that you saved in notebook 3, else the shipped one, and say which it is.

    It says of yours when it was saved, in local time, and which layers it has. A model of yours
    that doesn't read digits is left aside, and with `lessons_layers` one with other layers than
    notebook 2's. Raises OSError if the file is damaged: it is neither passed over nor changed.
    """
    own = artifacts() / MODEL_NAME
    if not own.exists():
        return load_model(SHIPPED_MODEL), _("the model that comes with the lesson")
    model = load_model(own)
    if classes.of(model) != classes.DIGITS:
        origin = _("the model that comes with the lesson, for yours reads no digits")
        return load_model(SHIPPED_MODEL), origin
    if lessons_layers and layer_shapes(model) != layer_shapes(build_model()):
        origin = _("the model that comes with the lesson, for yours has other layers")
        return load_model(SHIPPED_MODEL), origin
    date = datetime.fromtimestamp(own.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    kinds = [type(layer).__name__ for layer, *_shapes in topology(model)]
    values = {"date": date, "layers": ", ".join(kinds)}
    return model, _("the model that you saved on {date}, with the layers {layers}", **values)


def layer_shapes(model: keras.Model) -> list[tuple]:
    """Return the kind of each layer of a network and the shape of what it gives."""
    return [(type(layer), output_shape) for layer, _input, output_shape in topology(model)]
