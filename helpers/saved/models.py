"""The models in files: those that come with the lesson, and the learner's own."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from IPython.display import display

from helpers.common import classes
from helpers.common.backend import keras
from helpers.common.files import DATA, Link, artifacts, atomic_write
from helpers.common.language import _
from helpers.model import build_model, compile_model
from helpers.saved.archive import CLASS_NAMES, read_model
from helpers.saved.pixel_scale import note_on_division
from helpers.saved.topology import topology

SHIPPED_MODEL = DATA / "mnist_cnn.keras"
HELD_OUT_MODEL = DATA / "mnist_cnn_50000.keras"  # trained on the first 50,000 images alone
MOVED_MODEL = DATA / "mnist_cnn_moved.keras"  # trained on images moved at random
MODEL_NAME = "mnist_cnn.keras"
SIGNS_MODEL_NAME = "my_signs.keras"  # of a network whose classes are no digits


def load_model(path: Path | str) -> keras.Model:
    """Load a network from a `.keras` file, which is not trusted, and compile it.

    Raises OSError if it is missing, damaged, or holds anything else; see archive.py.
    """
    model = read_model(path)
    compile_model(model)
    return model


def trained_model(lessons_layers: bool = False) -> tuple[keras.Model, str]:
    """Load the model that you saved in notebook 3, else the shipped one, and say which it is.

    The text says when yours was saved, in local time, which layers it has, and whether it divides
    its pixels itself. The shipped model is loaded if yours doesn't read digits. With
    `lessons_layers`, it is also loaded if yours has other layers than the network of notebook 2.
    Raises OSError if the file is damaged: it is neither passed over nor changed.
    """
    path = artifacts() / MODEL_NAME
    if not path.exists():
        return load_model(SHIPPED_MODEL), _("the model that comes with the lesson")
    model = load_model(path)
    if classes.names_of_model(model) != classes.DIGITS:
        origin = _("the model that comes with the lesson, for yours reads no digits")
        return load_model(SHIPPED_MODEL), origin
    if lessons_layers and layer_shapes(model) != layer_shapes(build_model()):
        origin = _("the model that comes with the lesson, for yours has other layers")
        return load_model(SHIPPED_MODEL), origin
    date = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    kinds = [type(call.layer).__name__ for call in topology(model)]
    origin = _(
        "the model that you saved on {date}, with the layers {layers}",
        date=date,
        layers=", ".join(kinds),
    )
    note = note_on_division(model).rstrip(".。")  # the origin has no full stop either
    if note:
        origin = _("{origin}. {note}", origin=origin, note=note)
    return model, origin


@contextmanager
def path_to_save(model: keras.Model) -> Iterator[Path]:
    """Give the path at which to save a model; at the end it becomes `mnist_cnn.keras`.

    An earlier model is kept as `mnist_cnn.previous.keras`; both are in `artifacts()`. A model
    whose `classes` have other names than digits becomes `my_signs.keras`, and takes the names
    along; where nobody gave it names, a sentence says so. Raises ValueError if `read_model` could
    not read it again, or if the block has not saved it at this path, and WriteError if a file
    can't be written; earlier files stay.
    """
    _check_that_it_can_be_saved(model)
    names = classes.names_of_model(model)
    reads_digits = names == classes.DIGITS
    target = artifacts() / (MODEL_NAME if reads_digits else SIGNS_MODEL_NAME)
    with atomic_write(target) as model_file:
        yield model_file
        if not model_file.exists():
            problem = _(
                "Nothing was saved to {name}, and an earlier file is as it was. Write "
                "`model.save(path)` under the line with `path_to_save`.",
                name=target.name,
            )
            raise ValueError(problem)
        if not reads_digits:
            with zipfile.ZipFile(model_file, "a") as file:
                file.writestr(CLASS_NAMES, json.dumps(names))
        _keep_earlier(target, model_file)
    display(Link(target))
    if not reads_digits and getattr(model, "classes", None) is None:
        text = _(
            "This network tells {n} classes apart instead of the ten digits. {next_model}",
            n=len(names),
            next_model=_next_model(),
        )
        print(text)
    note = note_on_division(model)
    if note:
        print(note)


def _check_that_it_can_be_saved(model: keras.Model) -> None:
    """Raise ValueError, which says why and what to do, if `topology` refuses a model."""
    try:
        topology(model)
    except ValueError as error:
        problem = _(
            "{problem}. Nothing was saved. Earlier files are as they were. {next_model} "
            'Keras itself keeps any network: `model.save("my_network.keras")`.',
            problem=error,
            next_model=_next_model(),
        )
        raise ValueError(problem) from None  # one traceback is long enough


def _keep_earlier(target: Path, model_file: Path) -> None:
    """Copy the model at `target`, which `model_file` will replace, to a file of its own.

    The same model once more, as when a cell runs twice, must not push out an older one.
    """
    if target.exists() and _weights_checksum(target) != _weights_checksum(model_file):
        with atomic_write(target.with_suffix(".previous.keras")) as copy:
            shutil.copyfile(target, copy)


def _next_model() -> str:
    """Say which model notebook 4 will use."""
    try:
        _model, origin = trained_model()
    except OSError as error:  # the file is damaged, and its message says what to do
        return str(error)
    return _("Notebook 4 will use {origin}.", origin=origin)


def _weights_checksum(path: Path) -> int | None:
    """Return the checksum of the weights in a model file, or None where it holds none."""
    with suppress(KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as file:
        return file.getinfo("model.weights.h5").CRC


def layer_shapes(model: keras.Model) -> list[tuple]:
    """Return the kind of each layer of a network, its sources, and the shape of its output.

    The last item is False for a layer that stands within a network in the network.
    """
    return [
        (type(call.layer), call.sources, call.output_shape, call.layer in model.layers)
        for call in topology(model)
    ]
