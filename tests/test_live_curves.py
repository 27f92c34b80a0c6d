"""The stop button ends a training early and loses nothing: curves, history, network, next cells."""

import signal
import threading

import nbformat
import numpy as np
import pytest
from jupyter_client.manager import KernelManager

from helpers import live_curves
from helpers.backend import keras
from helpers.files import ROOT
from helpers.model import MODEL_NAME, build_model, compile_model, load_model
from tools.execute import this_python

IMAGES = np.zeros((640, 28, 28, 1), dtype="float32")
LABELS = np.zeros(640, dtype="uint8")


class Press(keras.callbacks.Callback):
    """Presses the stop button in the second epoch, after some of its ten steps."""

    def __init__(self, *steps):
        super().__init__()
        self.steps = steps

    def on_train_batch_begin(self, batch, logs=None):
        if self.epoch == 1 and batch in self.steps:
            signal.raise_signal(signal.SIGINT)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch


@pytest.fixture
def figures(monkeypatch):
    shown = []

    class Handle:
        update = shown.append

    monkeypatch.setattr(live_curves, "display", lambda figure, display_id: Handle)
    return shown


def fit(*callbacks):
    model = build_model()
    compile_model(model)
    return model, model.fit(
        IMAGES, LABELS, batch_size=64, epochs=3, verbose=0, callbacks=list(callbacks)
    )


def test_one_press_ends_the_training_and_keeps_what_there_is(figures, capsys):
    before = signal.getsignal(signal.SIGINT)
    curves = live_curves.LiveCurves(held_out=False)
    model, history = fit(curves, Press(6))
    assert model.stop_training and history.epoch == [0, 1]
    assert curves.history["loss"] == pytest.approx(history.history["loss"])
    titles = [axes.get_title(loc="left") for axes in figures[-1].axes]
    assert "epoch 2 of 3: 7 of 10 steps" in titles
    assert "Stopped in epoch 2 of 3." in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is before


def test_a_training_to_its_end_says_nothing_and_leaves_the_button(figures, capsys):
    before = signal.getsignal(signal.SIGINT)
    model, history = fit(live_curves.LiveCurves())
    assert not model.stop_training and len(history.epoch) == 3
    assert capsys.readouterr().out == ""
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def usual_button():
    """What a kernel has; a process in the background of a shell script starts without it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_second_press_interrupts_at_once(figures, usual_button):
    model = build_model()
    compile_model(model)
    curves = live_curves.LiveCurves()
    curves.set_model(model)
    curves.set_params({"steps": 10, "epochs": 3})
    curves.on_train_begin()
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_outside_of_the_main_thread_it_trains_without_a_button(figures):
    done = []
    thread = threading.Thread(target=lambda: done.append(fit(live_curves.LiveCurves())))
    thread.start()
    thread.join()
    assert len(done[0][1].epoch) == 3


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel, as notebook 3 gets it, and a function that runs a cell in it."""
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    manager = KernelManager(kernel_spec_manager=this_python())
    manager.start_kernel(cwd=str(ROOT))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(source, stop=False):
        """Return the errors and the text of a cell; press stop when its figure first moves."""
        errors, text = [], ""

        def see(message):
            nonlocal text, stop
            if message["msg_type"] == "error":
                errors.append(message["content"])
            elif message["msg_type"] == "stream":
                text += message["content"]["text"]
            elif stop and message["msg_type"] == "update_display_data":
                stop = False
                manager.interrupt_kernel()

        client.execute_interactive(source, output_hook=see, timeout=120)
        return [f"{error['ename']}: {error['evalue']}" for error in errors], text

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_notebook_3_goes_on_after_the_stop_button(kernel, tmp_path):
    """Every cell up to the last exercise, with both trainings stopped by hand."""
    notebook = nbformat.read(ROOT / "notebooks" / "03_train.ipynb", as_version=4)
    stopped = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            trains = "training.LiveCurves(" in cell.source
            errors, text = kernel(cell.source, stop=trains)
            assert errors == [], cell.source
            assert ("Stopped in epoch" in text) == trains
            stopped += trains
    assert stopped == 2
    assert (tmp_path / "history.json").exists()
    load_model(tmp_path / MODEL_NAME)
