import subprocess

import nbformat
import pytest

from publish import refresh, translate
from tests.scratch import write_notebook
from tools import execute

PIECES = "print('a', flush=True)\nprint('b', flush=True)"
TRAIN = "from helpers.common.files import artifacts as a\nprint(a().exists())\na().mkdir()"


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
    for names in (["b"], ["a", "../a"]):
        with pytest.raises(SystemExit, match=r"there are a\.ipynb"):
            refresh.choose_notebooks(names)


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """A folder of notebooks in a repository, as the lesson's own, and a function that calls git."""
    folder = tmp_path / "notebooks"
    (folder / "extras").mkdir(parents=True)
    names = ("kept", "changed", "extras/new")
    monkeypatch.setattr(refresh, "NOTEBOOKS", folder)
    monkeypatch.setattr(
        refresh, "english_notebooks", lambda: [folder / f"{name}.ipynb" for name in names]
    )
    monkeypatch.setattr(translate, "translated_notebooks", dict)

    def git(*arguments):
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", tmp_path, *author, *arguments], check=True)

    git("init", "-q", "-b", "main")
    for path in refresh.english_notebooks()[:2]:
        write_notebook(path, "# A", PIECES)
    git("add", ".")
    git("commit", "-q", "-m", "two notebooks")
    return git


def printed(path) -> list[str]:
    """Return what the code cells of a notebook have printed."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return ["".join(output.text for output in cell.outputs) for cell in cells]


def test_without_a_name_changed_and_new_notebooks_are_executed(fork, capsys):
    """What git ignores, what isn't changed and what is no notebook of the lesson stays aside."""
    paths = refresh.english_notebooks()
    refresh.refresh_notebooks([])
    assert "No notebook differs from the last commit" in capsys.readouterr().out
    for path in (*paths[1:], refresh.NOTEBOOKS / "changed (1).ipynb"):
        write_notebook(path, "# B", PIECES)
    before = paths[0].read_bytes()
    refresh.refresh_notebooks([])
    assert paths[0].read_bytes() == before
    for path in paths[1:]:
        assert printed(path) == ["a\nb\n"], path.name


def replace(path, old, new):
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize("conflict", [False, True])
def test_a_notebook_that_a_merge_has_put_together_is_executed(fork, conflict):
    """Also with `-X ours`, whose outputs are of the own side, and whose cells are of both."""
    kept, changed, _new = refresh.english_notebooks()
    cells = ["print('first')", "# between", "print('last')"]
    write_notebook(changed, "# A", *cells)
    fork("commit", "-qam", "before both")
    fork("checkout", "-qb", "upstream")
    replace(changed, "first", "FIRST")
    replace(kept, "# A", "# Upstream's")
    replace(changed, "# A", "# Upstream's" if conflict else "# A")
    fork("commit", "-qam", "upstream's")
    fork("checkout", "-q", "main")
    replace(changed, "last", "LAST")
    replace(changed, "# A", "# Ours" if conflict else "# A")
    fork("commit", "-qam", "ours")
    fork("merge", "-q", "--no-edit", *(["-X", "ours"] if conflict else []), "upstream")

    before = kept.read_bytes()
    refresh.refresh_notebooks([])
    assert [text for text in printed(changed) if text] == ["FIRST\n", "LAST\n"]
    assert kept.read_bytes() == before  # whose outputs were upstream's, and so were its cells


def test_without_a_clone_notebooks_have_to_be_named(fork):
    (refresh.NOTEBOOKS.parent / ".git").rename(refresh.NOTEBOOKS.parent / "no_git")
    with pytest.raises(SystemExit, match="name the notebooks"):
        refresh.refresh_notebooks([])


def test_a_notebook_with_the_marks_of_a_conflict_is_named(fork):
    changed = refresh.english_notebooks()[1]
    changed.write_text("<<<<<<< HEAD\n" + changed.read_text("utf-8"), "utf-8")
    with pytest.raises(SystemExit, match=r"changed\.ipynb can't be read .* conflict"):
        refresh.refresh_notebooks([])


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
