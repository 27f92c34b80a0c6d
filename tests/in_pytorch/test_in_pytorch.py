"""Where PyTorch is missing, the lesson says how to get it, no cell fails, and tests skip it."""

import importlib.util

import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbval.plugin import IPyNbFile

from conftest import pytest_collection_modifyitems
from helpers.files import ROOT
from tests.cells import code_cells

LESSON = "extras/in_pytorch"


@pytest.fixture
def without_torch(monkeypatch):
    find = importlib.util.find_spec

    def find_all_but_torch(name, *of):
        return None if name == "torch" else find(name, *of)

    monkeypatch.setattr(importlib.util, "find_spec", find_all_but_torch)


def test_a_sentence_says_how_to_get_it_and_no_cell_fails(without_torch, monkeypatch, capsys):
    monkeypatch.setenv("HELLO_MNIST_LANGUAGE", "en")
    shell = InteractiveShell.instance()
    manager = shell.input_transformer_manager
    monkeypatch.setattr(manager, "cleanup_transforms", [*manager.cleanup_transforms])
    for cell in code_cells(LESSON):
        assert shell.run_cell(cell.source).success
    shell.reset(new_session=False)  # the images are large
    how, *others = capsys.readouterr().out.splitlines()
    assert "`uv sync --inexact --group pytorch` installs it" in how
    assert others == ["Skipped: PyTorch is not installed."] * (len(code_cells(LESSON)) - 2)


def test_its_cells_are_skipped_and_no_others(without_torch, request):
    for name in (LESSON, "01_load"):
        path = ROOT / "notebooks" / f"{name}.ipynb"
        items = list(IPyNbFile.from_parent(request.session, path=path).collect())
        pytest_collection_modifyitems(items)
        skipped = [item.get_closest_marker("skip") is not None for item in items]
        assert all(skipped) if name == LESSON else not any(skipped)


def test_its_nine_lines_of_keras_are_those_of_notebook_2():
    (taught,) = (cell for cell in code_cells("02_architecture") if "keras.Input(" in cell.source)
    assert taught.source in [cell.source for cell in code_cells(LESSON)]
