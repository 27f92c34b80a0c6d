"""The curves show what Keras measured; the stop button ends a training early and loses nothing."""

import functools
import itertools
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from jupyter_client.manager import KernelManager

from helpers import live_curves
from helpers.backend import keras
from helpers.files import ROOT
from helpers.live_curves import LiveCurves
from helpers.model import MODEL_NAME, build_model, compile_model, load_model
from tools.execute import this_python


@pytest.fixture(scope="module")
def network():
    """A compiled network; each test trains it further, so that it is made into a graph once."""
    network = build_model()
    compile_model(network)
    return network


@pytest.fixture
def figures(monkeypatch):
    shown = []
    handle = SimpleNamespace(update=shown.append)
    monkeypatch.setattr(live_curves, "display", lambda figure, display_id: handle)
    return shown


@pytest.fixture
def fit(network, test_images, mnist_data):
    """Train by ten steps an epoch, or as many as a batch size gives."""
    data = test_images[:640], mnist_data[1][1][:640]
    return functools.partial(network.fit, *data, batch_size=64, epochs=3, verbose=0)


@pytest.fixture(autouse=True)
def button():
    """What a kernel has; a process in the background of a shell script starts without it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    after = signal.signal(signal.SIGINT, before)
    assert after is signal.default_int_handler


def press(*_unused):
    signal.raise_signal(signal.SIGINT)


def after_each_step(act):
    """A callback that calls `act` with the number of steps done in the epoch."""
    call = {"on_train_batch_end": lambda batch, logs: act(batch + 1)}
    return keras.callbacks.LambdaCallback(**call)


def title(figure):
    """The title of the progress bar, or "" where there is none."""
    return "".join(axes.get_title(loc="left") for axes in figure.axes)


def test_the_curves_are_those_of_keras(figures, fit, capsys):
    means = []
    note = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: means.append(logs))
    curves = LiveCurves()
    history = fit(callbacks=[curves, note], batch_size=16, epochs=2)
    assert curves.history.keys() == history.history.keys()
    for name, values in history.history.items():
        assert curves.history[name] == pytest.approx(values)
    assert curves.blocks["epoch"] == pytest.approx((np.arange(40) + 0.5) / 20)
    # 40 steps in 20 blocks: the mean of two batches, from the running means that Keras gives.
    for epoch in range(2):
        running = np.array([logs["loss"] for logs in means[40 * epoch :][:40]])
        single = np.diff(np.concatenate([[0], running * np.arange(1, 41)]))
        expected = single.reshape(20, 2).mean(axis=1)
        np.testing.assert_allclose(curves.blocks["loss"][20 * epoch :][:20], expected, rtol=1e-4)
    assert capsys.readouterr().out == ""


def test_the_figure_is_shown_once_and_then_replaced(figures, fit, monkeypatch):
    monkeypatch.setattr(live_curves, "SECONDS_BETWEEN_DRAWINGS", 0)
    monkeypatch.setattr(live_curves, "MAX_DRAWING_SHARE", 1e9)
    fit(callbacks=[LiveCurves()], batch_size=320, epochs=1)
    assert len(figures) == 3  # after two steps, and the last one without the progress bar
    assert title(figures[0]) == "epoch 1 of 1: 1 of 2 steps"
    assert title(figures[-1]) == "" and len({figure.alt for figure in figures}) == 1


def test_with_an_unknown_number_of_steps_no_end_is_made_up(figures, network, test_images):
    batches = ((test_images[:64], np.zeros(64)) for _step in itertools.count())
    curves, last = LiveCurves(), after_each_step(lambda done: done < 3 or press())
    network.fit(batches, callbacks=[curves, last], shuffle=False, verbose=0)
    assert title(figures[-1]) == "epoch 1 of 1: step 3"
    assert not any(axes.patches for axes in figures[-1].axes)
    assert len(curves.history["loss"]) == 1 and curves.blocks == {"epoch": []}


def test_one_press_ends_the_training_and_keeps_what_there_is(figures, fit, capsys):
    curves = LiveCurves()
    at_step = after_each_step(lambda done: (curves.epoch, done) == (1, 7) and press())
    history = fit(callbacks=[curves, at_step])
    assert curves.model.stop_training and history.epoch == [0, 1]
    assert curves.history["loss"] == pytest.approx(history.history["loss"])
    assert title(figures[-1]) == "epoch 2 of 3: 7 of 10 steps"
    assert "Stopped in epoch 2 of 3." in capsys.readouterr().out


def test_a_second_press_interrupts_at_once(figures, fit):
    with pytest.raises(KeyboardInterrupt):
        fit(callbacks=[LiveCurves(), after_each_step(press), after_each_step(press)])


def test_after_a_training_that_failed_the_button_interrupts_as_before(figures, fit):
    """Keras calls no hook when `fit` raises; the next training may be one without curves."""
    curves, failing = LiveCurves(), after_each_step(lambda done: done / 0)
    for press_later in (press, lambda: fit(callbacks=[after_each_step(press)])):
        with pytest.raises(ZeroDivisionError):
            fit(callbacks=[curves, failing])
        with pytest.raises(KeyboardInterrupt):
            press_later()
    for again in (curves, LiveCurves()):  # whose button ends the training, as ever
        with pytest.raises(ZeroDivisionError):
            fit(callbacks=[curves, failing])
        assert fit(callbacks=[again, after_each_step(press)]).epoch == [0]
    with pytest.raises(KeyboardInterrupt):
        press()


def test_outside_of_the_main_thread_it_trains_without_a_button(figures, fit):
    with ThreadPoolExecutor() as threads:
        history = threads.submit(fit, callbacks=[LiveCurves()]).result()
    assert len(history.epoch) == 3


def test_notebook_3_goes_on_after_the_stop_button(code_cells, tmp_path, monkeypatch, request):
    """Every cell up to the last exercise; stop is pressed soon after the curves appear."""
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    manager = KernelManager(kernel_spec_manager=this_python())
    manager.start_kernel(cwd=str(ROOT))
    request.addfinalizer(lambda: manager.shutdown_kernel(now=True))
    client = manager.blocking_client()
    client.start_channels()
    request.addfinalizer(client.stop_channels)
    client.wait_for_ready(timeout=60)
    seen = []

    def see(message):
        if message["msg_type"] == "display_data":  # the curves; other figures are results
            threading.Timer(0.1, manager.interrupt_kernel).start()
        seen.append((message["msg_type"], message["content"]))

    stopped = 0
    for cell in code_cells("03_train"):
        seen.clear()
        client.execute_interactive(cell.source, output_hook=see, timeout=120)
        assert "error" not in dict(seen), (cell.source, seen)
        text = "".join(content["text"] for kind, content in seen if kind == "stream")
        assert ("Stopped in epoch" in text) == ("training.LiveCurves(" in cell.source)
        stopped += "Stopped in epoch" in text
    assert stopped == 2 and (tmp_path / "history.json").exists()
    load_model(tmp_path / MODEL_NAME)
