"""The whole in one file: it holds the document's lines, the notebook shows it, and it runs."""

import re
import runpy

import keras
import nbformat
import pytest

from helpers.files import ROOT
from helpers.model import SHIPPED_MODEL, layer_shapes, load_model

WHOLE = ROOT / "notebooks" / "whole.py"
DOCUMENT = ROOT / "docs" / "document.txt"


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
    document = [*filter(None, DOCUMENT.read_text("utf-8").splitlines())]
    assert [line for line in lines if line in document] == document
    assert "helpers" not in "\n".join(lines) and len(lines) <= 40


def test_notebook_4_shows_the_file():
    cells = nbformat.read(ROOT / "notebooks" / "04_evaluate.ipynb", as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    blocks = re.findall(r"```python\n(.*?)```", prose, re.DOTALL)
    is_shown = WHOLE.read_text("utf-8") in blocks
    assert is_shown, (
        "Notebook 4 shows notebooks/whole.py in other words: change the one or the other."
    )


def test_the_file_builds_trains_saves_and_uses_the_network_of_the_lesson(run_whole, monkeypatch):
    fit, evaluate = keras.Model.fit, keras.Model.evaluate

    def fit_few(model, images, labels, **_settings):
        return fit(model, images[:1280], labels[:1280])

    def evaluate_few(model, images, labels):
        return evaluate(model, images[:1000], labels[:1000])

    monkeypatch.setattr(keras.Model, "fit", fit_few)
    monkeypatch.setattr(keras.Model, "evaluate", evaluate_few)
    names, printed = run_whole()
    assert names["model"].count_params() == 104_202
    assert names["test_acc"] > 0.3 and f"test accuracy: {names['test_acc']:.4f}" in printed
    assert "The first test image is a " in printed
    saved = load_model("mnist_cnn.keras")
    assert layer_shapes(saved) == layer_shapes(load_model(SHIPPED_MODEL))


@pytest.mark.slow
@pytest.mark.repeated  # notebook 3 trains with the same lines
def test_the_file_reaches_the_accuracy_of_notebook_3(run_whole):
    names, printed = run_whole()
    assert 0.986 < names["test_acc"] < 0.995
    assert "The first test image is a 7" in printed
