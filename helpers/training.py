"""What notebook 3 needs while it trains, and what is saved of it."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from IPython.display import display

from helpers import classes
from helpers.backend import keras
from helpers.files import Shown, artifacts, replacing
from helpers.language import _
from helpers.live_curves import LiveCurves
from helpers.model import MODEL_NAME
from helpers.model_file import NAMES
from helpers.network_parts import topology

__all__ = ["LiveCurves", "saving"]


@contextmanager
def saving(model: keras.Model, history: dict[str, list[float]]) -> Iterator[Path]:
    """Give the path at which to save a model; at the end it becomes `mnist_cnn.keras`.

    An earlier model is kept as `mnist_cnn.previous.keras`; `history`, as `History.history`,
    goes into `history.json`. All are in `artifacts()`. A model whose `classes` have other names
    than digits becomes `my_signs.keras`, and takes the names along. Raises ValueError if it is
    no network of this lesson, and WriteError if a file can't be written; earlier files stay.
    """
    try:
        topology(model)
    except ValueError as error:
        problem = _(
            "{problem}. Nothing was saved, and earlier files are as they were. Keras itself keeps "
            'any network: `model.save("my_network.keras")`.',
            problem=error,
        )
        raise ValueError(problem) from error
    names = classes.of(model)
    reads_digits = names == classes.DIGITS
    target = artifacts() / (MODEL_NAME if reads_digits else "my_signs.keras")
    history_name = "history.json" if reads_digits else "my_signs_history.json"
    numbers = {name: [float(value) for value in values] for name, values in history.items()}
    with replacing(target.with_name(history_name)) as history_file:
        history_file.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
        with replacing(target) as model_file:
            yield model_file
            if not reads_digits:
                with zipfile.ZipFile(model_file, "a") as file:
                    file.writestr(NAMES, json.dumps(names))
            # The same model once more, as when a cell runs twice, must not push out an older one.
            if target.exists() and _checksum(target) != _checksum(model_file):
                with replacing(target.with_suffix(".previous.keras")) as copy:
                    shutil.copyfile(target, copy)
    display(Shown(target))


def _checksum(path: Path) -> int | None:
    """Return the checksum of the weights in a model file, or None where it holds none."""
    try:
        with zipfile.ZipFile(path) as file:
            return file.getinfo("model.weights.h5").CRC
    except (KeyError, zipfile.BadZipFile):
        return None
