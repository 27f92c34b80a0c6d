"""Cells run twice, backwards, or after a restart in the middle: at worst a name is not defined."""

import inspect

import nbformat
import numpy as np
import pytest

from helpers import live_curves, plots
from helpers.backend import keras
from helpers.files import ROOT
from helpers.model import SHIPPED_MODEL, load_model
from tools.execute import lesson

YOURS = {"mnist_cnn.keras": b"yours", "mnist_cnn.previous.keras": b"older", "history.json": b"{}"}
FOUR = pytest.mark.parametrize("path", lesson(), ids=lambda path: path.stem)


def sources(path):
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def run(source, names):
    """Run a cell; its last line is evaluated as in a notebook, though nothing is shown."""
    try:
        exec(compile(source, "<cell>", "exec"), names)
    except NameError as error:
        return str(error)
    return None


def state():
    """Return size and time of the project's data, its models, and what the learner has trained."""
    paths = [*(ROOT / "helpers").glob("mnist*.*"), *(ROOT / "artifacts").glob("*")]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


@pytest.fixture
def folder(tmp_path, monkeypatch, request):
    """Artifacts of the learner's, another working directory; the project's files stay as they are.

    What takes time is left out: training is replaced by what it ends in, and nothing is drawn.
    """
    folder = tmp_path / "artifacts"
    folder.mkdir()
    for name, content in YOURS.items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder))
    monkeypatch.chdir(tmp_path)
    request.addfinalizer(keras.config.enable_interactive_logging)
    monkeypatch.setattr(keras.Model, "fit", trained_at_once)
    for name in [name for name, value in vars(plots).items() if inspect.isfunction(value)]:
        monkeypatch.setattr(plots, name, lambda *_, **__: None)
    before = state()
    yield folder
    assert state() == before


def trained_at_once(model, *_, epochs, callbacks=(), **__):
    model.set_weights(load_model(SHIPPED_MODEL).get_weights())
    history = keras.callbacks.History()
    rising = np.linspace(0.95, 0.995, epochs).tolist()
    history.history = {"accuracy": rising, "loss": (1 - np.array(rising)).tolist()}
    history.history |= {"val_accuracy": [0.9] * epochs, "val_loss": [0.3, *[0.5] * (epochs - 1)]}
    assert all(isinstance(callback, live_curves.LiveCurves) for callback in callbacks)
    return history


@FOUR
def test_every_cell_twice(path, folder):
    if path.stem == "04_evaluate":  # before 03, the model that comes with the lesson is used
        (folder / "mnist_cnn.keras").unlink()
    names = {}
    for source in sources(path):
        assert run(source, names) is None
        if "Scaled twice" not in source:
            assert run(source, names) is None
    if path.stem == "03_train":
        assert (folder / "mnist_cnn.previous.keras").read_bytes() == b"yours"
        load_model(folder / "mnist_cnn.keras")
    else:
        assert all(file.read_bytes() == YOURS[file.name] for file in folder.iterdir())


def test_images_scaled_twice_say_what_to_do(folder):
    load, scale = sources(ROOT / "notebooks" / "03_train.ipynb")[1:3]
    names = {}
    for source in (load, scale):
        run(source, names)
    with pytest.raises(AssertionError, match="run the cell above again, then this one"):
        run(scale, names)
    for source in (load, scale):
        assert run(source, names) is None
    assert names["train_images"].max() == names["test_images"].max() == 1


def backwards(cells):
    return cells[::-1]


def from_the_middle(cells):
    return cells[len(cells) // 2 :]


@FOUR
@pytest.mark.parametrize("order", [backwards, from_the_middle])
def test_another_order_lacks_names_and_nothing_else(order, path, folder):
    """As after a restart of the kernel: what an earlier cell would have defined is not there."""
    names = {}
    if path.stem == "04_evaluate":
        (folder / "mnist_cnn.keras").unlink()
    kept = {file.name: file.read_bytes() for file in folder.iterdir()}
    missing = [run(source, names) for source in order(sources(path))]
    assert any(missing) and all("is not defined" in text for text in missing if text)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == kept
