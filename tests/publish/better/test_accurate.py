"""The recipe accurate learns, and an ablation leaves out one of its changes."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras
from helpers.model import build_model
from publish.better import accurate
from publish.better.accurate import ACCURATE, WITHOUT


def test_a_batch_in_halves_makes_the_steps_of_fit(mnist_data, monkeypatch):
    monkeypatch.setattr(accurate, "BATCH_SIZE", 64)
    images, labels = mnist_data[0]
    images = mnist.prepare(images[:96])  # 32 are left for the last step
    labels = keras.utils.to_categorical(labels[:96], 10)
    whole, halved = build_model(), build_model()
    halved.set_weights(whole.get_weights())
    for model in (whole, halved):
        model.compile(keras.optimizers.SGD(0.1), loss="categorical_crossentropy")
    whole.fit(images, labels, batch_size=64, shuffle=False, verbose=0)
    run_epoch = accurate.epoch_function(halved, images, labels, ACCURATE)
    run_epoch(np.arange(96, dtype=np.int32), False)
    for expected, weights in zip(whole.get_weights(), halved.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-5)


def test_accurate_learns(mnist_data, monkeypatch):
    monkeypatch.setattr(accurate, "BATCH_SIZE", 64)
    images, labels = mnist_data[0][0][:640], mnist_data[0][1][:640]
    model = accurate.train_accurate(replace(ACCURATE, epochs=4), 0, images, labels)
    guesses = model.predict(mnist.prepare(images), verbose=0).argmax(axis=1)
    assert (guesses == labels).mean() > 0.6


def network_of(recipe):
    network = accurate.build_network(recipe.batch_normalization)
    return [type(layer).__name__ for layer in network.layers]


def test_an_ablation_leaves_out_one_change_and_keeps_the_others():
    whole = vars(ACCURATE)
    differing = {
        change: [key for key in whole if vars(recipe)[key] != whole[key]]
        for change, recipe in WITHOUT.items()
    }
    assert all(len(keys) == 1 for keys in differing.values())
    assert len({keys[0] for keys in differing.values()}) == len(differing) == 7
    without = network_of(WITHOUT["batch normalization"])
    layers = network_of(ACCURATE)
    assert [kind for kind in layers if kind != "BatchNormalization"] == without != layers


@pytest.mark.parametrize(
    ("change", "rates", "optimizer", "smoothing"),
    [
        ("turns", {0: 0.003, 25: 0.03, 100: 0}, "Adam", 0.1),
        ("warm-up and decay", {0: 0.03, 100: 0.03}, "Adam", 0.1),
        ("Adam", {0: 0.003}, "RMSprop", 0.1),
        ("smoothed labels", {0: 0.003}, "Adam", 0),
    ],
)
def test_an_ablation_is_compiled_without_its_change(change, rates, optimizer, smoothing):
    """The rate rises for a quarter of the steps, and falls to 0, where nothing else is said."""
    model = build_model()
    accurate.compile_network(model, WITHOUT[change], steps=100)
    for step, rate in rates.items():
        model.optimizer.iterations.assign(step)
        assert float(model.optimizer.learning_rate) == pytest.approx(rate, abs=1e-6)
    assert type(model.optimizer).__name__ == optimizer
    assert model.loss.label_smoothing == smoothing


@pytest.mark.parametrize(("pixels", "degrees", "farthest"), [(2, 0, 2), (0, 90, 7)])
def test_images_are_moved_and_turned_as_far_as_said(pixels, degrees, farthest):
    dots = np.zeros((200, 28, 28, 1), np.float32)
    dots[:, 13:15, 20:22] = 1  # 7 pixels from the middle
    mass = np.array(accurate.move_and_turn(dots, pixels, degrees)).sum(axis=(1, 3))
    columns = mass @ np.arange(28) / mass.sum(axis=1)
    assert farthest / 2 < np.abs(columns - 20.5).max() < farthest + 0.1
