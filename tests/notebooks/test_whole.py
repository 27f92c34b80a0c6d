"""The whole in one file: it holds the document's lines, the notebook shows it, and it runs."""

import re
import runpy

import keras
import nbformat
import numpy as np
import pytest

from helpers.common.files import ROOT
from helpers.saved.models import SHIPPED_MODEL, layer_shapes, load_model

WHOLE = ROOT / "notebooks" / "whole.py"
DOCUMENT = ROOT / "docs" / "maintain" / "document.txt"
FIT, EVALUATE = keras.Model.fit, keras.Model.evaluate


@pytest.fixture
def run_whole(tmp_path, monkeypatch, mnist_data, capsys):
    """A function that runs the file in an empty folder, on the data that comes with the lesson."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: mnist_data)

    def run_whole():
        names = runpy.run_path(str(WHOLE))
        return names, capsys.readouterr().out

    return run_whole


def test_the_file_holds_the_lines_of_the_document_in_their_order():
    lines = WHOLE.read_text("utf-8").splitlines()
    *others, fit, last = filter(None, DOCUMENT.read_text("utf-8").splitlines())
    longer_fit = fit.removesuffix(")") + ","  # the next line names the validation images
    document = [*others, longer_fit, last]
    assert [line for line in lines if line in document] == document
    assert "helpers" not in "\n".join(lines) and len(lines) <= 50


def test_notebook_4_shows_the_file():
    cells = nbformat.read(ROOT / "notebooks" / "04_evaluate.ipynb", as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    blocks = re.findall(r"```python\n(.*?)```", prose, re.DOTALL)
    is_shown = WHOLE.read_text("utf-8") in blocks
    assert is_shown, (
        "Notebook 4 shows notebooks/whole.py in other words: change the one or the other."
    )


def test_readme_shows_the_file_and_the_command_that_runs_it():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"```python\n{WHOLE.read_text('utf-8')}```" in readme
    assert "`uv run python notebooks/whole.py`" in readme


def test_the_file_builds_trains_saves_and_uses_the_network_of_the_lesson(run_whole, monkeypatch):
    def fit_few(model, images, labels, **_settings):
        return FIT(model, images[:1280], labels[:1280])

    def evaluate_few(model, images, labels):
        return EVALUATE(model, images[:1000], labels[:1000])

    monkeypatch.setattr(keras.Model, "fit", fit_few)
    monkeypatch.setattr(keras.Model, "evaluate", evaluate_few)
    names, printed = run_whole()
    assert names["model"].count_params() == 104_202
    assert names["test_acc"] > 0.3 and f"test accuracy: {names['test_acc']:.4f}" in printed
    assert "The first test image is a " in printed
    saved = load_model("mnist_cnn.keras")
    assert layer_shapes(saved) == layer_shapes(load_model(SHIPPED_MODEL))


def test_the_last_10000_training_images_judge_and_the_file_learns_from_all_others(
    run_whole, monkeypatch, mnist_data
):
    calls, judged = [], []

    def remember_data(model, images, labels, validation_data, **_settings):
        calls.append((images, labels, *validation_data))

    def remember_labels(_model, _images, labels):
        judged.append(labels)
        return 0, 0.125 * len(judged)

    monkeypatch.setattr(keras.Model, "fit", remember_data)
    monkeypatch.setattr(keras.Model, "evaluate", remember_labels)
    _names, printed = run_whole()
    (images, labels, validation_images, validation_labels) = calls[0]
    known_images, known_labels = mnist_data[0]
    assert validation_images.shape == (10_000, 28, 28, 1)
    np.testing.assert_array_equal(judged[0], validation_labels)
    assert "validation accuracy: 0.1250" in printed
    np.testing.assert_array_equal(np.concatenate([labels, validation_labels]), known_labels)
    rejoined = np.concatenate([images, validation_images])[..., 0] * 255
    np.testing.assert_array_equal(np.rint(rejoined), known_images)


def test_the_training_ends_with_the_weights_of_the_smallest_validation_loss(run_whole, monkeypatch):
    losses = []

    def fit_too_long(model, images, labels, validation_data, callbacks, **_settings):
        """Train for an epoch; then, a rate that is far too large makes the network worse."""
        few = [part[:500] for part in validation_data]
        spoil = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, _logs: setattr(
                model.optimizer, "learning_rate", 0.001 if epoch < 1 else 0.5
            )
        )
        history = FIT(
            model,
            images[:640],
            labels[:640],
            epochs=9,
            validation_data=few,
            callbacks=[spoil, *callbacks],
            verbose=0,
        )
        loss, _accuracy = EVALUATE(model, *few, verbose=0)
        losses.append((loss, history.history["val_loss"]))
        monkeypatch.setattr(keras.Model, "evaluate", lambda *_data: (0, 0))

    monkeypatch.setattr(keras.Model, "fit", fit_too_long)
    run_whole()
    kept, measured = losses[0]
    assert kept == pytest.approx(min(measured), rel=1e-4) and min(measured) < measured[-1]
    assert len(measured) < 9


@pytest.mark.slow
@pytest.mark.repeated  # notebook 3 trains with the same lines
def test_the_file_reaches_the_accuracy_that_it_states(run_whole):
    names, printed = run_whole()
    assert 0.986 < names["test_acc"] < 0.995
    assert "The first test image is a 7" in printed
