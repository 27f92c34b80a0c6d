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
    refresh.main(["a"])
    first = path.read_bytes()
    refresh.main(["notebooks/a.ipynb"])
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
        refresh.main(["a"])
    assert path.read_bytes() == before
    for names in (["b"], ["a", "../a"], []):
        with pytest.raises(SystemExit, match=r"there are a\.ipynb"):
            refresh.choose(names)
