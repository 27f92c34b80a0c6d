"""Curves that grow while a network trains, and what is saved of it."""

import json
import shutil
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from IPython.display import DisplayHandle, display

from helpers import classes, plots
from helpers.backend import keras
from helpers.files import Shown, artifacts, replacing
from helpers.language import _
from helpers.model import MODEL_NAME, trained_model
from helpers.model_file import NAMES
from helpers.network_parts import topology

SECONDS_BETWEEN_DRAWINGS = 5.0  # one takes a quarter of a second
DOTS_PER_EPOCH = 20


class LiveCurves(keras.callbacks.History):
    """Keras's history, and curves of loss and accuracy that grow while a network trains.

    It ends as one figure. The dots are Keras's own numbers for an epoch, and with
    `validation_data` those of the validation set. The pale line is the mean over 1/20 of an
    epoch; where an epoch has fewer steps than that, there is none.

    The stop button ends the training after the step it is at: `fit` returns as usual, with the
    numbers so far. A second press interrupts at once, as it does without these curves.
    """

    def on_train_begin(self, logs=None):
        """Show an empty figure, which the later ones replace, and take over the stop button."""
        super().on_train_begin(logs)
        self.history, self.blocks = {}, {"epoch": []}
        self.current_epoch = self.step = 0
        self.stopped = False
        self.steps = self.params.get("steps") or 0  # 0 for a data set of unknown length
        # After a `fit` that fails, Keras calls no hook; Jupyter sets it back before each cell.
        self.earlier_handler = signal.signal(signal.SIGINT, self._stop)
        self.handle = DisplayHandle()
        self.handle.display(self._draw(0))
        self.next_drawing = time.monotonic() + SECONDS_BETWEEN_DRAWINGS

    def on_epoch_begin(self, epoch, logs=None):
        """Start the running sums anew, as Keras does."""
        self.current_epoch, self.sums, self.block_start = epoch, {}, 0

    def on_train_batch_end(self, batch, logs=None):
        """Note the means since the last dot, and draw if the last drawing is old enough."""
        self.step = done = batch + 1
        length = done - self.block_start
        block = self.steps / DOTS_PER_EPOCH
        if block >= 1 and (length >= block or done == self.steps):
            middle = (done - length / 2) / self.steps
            self.blocks["epoch"].append(self.current_epoch + middle)
            for name, mean_so_far in (logs or {}).items():
                # Keras reports the mean since the epoch began; the difference of two sums is
                # the sum over this block alone.
                before, self.sums[name] = self.sums.get(name, 0.0), float(mean_so_far) * done
                self.blocks.setdefault(name, []).append((self.sums[name] - before) / length)
            self.block_start = done
        if time.monotonic() >= self.next_drawing:
            self.handle.update(self._draw(done))
            self.next_drawing = time.monotonic() + SECONDS_BETWEEN_DRAWINGS

    def on_train_end(self, logs=None):
        """Show the final figure; after a stop it says how far the training came."""
        signal.signal(signal.SIGINT, self.earlier_handler)
        self.handle.update(self._draw(self.step if self.stopped else None))
        if self.stopped:
            text = _(
                "Stopped in epoch {epoch} of {epochs}. The network keeps what it has learned so "
                "far. Run this cell again to train it further, or the notebook from its top to "
                "begin anew.",
                epoch=self.current_epoch + 1,
                epochs=self.params["epochs"],
            )
            print(text)

    def _stop(self, number, frame):
        """End the training; an interrupt stops Python wherever it is, and `fit` has no history."""
        signal.signal(signal.SIGINT, self.earlier_handler)
        self.stopped = self.model.stop_training = True

    def _draw(self, step):
        progress = self.current_epoch, step, self.params["epochs"], self.steps
        progress = None if step is None else progress
        # Keras counts on from `initial_epoch`, but says it to no callback.
        first = self.epoch[0] if self.epoch else self.current_epoch
        return plots.training_curves(self.history, self.blocks, progress, first)


@contextmanager
def saving(model: keras.Model, *_of_older_copies) -> Iterator[Path]:
    """Give the path at which to save a model; at the end it becomes `mnist_cnn.keras`.

    An earlier model is kept as `mnist_cnn.previous.keras`; both are in `artifacts()`. A model
    whose `classes` have other names than digits becomes `my_signs.keras`, and takes the names
    along; where nobody gave it names, a sentence says so. Raises ValueError if it is no network of
    this lesson, and WriteError if a file can't be written; earlier files stay. Learners' older
    copies of notebook 3 hand over a history, too.
    """
    try:
        topology(model)
    except ValueError as error:
        problem = _(
            "{problem}. Nothing was saved, because the page in the browser can't compute this "
            "network. Earlier files are as they were. {next_model} Keras itself keeps any network: "
            '`model.save("my_network.keras")`.',
            problem=error,
            next_model=_next_model(),
        )
        raise ValueError(problem) from None  # one traceback is long enough
    names = classes.of(model)
    reads_digits = names == classes.DIGITS
    target = artifacts() / (MODEL_NAME if reads_digits else "my_signs.keras")
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
    if not reads_digits and getattr(model, "classes", None) is None:
        text = _(
            "This network tells {n} classes apart instead of the ten digits. {next_model}",
            n=len(names),
            next_model=_next_model(),
        )
        print(text)


def _next_model() -> str:
    """Say which model notebook 4 will use."""
    try:
        _model, origin = trained_model()
    except OSError as error:  # the file is damaged, and its message says what to do
        return str(error)
    return _("Notebook 4 will use {origin}.", origin=origin)


def _checksum(path: Path) -> int | None:
    """Return the checksum of the weights in a model file, or None where it holds none."""
    with suppress(KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as file:
        return file.getinfo("model.weights.h5").CRC
