"""The network of notebook 2, and how a trained one comes back from its file."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from helpers.backend import keras, tf
from helpers.files import DATA, artifacts

layers = keras.layers

SHIPPED_MODEL = DATA / "mnist_cnn.keras"
HELD_OUT_MODEL = DATA / "mnist_cnn_50000.keras"  # for extras/how_sure
MODEL_NAME = "mnist_cnn.keras"


class ModelFileError(OSError):
    """A model file is missing or can't be used; the message says what to do."""


def build_model() -> keras.Model:
    """Build the untrained network, layer by layer as notebook 2 does in its cell.

    Returns:
        A model from float32 images of shape (n, 28, 28, 1) to probabilities of shape (n, 10),
        with 104,202 parameters.
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
    """Load a model from a `.keras` file, check that it takes digits to ten classes, compile it.

    The file itself is never changed. One with a `Lambda` layer, which is Python code by whoever
    made the file, is refused, even where somebody has switched off Keras's safe mode.

    Raises:
        ModelFileError: the file is missing, damaged, holds a network for another task or a
            `Lambda` layer, or was saved by a newer Keras in a way that this one can't read.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelFileError(f"{path} is missing. Run notebook 3 to train a model and save it.")
    saved_by, has_code = _look_into(path)
    if has_code:
        raise ModelFileError(
            f"{path} holds a Lambda layer, which is Python code and not only numbers, so it is "
            f"not loaded. {_what_to_do(path)}"
        )
    try:
        _check_sums(path)
        loaded = keras.models.load_model(path, compile=False, safe_mode=True)
        # Files of older Keras versions come back with a list of one input, and a warning at each
        # call; a model from that input to that output has neither.
        model = keras.Model(loaded.inputs[0], loaded.outputs[0])
    except Exception as error:  # Keras raises many kinds, for many kinds of damage
        cause = (str(error).strip().splitlines() or [""])[-1][:300]  # Keras lists all its layers
        if _numbers(saved_by) > _numbers(keras.__version__):
            cause += f"; saved by Keras {saved_by}, and this is the older {keras.__version__}"
        raise ModelFileError(
            f"{path} can't be read as a Keras model ({type(error).__name__}: {cause}). "
            f"{_what_to_do(path)}"
        ) from error
    if model.input_shape != (None, 28, 28, 1) or model.output_shape != (None, 10):
        raise ModelFileError(
            f"{path} holds a network from {model.input_shape} to {model.output_shape}, expected "
            f"(None, 28, 28, 1) to (None, 10). {_what_to_do(path)}"
        )
    compile_model(model)
    return model


def trained_model() -> tuple[keras.Model, str]:
    """Load the model that you trained in notebook 3 or, where there is none yet, the shipped one.

    Returns:
        The model, and a phrase that says which of the two it is.

    Raises:
        ModelFileError: the file is damaged. Your own file is then neither passed over nor changed.
    """
    own = artifacts() / MODEL_NAME
    if own.exists():
        return load_model(own), "the model that you trained in notebook 3"
    return load_model(SHIPPED_MODEL), "the model that comes with the lesson"


def single_image_predictor(model: Callable) -> Callable[[np.ndarray], np.ndarray]:
    """Return the fastest way to ask a model about one image after the other.

    A Keras model is compiled into a graph, here and now, so that the first answer is as fast as
    all others; `make bench` compares the ways. The weights stay the model's own: train it further
    and the answers follow.

    Args:
        model: called as `model(images, training=False)`; only a Keras model is compiled.

    Returns:
        A function from float32 images of shape (1, 28, 28, 1), 0 to 1, to probabilities (1, 10).
    """

    def ask(images):
        return model(images, training=False)

    if isinstance(model, keras.Model):
        ask = tf.function(ask)
        ask(np.zeros((1, 28, 28, 1), np.float32))
    return lambda images: np.asarray(ask(images))


def _look_into(path: Path) -> tuple[str, bool]:
    """Return the version of Keras that saved a file, and whether it has a layer of Python code."""
    try:
        with zipfile.ZipFile(path) as file:
            version = json.loads(file.read("metadata.json"))["keras_version"]
            config = json.dumps(json.loads(file.read("config.json")))
    except Exception:  # damaged: load_model will say so
        return "", False
    return str(version), '"class_name": "Lambda"' in config


def _check_sums(path: Path) -> None:
    """Hold each part of a file to its check sum: not every version of Keras does so itself."""
    with zipfile.ZipFile(path) as file:
        if altered := file.testzip():
            raise zipfile.BadZipFile(f"{altered} was altered after it was saved")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _what_to_do(path: Path) -> str:
    if path in (SHIPPED_MODEL, HELD_OUT_MODEL):
        return f"To get it back, run `git checkout -- helpers/{path.name}`."
    return "Delete or rename the file, then run notebook 3 to train a model and save it."
