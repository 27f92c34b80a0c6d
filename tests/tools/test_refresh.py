import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.scratch import write_notebook
from tools import normal, refresh

PIECES = "import sys\nfor piece in 'ab':\n    print(piece)\n    sys.stdout.flush()"
TRAIN = """\
from helpers.files import artifacts
artifacts().mkdir(exist_ok=True)
print(list(artifacts().iterdir()))
(artifacts() / "model").touch()"""


def test_two_runs_give_the_same_file(tmp_path, monkeypatch):
    monkeypatch.setattr(refresh, "translations", None)  # of no use to a notebook in English
    path = write_notebook(tmp_path / "a.ipynb", "# A", PIECES, TRAIN)
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert refresh.main([str(path)]) == 0
    first = path.read_bytes()
    assert refresh.main([str(path)]) == 0
    assert path.read_bytes() == first
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.id for cell in cells] == ids
    # Pieces are put together, and each run has an empty artifacts folder.
    assert [out.text for cell in cells[1:] for out in cell.outputs] == ["a\nb\n", "[]\n"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one notebook, in English."""
    monkeypatch.setattr(refresh, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()
    path = write_notebook(tmp_path / "notebooks" / "01_load.ipynb", "# A", "print(1)")
    monkeypatch.setattr(refresh, "english_notebooks", lambda: [path])
    return tmp_path


def output(path):
    return nbformat.read(path, as_version=4).cells[1].outputs[0].text


def test_a_translation_is_made_anew_and_a_language_without_a_folder_gets_one(
    project, monkeypatch, capsys
):
    translate = pytest.importorskip("publish.translate")
    english = project / "notebooks" / "01_load.ipynb"
    path = project / "notebooks" / "xx" / "01_load.ipynb"
    monkeypatch.setattr(translate, "main", lambda: ["missing: 'A'"])
    monkeypatch.setattr(translate, "made", lambda: {path: english.read_text()})
    (project / "locales").mkdir()
    assert refresh.main([str(path)]) == 0
    assert output(path) == "1\n" and "1 translations to look at" in capsys.readouterr().out


def test_without_translations_or_what_they_need_the_english_stand_alone(
    project, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "publish", None)  # so that its import fails
    assert refresh.translations() == {} and capsys.readouterr().out == ""
    (project / "locales").mkdir()
    assert refresh.translations() == {}
    assert "Only the English notebooks" in capsys.readouterr().out


def test_metadata_is_stable_and_what_stands_in_for_a_widget_outlives_it():
    view = {"model_id": "0", "version_major": 2, "version_minor": 0}
    kept = [{"image/png": "iVBORw0KGgo="}, {"text/plain": "a pad"}]
    outputs = [new_output("display_data", data={normal.WIDGET_VIEW: view, **data}) for data in kept]
    notebook = new_notebook(cells=[new_code_cell("1", outputs=outputs)])
    notebook.metadata.update(papermill={"duration": 1.5}, trusted=True, widgets={"state": {}})
    notebook.cells[0].metadata.update(execution={"at": "now"}, tags=["colab"], trusted=True)
    result = normal.normalize(notebook)
    kernel = {"display_name": "Python 3", "name": "python3"}
    assert result.metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
    assert result.cells[0].metadata == {"tags": ["colab"]}
    assert [output.data for output in result.cells[0].outputs] == kept
    assert notebook.metadata.trusted  # the argument stays as it was
    text = normal.text(notebook)
    assert text.startswith('{\n "cells"') and text.endswith("}\n")


def test_a_failing_cell_leaves_the_file(tmp_path, capfd):
    path = write_notebook(tmp_path / "a.ipynb", "# A", "missing")
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    message = capfd.readouterr().err
    assert "failed in cell [1]\n    missing\nNameError: " in message and "as it was" in message
