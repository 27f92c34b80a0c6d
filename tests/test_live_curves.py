"""The curves show what Keras measured; the stop button ends a training early and loses nothing."""

import functools
import itertools
import signal
from unittest.mock import Mock

import numpy as np
import pytest

from helpers import live_curves
from helpers.common.backend import keras
from helpers.live_curves import LiveCurves
from helpers.model import build_model, compile_model
from tests.figures import lines


@pytest.fixture(scope="module")
def fit(test_images, mnist_data):
    """Train one network further, by ten steps an epoch, or as many as a batch size gives."""
    compile_model(network := build_model())
    data = test_images[:640], mnist_data[1][1][:640]
    return functools.partial(network.fit, *data, batch_size=64, epochs=3, verbose=0)


@pytest.fixture(autouse=True)
def figures(monkeypatch):
    """The figures that are shown, with the interrupt of a kernel, which is then as it was."""
    shown = []
    handle = Mock(display=shown.append, update=shown.append)
    monkeypatch.setattr(live_curves, "DisplayHandle", lambda: handle)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield shown
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


def press(*_unused):
    signal.raise_signal(signal.SIGINT)


def call_after_steps(act):
    """A callback that calls `act` with the number of steps done in the epoch."""
    return keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: act(batch + 1))


def test_the_curves_are_those_of_keras(figures, fit):
    running, curves = [], LiveCurves()
    note = {"on_train_batch_end": lambda batch, logs: running.append(logs["loss"] * (batch + 1))}
    history = fit(callbacks=[curves, keras.callbacks.LambdaCallback(**note)], batch_size=16)
    assert curves.history == history.history
    assert curves.blocks["epoch"] == pytest.approx((np.arange(60) + 0.5) / 20)
    # 40 steps in 20 blocks: the mean of two batches, from the running sums.
    expected = np.diff(np.reshape(running, (3, 40)), prepend=0).reshape(60, 2).mean(axis=1)
    np.testing.assert_allclose(curves.blocks["loss"], expected, rtol=1e-4)
    assert figures[-1].get_suptitle() == ""


def test_the_curves_go_on_where_a_first_training_ended(figures, fit):
    """With `initial_epoch`, the dots, the pale line and the axes count the same epochs."""
    curves = LiveCurves()
    fit(callbacks=[curves], batch_size=16, initial_epoch=3, epochs=5, validation_split=0.5)
    for axes in figures[-1].axes:
        left, right = axes.get_xlim()
        drawn = lines(axes)
        assert [x for x, _y in drawn["training, whole epoch"]] == [3.5, 4.5]
        assert [x for x, _y in drawn["validation"]] == [4, 5]
        assert 2.9 < left < 3 <= drawn["training, 1/20 epoch"][0][0] < 3.1
        assert 4.9 < drawn["training, 1/20 epoch"][-1][0] <= 5 < right < 5.1
    assert figures[-1].axes[0].lines[-1].get_xdata()[0] in (4, 5)  # the ring
    assert figures[-1].alt.startswith("Curves over 2 epochs")


def test_without_an_epoch_to_train_a_sentence_stands_in_place_of_empty_axes(figures, fit, capsys):
    assert fit(callbacks=[LiveCurves()], initial_epoch=3).history == {}
    assert figures == []
    assert capsys.readouterr().out.startswith("There was no epoch to train, so there are no curves")


def test_one_press_ends_the_training_and_a_second_interrupts(figures, fit, capsys):
    """Where the number of steps isn't known, no end is made up."""
    curves = LiveCurves()
    at_step = call_after_steps(lambda done: (curves.current_epoch, done) == (1, 7) and press())
    assert fit(callbacks=[curves, at_step]).history == curves.history
    assert figures[-1].get_suptitle() == "epoch 2 of 3: 7 of 10 steps"
    said = capsys.readouterr().out
    assert "Stopped in epoch 2 of 3." in said
    assert "unless the cell builds the network anew" in said  # as a cell with `build_model()` does
    images, labels = fit.args
    batches, curves = itertools.repeat((images[:64], labels[:64])), LiveCurves()
    last = call_after_steps(lambda done: done == 3 and press())
    fit.func((batch for batch in batches), callbacks=[curves, last], shuffle=False, verbose=0)
    assert figures[-1].get_suptitle() == "epoch 1 of 1: 3 of ? steps"
    assert len(curves.history["loss"]) == 1 and curves.blocks == {"epoch": []}
    with pytest.raises(KeyboardInterrupt):
        fit(callbacks=[LiveCurves(), call_after_steps(press), call_after_steps(press)])
