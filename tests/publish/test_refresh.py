import subprocess

import nbformat
import pytest

from publish import refresh, translate
from tests.scratch import write_notebook
from tools import execute

PIECES = "print('a', flush=True)\nprint('b', flush=True)"
TRAIN = "from helpers.files import artifacts as a\nprint(a().exists())\na().mkdir()"


def test_two_runs_give_the_same_file_and_one_that_fails_leaves_it(tmp_path, monkeypatch):
    path = write_notebook(tmp_path / "a.ipynb", "# A", PIECES, TRAIN, own="yes")
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(refresh, "english_notebooks", lambda: [path])
    monkeypatch.setattr(translate, "translated_notebooks", dict)
    refresh.refresh_notebooks(["a"])
    first = path.read_bytes()
    refresh.refresh_notebooks(["notebooks/a.ipynb"])
    assert path.read_bytes() == first
    notebook = nbformat.read(path, as_version=4)
    # Pieces are put together, and no run finds what another has trained.
    outputs = [output for cell in notebook.cells[1:] for output in cell.outputs]
    assert [output.text for output in outputs] == ["a\nb\n", "False\n"]
    assert notebook.metadata == execute.METADATA | {"hello-mnist": {"own": "yes"}}

    notebook.cells[2].source = "missing"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match="NameError"):
        refresh.refresh_notebooks(["a"])
    assert path.read_bytes() == before
    for names in (["b"], ["a", "../a"], []):
        with pytest.raises(SystemExit, match=r"there are a\.ipynb"):
            refresh.choose_notebooks(names)


def test_without_a_name_changed_and_new_notebooks_are_executed(tmp_path, monkeypatch, capfd):
    """What git ignores, what isn't changed and what is no notebook of the lesson stays aside."""
    folder = tmp_path / "notebooks"
    (folder / "extras").mkdir(parents=True)
    paths = [folder / f"{name}.ipynb" for name in ("kept", "changed", "extras/new")]
    monkeypatch.setattr(refresh, "NOTEBOOKS", folder)
    monkeypatch.setattr(refresh, "english_notebooks", lambda: paths)
    monkeypatch.setattr(translate, "translated_notebooks", dict)

    def git(*arguments):
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", tmp_path, *author, *arguments], check=True)

    git("init", "-q")
    for path in paths[:2]:
        write_notebook(path, "# A", PIECES)
    git("add", ".")
    git("commit", "-q", "-m", "two notebooks")
    with pytest.raises(SystemExit, match=r"Git names no notebook that has changed\. Name noteb"):
        refresh.refresh_notebooks([])
    for path in (*paths[1:], folder / "changed (1).ipynb"):
        write_notebook(path, "# B", PIECES)
    before = paths[0].read_bytes()
    refresh.refresh_notebooks([])
    assert paths[0].read_bytes() == before
    for path in paths[1:]:
        assert nbformat.read(path, 4).cells[1].outputs[0].text == "a\nb\n", path.name


def live_cell(source: str, *outputs: dict) -> nbformat.NotebookNode:
    """Return a notebook with one live cell, as `publish.site.pictures` finds it."""
    cell = nbformat.v4.new_code_cell(source, id="pad", metadata={"tags": ["live-pad"]})
    cell.outputs = [nbformat.v4.new_output("display_data", data) for data in outputs]
    return nbformat.v4.new_notebook(cells=[cell])


def test_a_live_part_keeps_its_picture_and_one_that_shows_nothing_now_loses_it():
    old = live_cell("pad()", {"text/plain": "old", "image/png": "picture"})
    old.cells[0].outputs[0].metadata["image/png"] = {"alt": "a pad"}
    shown, empty = live_cell("pad()", {"text/plain": "new"}), live_cell("pass")
    refresh.keep_pictures(shown, old)
    refresh.keep_pictures(empty, old)
    [output] = shown.cells[0].outputs
    assert output.data == {"text/plain": "new", "image/png": "picture"}
    assert output.metadata == {"image/png": {"alt": "a pad"}}
    assert empty.cells[0].outputs == []
