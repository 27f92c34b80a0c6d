"""Training: the recipe of notebook 3, and what is saved of it."""

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np

from helpers import expect
from helpers.backend import keras
from helpers.files import artifacts, replacing
from helpers.live_curves import LiveCurves
from helpers.model import MODEL_NAME, compile_model

__all__ = ["LiveCurves", "compile_and_fit", "save_run"]


def compile_and_fit(
    model: keras.Model, images: np.ndarray, labels: np.ndarray, epochs: int = 5
) -> keras.callbacks.History:
    """Train a model in place by the recipe of notebook 3.

    Args:
        model: an untrained model, as `build_model()` makes it.
        images: float32, shape (n, 28, 28, 1), 0 to 1.
        labels: integers 0 to 9, shape (n,).
        epochs: how often the network sees every image.

    Returns:
        Keras's History, with loss and accuracy after each epoch.

    Raises:
        ValueError: images or labels are others.
    """
    images = expect.numbers("images", images, ("images", 28, 28, 1), dtype="float32")
    if images.min() < 0 or images.max() > 1:
        got = f"{images.min()} to {images.max()}"
        raise ValueError(f"images: got {got}, expected 0 to 1, as mnist.prepare scales them")
    labels = expect.labels("labels", labels, len(images), 10)
    compile_model(model)
    return model.fit(images, labels, epochs=epochs, batch_size=64, verbose=0)


def save_run(
    model: keras.Model, history: dict[str, list[float]], folder: Path | None = None
) -> Path:
    """Save a trained model and its history; an earlier model is kept as `mnist_cnn.previous.keras`.

    Args:
        model: the trained model.
        history: `History.history`: for each measure one number an epoch.
        folder: where to; `artifacts/` at the project's root if not given.

    Returns:
        The path of the model's file, `mnist_cnn.keras`; `history.json` is beside it.

    Raises:
        WriteError: a file can't be written; the earlier files are then still there.
    """
    folder = artifacts() if folder is None else Path(folder)
    target = folder / MODEL_NAME
    numbers = {name: [float(value) for value in values] for name, values in history.items()}
    with replacing(folder / "history.json") as history_file:
        history_file.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
        with replacing(target) as model_file:
            model.save(model_file)
            # The same model once more, as when a cell runs twice, must not push out an older one.
            if target.exists() and _checksum(target) != _checksum(model_file):
                with replacing(target.with_suffix(".previous.keras")) as copy:
                    shutil.copyfile(target, copy)
    return target


def _checksum(path: Path) -> int | None:
    """Return the checksum of the weights in a model file, or None where it holds none."""
    try:
        with zipfile.ZipFile(path) as file:
            return file.getinfo("model.weights.h5").CRC
    except (KeyError, zipfile.BadZipFile):
        return None
