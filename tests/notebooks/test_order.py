"""Cells run again, backwards, or after a restart in the middle: at worst a name is not defined."""

import copy
import inspect
import os
from collections import Counter

import numpy as np
import pytest

from helpers import live_curves, mnist, plots
from helpers.backend import keras
from helpers.files import DATA, ROOT
from helpers.model import SHIPPED_MODEL, load_model
from tests.cells import bound_and_needed, code_cells, run
from tools.execute import english_notebooks, four_notebooks

YOURS = {"mnist_cnn.keras": b"yours", "mnist_cnn.previous.keras": b"older", "history.json": b"{}"}
FOUR = pytest.mark.parametrize("name", [path.stem for path in four_notebooks()])
REMEDY = "%env HELLO_MNIST_ARTIFACTS=/a/folder/of/yours"  # as the README gives it
# Scales in place, as the document does, and says so when it is run twice.
SCALES = "Scaled twice: run the cell above again, then this one."
# In the document's lines, the prepared images have the name of the raw ones.
BOUND_AGAIN = {"03_train": {"train_images", "test_images"}, "scaling_out": {"pair", "folder"}}


@pytest.fixture
def cells(name):
    """The sources of a notebook's cells, with the README's remedy after the one for Colab."""
    colab, *sources = [cell.source for cell in code_cells(name)]
    return [colab, REMEDY, *sources]


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
    for function, _unused in inspect.getmembers(plots, inspect.isfunction):
        monkeypatch.setattr(plots, function, lambda *_args, **_settings: None)
    before = state()
    yield folder
    assert state() == before


def trained_at_once(model, *_arrays, epochs, callbacks=(), **_settings):
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
    """In their order, and then each alone in what the last one has left."""
    cells = [source for source in cells if "(nearest_image(" not in source]  # seconds, for a number
    names = {}
    for source in cells:
        run(source, names)
    for source in cells:
        if SCALES in source:
            with pytest.raises(AssertionError, match=SCALES):
                run(source, dict(names))
        else:
            run(source, dict(names))
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
    missing = []
    for source in order:
        try:
            run(source, names)
        except NameError as error:
            missing.append(str(error))
    assert missing and all("is not defined" in text for text in missing)
    assert contents(folder) == kept


def bound_again(sources):
    """Return the names that a cell needs from above and that more than one cell binds."""
    bound, needed = zip(*map(bound_and_needed, sources), strict=True)
    counts = Counter(name for names in bound for name in names)
    return {name for names in needed for name in names if counts[name] > 1}


@pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
def test_a_name_that_later_cells_need_is_bound_to_one_thing(path):
    """So a cell finds what it expects, whichever cell was run before; optional lessons too."""
    found = bound_again(cell.source for cell in code_cells(path))
    assert found == BOUND_AGAIN.get(path.stem, set())


def test_a_name_that_is_bound_to_two_things_is_found():
    first, second = "worst = build_model()", "%matplotlib inline\nfor worst in some: show(worst)"
    assert bound_again([first, "worst.summary()", second]) == {"worst"}
    assert bound_again([first, "def show(): worst", second]) == {"worst"}
    assert bound_again([first, "worst = 1; show(worst)", second]) == set()


def test_magics_run(monkeypatch):
    monkeypatch.setenv("OF_A_TEST", "before")
    names, mine = {}, os.environ["HELLO_MNIST_ARTIFACTS"]
    for source in ("%env OF_A_TEST=now", REMEDY, "%matplotlib inline", "!ls", "%%time\na = 1"):
        run(source, names)
    run("%time b = a + 1\nassert b == 2", names)
    assert os.environ["OF_A_TEST"] == "now" and os.environ["HELLO_MNIST_ARTIFACTS"] == mine
