"""Where PyTorch is missing, the lesson says how to get it, and no cell fails."""

import sys

from IPython.core.interactiveshell import InteractiveShell

# Keras imports scikit-learn, which asks whether torch is imported. It would take the None that the
# test puts there for a library, so it is imported before.
from helpers.common.backend import keras  # noqa: F401
from tests.cells import code_cells

LESSON = "extras/in_pytorch"


def test_a_sentence_says_how_to_get_it_and_no_cell_fails(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "torch", None)
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


def test_its_nine_lines_of_keras_are_those_of_notebook_2():
    (taught,) = (cell for cell in code_cells("02_architecture") if "keras.Input(" in cell.source)
    assert taught.source in [cell.source for cell in code_cells(LESSON)]
