"""The network of notebook 2, and how a trained one comes back from its file."""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np

from helpers import expect
from helpers.backend import keras, tf
from helpers.files import DATA, artifacts
from helpers.language import _

layers = keras.layers

SHIPPED_MODEL = DATA / "mnist_cnn.keras"
HELD_OUT_MODEL = DATA / "mnist_cnn_50000.keras"  # for extras/how_sure
MODEL_NAME = "mnist_cnn.keras"

# What a file consists of, and how many bytes a network of the lesson needs at the very most.
MEMBERS = {"metadata.json": 10_000, "config.json": 1_000_000, "model.weights.h5": 500_000_000}

# What a network may be built from. Keras imports and calls whatever module and class a file names:
# in 3.7 any function of Python (CVE-2025-1550), later its own that download or read other files
# (CVE-2025-9906, CVE-2025-12058, CVE-2026-1462). A name without a module, as "relu" for an
# activation, is safe: Keras looks for it in a short list of its own.
PARTS = {
    "keras.layers": {
        "InputLayer", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense", "Flatten", "Reshape",
        "MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D",
        "ZeroPadding2D", "Cropping2D", "UpSampling2D", "Dropout", "SpatialDropout2D",
        "GaussianNoise", "BatchNormalization", "LayerNormalization", "GroupNormalization",
        "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "Rescaling", "Identity",
        "RandomTranslation", "RandomRotation", "RandomZoom", "Add", "Average", "Concatenate",
    },
    "keras.initializers": {
        "Zeros", "Ones", "Constant", "GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal",
        "LecunUniform", "LecunNormal", "RandomUniform", "RandomNormal", "TruncatedNormal",
    },
    "keras.regularizers": {"L1", "L2", "L1L2"},
    "keras.constraints": {"MaxNorm", "NonNeg", "UnitNorm"},
    "keras": {"Sequential", "DTypePolicy"},
    "keras.src.models.functional": {"Functional"},
    "keras.src.ops.core": {"Cast"},  # in mixed precision, up to Keras 3.9
    None: {"__keras_tensor__"},  # how Keras notes which layer follows which
}  # fmt: skip


class ModelFileError(OSError):
    """A model file is missing or can't be used; the message says what to do."""


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
    """Load a model from a `.keras` file, check that it takes digits to ten classes, compile it.

    The file is not trusted, and never changed. Keras gets to see numbers and what `PARTS` lists,
    and nothing that might run code or read other files, even where its safe mode is off.

    Raises:
        ModelFileError: the file is missing, damaged, holds a network for another task or more
            than such a network, or was saved by a newer Keras in a way that this one can't read.
    """
    path = Path(path)
    if not path.is_file():
        problem = _("{path} is missing. Run notebook 3 to train a model and save it.", path=path)
        raise ModelFileError(problem)
    newer = ""
    remedy = _("Delete or rename the file, then run notebook 3 to train a model and save it.")
    if path in (SHIPPED_MODEL, HELD_OUT_MODEL):
        remedy = _("To get it back, run `git checkout -- helpers/data/{name}`.", name=path.name)
    try:
        metadata, config, weights = _unpack(path)
        newer = _newer(json.loads(metadata)["keras_version"])
        config = json.loads(config)
        foreign = next(_foreign_parts(config), None) or _foreign_weights(weights)
        model = None if foreign else _rebuild(config, weights)
    except Exception as error:  # Keras raises many kinds, for many kinds of damage
        cause = (str(error).strip().splitlines() or [""])[-1][:300]  # Keras lists all its layers
        if isinstance(error, OSError) and error.errno:  # the system's: the file may be good
            remedy = _("Is the disk full, or may you not read the file? Then run this again.")
        problem = _(
            "{path} can't be read as a Keras model ({cause}{newer}). {remedy}",
            path=path,
            cause=f"{type(error).__name__}: {cause}",
            newer=newer,
            remedy=remedy,
        )
        raise ModelFileError(problem) from error
    if foreign:
        problem = _(
            "{path} holds {foreign}, so it is not loaded{newer}. {remedy}",
            path=path,
            foreign=foreign,
            newer=newer,
            remedy=remedy,
        )
        raise ModelFileError(problem)
    if (ends := (model.input_shape, model.output_shape)) != ((None, 28, 28, 1), (None, 10)):
        problem = _(
            "{path} holds a network from {shapes}, expected {expected}. {remedy}",
            path=path,
            shapes=expect.format_range(*ends),
            expected=expect.format_range((None, 28, 28, 1), (None, 10)),
            remedy=remedy,
        )
        raise ModelFileError(problem)
    compile_model(model)
    return model


def trained_model() -> tuple[keras.Model, str]:
    """Load the model that you trained in notebook 3, else the shipped one, and say which it is.

    Raises:
        ModelFileError: the file is damaged. Your own file is then neither passed over nor changed.
    """
    own = artifacts() / MODEL_NAME
    if own.exists():
        return load_model(own), _("the model that you trained in notebook 3")
    return load_model(SHIPPED_MODEL), _("the model that comes with the lesson")


def single_image_predictor(model: Callable) -> Callable[[np.ndarray], np.ndarray]:
    """Return the fastest way to ask a model about one image after the other.

    It takes float32 images of shape (1, 28, 28, 1), 0 to 1, to probabilities of shape (1, 10), by
    `model(images, training=False)`. A Keras model is compiled into a graph, here and now, so that
    the first answer is as fast as all others; `make bench` compares the ways. The weights stay the
    model's own: train it further and the answers follow.
    """

    def ask(images):
        return model(images, training=False)

    if isinstance(model, keras.Model):
        ask = tf.function(ask)
        ask(np.zeros((1, 28, 28, 1), np.float32))
    return lambda images: np.asarray(ask(images))


def _unpack(path: Path) -> list[bytes]:
    """Return the members of a file in the order of `MEMBERS`, held to their size and check sum."""
    with zipfile.ZipFile(path) as file:
        sizes = [(member.filename, member.file_size) for member in file.filelist]
        fits = all(size <= MEMBERS.get(name, 0) for name, size in sizes)
        if not fits or len(sizes) != len(MEMBERS):
            wanted = _("it consists of {got}, expected at most {most}", got=sizes[:9], most=MEMBERS)
            raise ValueError(wanted)
        if altered := file.testzip():  # not every version of Keras looks
            raise zipfile.BadZipFile(_("{name} was altered after it was saved", name=altered))
        return [file.read(name) for name in MEMBERS]


def _foreign_parts(config) -> Iterator[str]:
    """Give what a network's description names that is not in `PARTS`; drop what was compiled."""
    if isinstance(config, dict):
        config.pop("compile_config", None)  # load_model compiles anew
        if "class_name" in config:
            module, name = config.get("module"), config["class_name"]
            registered = config.get("registered_name") or name
            if name in ("Lambda", "__lambda__"):
                yield _("a Lambda layer, which is Python code and not only numbers")
            elif name not in PARTS.get(module, ()) or registered != name:
                name = config.get("config") if name == "function" else registered
                name = f"{module}.{name}" if module else name
                yield _(
                    "{name:.100}, which is none of the parts of this lesson's networks", name=name
                )
        config = list(config.values())
    if isinstance(config, list):
        for value in config:
            yield from _foreign_parts(value)


def _foreign_weights(weights: bytes) -> str | None:
    """Name a weight that HDF5 would take from another file, or that claims more than is there."""

    def foreign(name, link):
        item = file[name] if isinstance(link, h5py.HardLink) else None
        if isinstance(item, h5py.Dataset):
            inside = not (item.external or item.is_virtual) and item.nbytes <= len(weights)
        else:
            inside = isinstance(item, h5py.Group)
        if inside:
            return None
        return _("the weight {name}, whose numbers lie outside of the file", name=name)

    with h5py.File(io.BytesIO(weights)) as file:
        return file.visititems_links(foreign)


def _rebuild(config: dict, weights: bytes) -> keras.Model:
    """Let Keras read a copy that holds what was checked, and nothing besides."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / MODEL_NAME
        with zipfile.ZipFile(copy, "w") as file:
            file.writestr("config.json", json.dumps(config))
            file.writestr("model.weights.h5", weights)
        loaded = keras.models.load_model(copy, compile=False, safe_mode=True)
    # Files of older Keras versions come back with a list of one input, and a warning at each
    # call; a model from that input to that output has neither.
    return keras.Model(loaded.inputs[0], loaded.outputs[0])


def _newer(version: str) -> str:
    """Say so if a file's version of Keras is newer than this one."""
    own = keras.__version__
    theirs, ours = (tuple(map(int, re.findall(r"\d+", v)[:3])) for v in (version, own))
    if theirs <= ours:
        return ""
    return _("; saved by Keras {version}, and this is the older {own}", version=version, own=own)
