"""Training: the recipe of notebook 3, curves that grow while it runs, and what is saved."""

import json
import os
import time
from pathlib import Path

import numpy as np
from IPython.display import display

from helpers import plots
from helpers.files import artifacts, replacing
from helpers.model import MODEL_NAME, compile_model
from helpers.startup import keras

HISTORY_NAME = "history.json"
SECONDS_BETWEEN_DRAWINGS = 2.0
DOTS_PER_EPOCH = 20


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
    """
    compile_model(model)
    return model.fit(images, labels, epochs=epochs, batch_size=64, verbose=0)


class LiveCurves(keras.callbacks.Callback):
    """A Keras callback: a progress bar, and curves of loss and accuracy that grow meanwhile.

    It ends as one figure. The dots are Keras's own numbers for an epoch, and with
    `validation_data` those of the held-out images. The pale line is the mean over 1/20 of an
    epoch; where an epoch has fewer steps than that, there is none.

    Args:
        held_out: whether `fit` is given `validation_data`.
    """

    def __init__(self, held_out: bool = False):
        super().__init__()
        self.held_out = held_out

    def on_train_begin(self, logs=None):
        """Show an empty figure, which the later ones replace."""
        self.history = {}
        self.blocks = {"epoch": []}
        self.epoch = 0
        self.steps = self.params.get("steps") or 1
        self.handle = display(self._draw(0), display_id=True)
        self.drawn_at = time.monotonic()

    def on_epoch_begin(self, epoch, logs=None):
        """Start the running sums anew, as Keras does."""
        self.epoch = epoch
        self.sums = {}
        self.block_start = 0

    def on_train_batch_end(self, batch, logs=None):
        """Note the means since the last dot, and draw if the last drawing is old enough."""
        done = batch + 1
        length = done - self.block_start
        if self.steps >= DOTS_PER_EPOCH and (
            length >= self.steps / DOTS_PER_EPOCH or done == self.steps
        ):
            self.blocks["epoch"].append(self.epoch + (done - length / 2) / self.steps)
            for name, mean_so_far in (logs or {}).items():
                # Keras reports the mean since the epoch began; the difference of two sums is
                # the sum over this block alone.
                total = float(mean_so_far) * done
                block_mean = (total - self.sums.get(name, 0.0)) / length
                self.blocks.setdefault(name, []).append(block_mean)
                self.sums[name] = total
            self.block_start = done
        if time.monotonic() - self.drawn_at >= SECONDS_BETWEEN_DRAWINGS:
            self._show(done)

    def on_epoch_end(self, epoch, logs=None):
        """Add the numbers of the whole epoch."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))

    def on_train_end(self, logs=None):
        """Replace the progress bar and the growing curves by the final figure."""
        self._show(None)

    def _show(self, step):
        if self.handle is not None:  # None outside of a notebook
            self.handle.update(self._draw(step))
        self.drawn_at = time.monotonic()

    def _draw(self, step):
        progress = None if step is None else (self.epoch, step, self.params["epochs"], self.steps)
        return plots.training_curves(self.history, self.blocks, progress, self.held_out)


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
        OSError: a file can't be written; the earlier files are then still there.
    """
    folder = artifacts() if folder is None else Path(folder)
    target = folder / MODEL_NAME
    with replacing(target) as path:
        model.save(path)
        if target.exists():
            os.replace(target, target.with_suffix(".previous.keras"))
    with replacing(folder / HISTORY_NAME) as path:
        numbers = {name: [float(value) for value in values] for name, values in history.items()}
        path.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    return target
