"""Cells run twice, backwards, or after a restart in the middle: at worst a name is not defined."""

import copy
import inspect

import numpy as np
import pytest

from helpers import live_curves, mnist, plots
from helpers.backend import keras
from helpers.files import DATA, ROOT
from helpers.model import SHIPPED_MODEL, load_model
from tools.execute import four_notebooks

YOURS = {"mnist_cnn.keras": b"yours", "mnist_cnn.previous.keras": b"older", "history.json": b"{}"}
FOUR = pytest.mark.parametrize("name", [path.stem for path in four_notebooks()])


@pytest.fixture
def cells(code_cells, name):
    return [cell.source for cell in code_cells(name)]


def run(source, names):
    """Run a cell; its last line is evaluated as in a notebook, though nothing is shown."""
    try:
        exec(compile(source, "<cell>", "exec"), names)
    except NameError as error:
        return str(error)


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def state():
    """Return size and time of the project's data, its models, and what the learner has trained."""
    paths = [*DATA.iterdir(), *(ROOT / "artifacts").glob("*")]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


@pytest.fixture
def folder(tmp_path, monkeypatch, request, mnist_data, name):
    """Artifacts of the learner's, another working directory; the project's files stay as they are.

    What takes time is left out: training is replaced by what it ends in, an answer of the same
    network to the same images is given again, and nothing is drawn.
    """
    folder = tmp_path / "artifacts"
    folder.mkdir()
    for file, content in YOURS.items():
        (folder / file).write_bytes(content)
    if name == "04_evaluate":  # before 03, the model that comes with the lesson is used
        (folder / "mnist_cnn.keras").unlink()
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder))
    monkeypatch.chdir(tmp_path)
    request.addfinalizer(keras.config.enable_interactive_logging)
    monkeypatch.setattr(mnist, "load_data", lambda: copy.deepcopy(mnist_data))
    monkeypatch.setattr(keras.Model, "fit", trained_at_once)
    monkeypatch.setattr(keras.Model, "evaluate", remembered(keras.Model.evaluate))
    monkeypatch.setattr(keras.Model, "predict", remembered(keras.Model.predict))
    for function, _ in inspect.getmembers(plots, inspect.isfunction):
        monkeypatch.setattr(plots, function, lambda *_, **__: None)
    before = state()
    yield folder
    assert state() == before


def trained_at_once(model, *_, epochs, callbacks=(), **__):
    model.set_weights(load_model(SHIPPED_MODEL).get_weights())
    history = keras.callbacks.History()
    rising = np.linspace(0.95, 0.995, epochs).tolist()
    history.history = {"accuracy": rising, "loss": (1 - np.array(rising)).tolist()}
    history.history |= {"val_accuracy": [0.9] * epochs, "val_loss": [1e-4, *[2e-4] * (epochs - 1)]}
    assert all(isinstance(callback, live_curves.LiveCurves) for callback in callbacks)
    return history


def remembered(method):
    answers = {}

    def answer(model, *arrays, **settings):
        asked = hash(tuple(array.tobytes() for array in (*model.get_weights(), *arrays)))
        if asked not in answers:
            answers[asked] = method(model, *arrays, **settings)
        return answers[asked]

    return answer


@FOUR
def test_every_cell_twice(name, cells, folder):
    names = {}
    for number, source in enumerate(cells):
        assert run(source, names) is None
        if "Scaled twice" in source:  # then nothing is right before both cells have run again
            with pytest.raises(AssertionError, match="run the cell above again, then this one"):
                run(source, names)
            run(cells[number - 1], names)
        assert run(source, names) is None
    if name == "03_train":
        assert (folder / "mnist_cnn.previous.keras").read_bytes() == b"yours"
        load_model(folder / "mnist_cnn.keras")
    else:
        written = contents(folder)
        assert (written.pop("my_network.html", None) is None) == (name != "04_evaluate")
        assert written.items() <= YOURS.items()


@FOUR
@pytest.mark.parametrize("backwards", [True, False])
def test_another_order_lacks_names_and_nothing_else(backwards, cells, folder):
    """As after a restart of the kernel: what an earlier cell would have defined is not there."""
    kept, names = contents(folder), {}
    order = cells[::-1] if backwards else cells[len(cells) // 2 :]
    missing = [run(source, names) for source in order]
    assert any(missing) and all("is not defined" in text for text in missing if text)
    assert contents(folder) == kept
