"""Curves of loss and accuracy that grow while a network trains."""

import signal
import time

from IPython.display import DisplayHandle

from helpers import plots
from helpers.common.backend import keras
from helpers.common.language import _

SECONDS_BETWEEN_DRAWINGS = 5.0  # one takes a quarter of a second
DOTS_PER_EPOCH = 20


class LiveCurves(keras.callbacks.History):
    """Keras's history, and curves of loss and accuracy that grow while a network trains.

    It ends as one figure. The dots are the numbers that Keras reports for each epoch, also for the
    validation set if there is one. The pale line shows the mean over every twentieth of an epoch.
    If an epoch has fewer than 20 steps, there is no pale line. If `fit` has no epoch to train, a
    sentence says so in place of a figure.

    The stop button ends the training after the step it is at: `fit` returns as usual, with the
    numbers so far. A second press interrupts at once, as it does without these curves.
    """

    def on_train_begin(self, logs=None):
        """Begin without any curve, and take over the stop button."""
        super().on_train_begin(logs)
        self.history = {}
        self.blocks = {"epoch": []}
        self.current_epoch = 0
        self.step = 0
        self.stopped = False
        self.steps = self.params.get("steps") or 0  # 0 for a data set of unknown length
        # If `fit` fails, Keras doesn't call `on_train_end`, and this handler stays. Before the next
        # cell, Jupyter sets its own handler again.
        self.earlier_handler = signal.signal(signal.SIGINT, self._stop)
        self.handle = None

    def on_epoch_begin(self, epoch, logs=None):
        """Start the running sums anew, as Keras does, and first show an empty figure."""
        self.current_epoch = epoch
        if self.handle is None:  # the later figures replace it
            self.handle = DisplayHandle()
            self.handle.display(self._draw(0))
            self.next_drawing = time.monotonic() + SECONDS_BETWEEN_DRAWINGS
        self.sums = {}
        self.block_start = 0

    def on_train_batch_end(self, batch, logs=None):
        """Note the means since the last dot, and draw if the last drawing is old enough."""
        self.step = batch + 1
        block_length = self.step - self.block_start
        steps_per_dot = self.steps / DOTS_PER_EPOCH
        is_full = block_length >= steps_per_dot or self.step == self.steps
        if steps_per_dot >= 1 and is_full:
            self._end_block(logs or {})
        if time.monotonic() >= self.next_drawing:
            self.handle.update(self._draw(self.step))
            self.next_drawing = time.monotonic() + SECONDS_BETWEEN_DRAWINGS

    def on_train_end(self, logs=None):
        """Show the final figure; after a stop it says how far the training came."""
        signal.signal(signal.SIGINT, self.earlier_handler)
        if self.handle is None:
            text = _(
                "There was no epoch to train, so there are no curves. `epochs` is the number of "
                "the last epoch. It has to be larger than `initial_epoch`, which is 0 if you don't "
                "set it."
            )
            print(text)
            return
        self.handle.update(self._draw(self.step if self.stopped else None))
        if self.stopped:
            text = _(
                "Stopped in epoch {epoch} of {epochs}. The network keeps what it has learned so "
                "far. If you run this cell again, the training goes on from here, unless the cell "
                "builds the network anew.",
                epoch=self.current_epoch + 1,
                epochs=self.params["epochs"],
            )
            print(text)

    def _end_block(self, running_means):
        """Note the mean of each measure over the steps since the last dot.

        Keras reports the mean since the epoch began. The difference of two sums is the sum over
        this block alone.
        """
        length = self.step - self.block_start
        middle = (self.step - length / 2) / self.steps
        self.blocks["epoch"].append(self.current_epoch + middle)
        for name, running_mean in running_means.items():
            earlier_sum = self.sums.get(name, 0.0)
            self.sums[name] = float(running_mean) * self.step
            mean = (self.sums[name] - earlier_sum) / length
            self.blocks.setdefault(name, []).append(mean)
        self.block_start = self.step

    def _stop(self, number, frame):
        """End the training; an interrupt stops Python wherever it is, and `fit` has no history."""
        signal.signal(signal.SIGINT, self.earlier_handler)
        self.stopped = True
        self.model.stop_training = True

    def _draw(self, step):
        """Return the figure after a step of the current epoch, or the final one for None."""
        progress = None
        if step is not None:
            progress = self.current_epoch, step, self.params["epochs"], self.steps
        # Keras counts on from `initial_epoch`, but says it to no callback.
        first_epoch = self.epoch[0] if self.epoch else self.current_epoch
        return plots.training_curves(self.history, self.blocks, progress, first_epoch)
