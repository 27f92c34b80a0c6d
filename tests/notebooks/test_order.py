"""Cells run again, backwards, or after a restart in the middle: at worst a name is not defined."""

import inspect
from collections import Counter

import pytest

from helpers import plots
from helpers.common.backend import keras
from helpers.saved.models import SHIPPED_MODEL, layer_shapes, load_model
from tests.cells import bound_and_needed, code_cells, drop_image_counts, run_cell
from tests.scratch import file_contents
from tools import english_notebooks, four_notebooks


@pytest.fixture
def folder(artifacts, tmp_path, monkeypatch, request, few_images):
    """Artifacts of a learner's, another directory, few images, no figures, no training."""
    monkeypatch.chdir(tmp_path)
    request.addfinalizer(keras.config.enable_interactive_logging)
    monkeypatch.setattr(keras.Model, "fit", trained_at_once)
    for function, _unused in inspect.getmembers(plots, inspect.isfunction):
        monkeypatch.setattr(plots, function, lambda *_args, **_settings: None)
    return artifacts


def trained_at_once(model, *_arrays, **_settings):
    """Return a history as after the stop button in the first epoch."""
    trained = load_model(SHIPPED_MODEL)
    if layer_shapes(model) == layer_shapes(trained):  # a changed network stays untrained
        model.set_weights(trained.get_weights())
    history = keras.callbacks.History()
    history.history = {"accuracy": [0.95], "loss": [0.2], "val_accuracy": [0.9], "val_loss": [0.3]}
    return history


@pytest.mark.parametrize("name", [path.stem for path in four_notebooks()])
def test_another_order_lacks_names_at_worst_and_each_cell_runs_again_after_the_last(name, folder):
    if name == "04_evaluate":  # before 03, the model that comes with the lesson is used
        (folder / "mnist_cnn.keras").unlink()
    kept = file_contents(folder)
    cells = [drop_image_counts(cell.source) for cell in code_cells(name)]
    for order in (cells[::-1], cells[len(cells) // 2 :]):  # backwards, and after a restart
        names = {}
        for source in order:
            try:
                run_cell(source, names)
            except NameError as error:
                assert "is not defined" in str(error)
        assert file_contents(folder) == kept

    names = {}
    for source in cells:
        run_cell(source, names)
    for source in cells:
        run_cell(source, dict(names))
    written = file_contents(folder)
    if name == "03_train":
        assert written["mnist_cnn.previous.keras"] == b"yours"
        load_model(folder / "mnist_cnn.keras")
    else:
        assert {*written} - {*kept} <= {"before.keras", "my_network.html"}
        assert kept.items() <= written.items()


@pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
def test_a_name_that_later_cells_need_is_bound_to_one_thing(path):
    """So a cell finds what it expects, whichever cell was run before; optional lessons too."""
    bound, needed = zip(*(bound_and_needed(cell.source) for cell in code_cells(path)), strict=True)
    counts = Counter(name for names in bound for name in names)
    assert not {name for name in set.union(*needed) if counts[name] > 1}
