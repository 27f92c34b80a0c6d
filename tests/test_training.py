"""The recipe learns, the curves show what Keras measured, and a run is saved whole."""

import json

import numpy as np
import pytest

from helpers import live_curves, mnist, plots, training
from helpers.backend import keras
from helpers.model import build_model, compile_model, load_model


@pytest.fixture(scope="module")
def small():
    (images, labels), _ = mnist.load_data()
    return mnist.prepare(images[:640]), labels[:640]


def test_the_recipe_learns_and_repeats_itself(small):
    losses = []
    for _ in range(2):
        keras.utils.set_random_seed(1)
        history = training.compile_and_fit(build_model(), *small, epochs=3)
        losses.append(history.history["loss"])
    assert len(losses[0]) == 3 and losses[0][-1] < 0.6 * losses[0][0]
    assert losses[0] == losses[1]


def test_the_curves_are_those_of_keras(small, monkeypatch):
    drawn = []
    monkeypatch.setattr(plots, "training_curves", lambda *a: drawn.append(a) or "figure")
    monkeypatch.setattr(live_curves, "display", lambda *a, **k: None)
    batch_losses = []

    class Loss(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            batch_losses.append(logs["loss"])

    model = build_model()
    compile_model(model)
    curves = training.LiveCurves()
    images, labels = small
    history = model.fit(
        images, labels, batch_size=16, epochs=2, verbose=0, callbacks=[curves, Loss()]
    )
    assert curves.history.keys() == history.history.keys()
    for name, values in history.history.items():
        assert curves.history[name] == pytest.approx(values)
    assert curves.blocks["epoch"] == pytest.approx((np.arange(40) + 0.5) / 20)
    # 40 steps in 20 blocks: the mean of two batches, from the running means that Keras gives.
    for epoch in range(2):
        running = np.array(batch_losses[40 * epoch :][:40])
        single = np.diff(np.concatenate([[0], running * np.arange(1, 41)]))
        expected = single.reshape(20, 2).mean(axis=1)
        np.testing.assert_allclose(curves.blocks["loss"][20 * epoch :][:20], expected, rtol=1e-4)
    first_epoch = history.history["loss"][0]
    assert np.mean(curves.blocks["loss"][:20]) == pytest.approx(first_epoch, rel=1e-4)


def test_the_figure_is_shown_once_and_then_replaced(small, monkeypatch):
    shown = []

    class Handle:
        def update(self, figure):
            shown.append(figure)

    monkeypatch.setattr(live_curves, "display", lambda figure, display_id: Handle())
    monkeypatch.setattr(live_curves, "SECONDS_BETWEEN_DRAWINGS", 0)
    monkeypatch.setattr(live_curves, "MAX_DRAWING_SHARE", 1e9)
    model = build_model()
    compile_model(model)
    model.fit(*small, batch_size=320, verbose=0, callbacks=[training.LiveCurves()])
    assert len(shown) == 3  # after two steps, and the last one without the progress bar
    titles = [[axes.get_title(loc="left") for axes in figure.axes] for figure in shown]
    assert "epoch 1 of 1: 1 of 2 steps" in titles[0]
    assert titles[-1] == [""] * 3
    assert len({figure.alt for figure in shown}) == 1


def test_a_saved_run_comes_back(small, tmp_path):
    model = build_model()
    path = training.save_run(model, {"loss": [np.float32(0.5), 0.25]}, tmp_path / "new")
    np.testing.assert_array_equal(load_model(path)(small[0][:3]), model(small[0][:3]))
    assert json.loads((tmp_path / "new" / "history.json").read_text()) == {"loss": [0.5, 0.25]}
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == ["history.json", "mnist_cnn.keras"]


def test_an_earlier_model_is_kept(tmp_path):
    (tmp_path / "mnist_cnn.keras").write_bytes(b"damaged, but yours")
    training.save_run(build_model(), {}, tmp_path)
    assert (tmp_path / "mnist_cnn.previous.keras").read_bytes() == b"damaged, but yours"
    load_model(tmp_path / "mnist_cnn.keras")


def test_a_model_that_cannot_be_saved_leaves_the_earlier_one(tmp_path):
    class Broken:
        def save(self, path):
            path.write_bytes(b"half")
            raise OSError("no space left")

    (tmp_path / "mnist_cnn.keras").write_bytes(b"yours")
    with pytest.raises(OSError, match="no space left"):
        training.save_run(Broken(), {}, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mnist_cnn.keras"]
    assert (tmp_path / "mnist_cnn.keras").read_bytes() == b"yours"


def test_results_go_to_the_artifacts_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    assert training.save_run(build_model(), {}) == tmp_path / "mnist_cnn.keras"
