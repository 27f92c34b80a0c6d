import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from publish import refresh, translate
from tests.scratch import write_notebook
from tools import execute

PIECES = "print('a', flush=True)\nprint('b', flush=True)"
TRAIN = "from helpers.files import artifacts as a\nprint(a().exists())\na().mkdir()"


def test_two_runs_give_the_same_file_and_one_that_fails_leaves_it(tmp_path, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "publish.translate", None)  # of no use to one in English
    path = write_notebook(tmp_path / "a.ipynb", "# A", PIECES, TRAIN)
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(refresh, "english_notebooks", lambda: [path])
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert refresh.main(["a"]) == 0
    first = path.read_bytes()
    assert refresh.main(["notebooks/a.ipynb"]) == 0 and path.read_bytes() == first
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells] == ids
    # Pieces are put together, and no run finds what another has trained.
    outputs = [output.text for cell in notebook.cells[1:] for output in cell.outputs]
    assert outputs == ["a\nb\n", "False\n"]

    notebook.cells[2].source = "missing"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    assert refresh.main(["a"]) == 1 and path.read_bytes() == before
    message = capfd.readouterr().err
    assert "failed in cell [2]\n    missing\nNameError: " in message and "as it was" in message


def test_a_translation_is_made_anew_where_what_it_needs_is_there(tmp_path, monkeypatch, capsys):
    english = write_notebook(tmp_path / "01_load.ipynb", "# A", "print(1)")
    path = tmp_path / "notebooks" / "xx" / "01_load.ipynb"
    monkeypatch.setattr(translate, "main", lambda: print("1 to look at"))
    monkeypatch.setattr(translate, "made", lambda: {path: english.read_text()})
    monkeypatch.setattr(refresh, "notebooks", lambda: {"xx/01_load": path})
    assert refresh.main(["xx"]) == 0
    assert nbformat.read(path, as_version=4).cells[1].outputs[0].text == "1\n"
    assert "1 to look at" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "polib", None)  # as where the group publish is missing
    monkeypatch.delitem(sys.modules, "publish.translate")
    monkeypatch.delattr("publish.translate")
    assert refresh.main(["xx/01_load"]) == 0  # and it is left as it is
    assert "Only the English notebooks: " in capsys.readouterr().out


def test_which_notebooks_are_meant(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(refresh, "ROOT", tmp_path)
    names = ("01_load", "extras/better", "extras/faster", "02")
    known = {name: tmp_path / name for name in names}
    paths = [*known.values()]
    assert refresh.choose(["extras", "01_load.ipynb"], known) == paths[:3]
    assert refresh.choose(["--all"], known) == paths
    (tmp_path / "locales" / "xx").mkdir(parents=True)
    assert [*refresh.notebooks()][-1].startswith("xx/")  # to be made
    for name in ("01", "../01_load", ""):
        with pytest.raises(SystemExit, match=r"called .*; there are 01_load, extras/better, "):
            refresh.choose([name], known)
    (tmp_path / "extras").mkdir()
    for path in paths:
        path.write_text("{}")
    with pytest.raises(SystemExit, match=r"^Without git.*ONLY=01_load"):
        refresh.choose([], known)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "01_load", "02"], [*identity, "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    known["02"].write_text("{ }")
    assert refresh.choose([], known) == paths[1:]  # two that git doesn't know as well
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", *identity, "commit", "-qm", "b"], cwd=tmp_path, check=True)
    assert refresh.choose([], known) == []
    assert "last commit: no notebook. ONLY=01_load executes" in capsys.readouterr().out


def test_outputs_stay_where_a_library_is_missing(tmp_path, monkeypatch, capsys):
    path = write_notebook(tmp_path / "a.ipynb", "# A", "1", needs="no_such_library")
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(refresh, "english_notebooks", lambda: [path])
    before = path.read_bytes()
    assert refresh.main(["a"]) == 0 and path.read_bytes() == before
    said = "a.ipynb is left as it was: no_such_library is not installed."
    assert said in capsys.readouterr().out


def test_metadata_is_stable_and_what_stands_in_for_a_widget_outlives_it():
    view, pad = {"model_id": "0", "version_major": 2, "version_minor": 0}, {"text/plain": "a pad"}
    output = new_output("display_data", data={execute.WIDGET_VIEW: view, **pad})
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[output])])
    own = {execute.OWN: {"needs": "torch"}}
    notebook.metadata.update(papermill={"duration": 1.5}, widgets={"state": {}}, **own)
    notebook.cells[0].metadata.update(execution={"at": "now"}, tags=["colab"], trusted=True)
    result = execute.normalize(notebook)
    assert result.metadata == execute.METADATA | own
    assert result.cells[0].metadata == {"tags": ["colab"]}
    assert result.cells[0].outputs[0].data == pad
