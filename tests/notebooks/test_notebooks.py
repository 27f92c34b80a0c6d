"""The committed notebooks keep the rules in guards.py; nbval itself compares their outputs."""

import subprocess
import sys
from itertools import pairwise

import pytest
from nbformat.v4 import new_output
from nbval.plugin import IPyNbFile

from conftest import pytest_collection_modifyitems
from tests.cells import code_cells
from tests.notebooks import guards
from tests.scratch import write_notebook
from tools.execute import NOTEBOOKS, english_notebooks, four_notebooks

ORIGINALS = english_notebooks()
ALL = sorted(NOTEBOOKS.rglob("*.ipynb"))
FOUR = ["01_load.ipynb", "02_architecture.ipynb", "03_train.ipynb", "04_evaluate.ipynb"]
NEXT = dict(pairwise(FOUR))


@pytest.fixture(scope="module")
def colab_lines():
    return code_cells("01_load")[0].source.splitlines()


def test_the_four_are_there():
    assert [path.name for path in four_notebooks()] == FOUR


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_all_rules(path):
    found = guards.check(path.read_text(encoding="utf-8"), path.parent, NEXT.get(path.name))
    if path not in ORIGINALS:  # the rest is made of the original and a catalogue
        for rule in ("opener", "ending", "limits"):
            found.pop(rule, None)
    if path.name not in FOUR:  # an optional lesson has many results, and none is the key
        found.pop("key_result", None)
    assert found == {}


def test_all_have_the_same_cell_for_colab(colab_lines):
    for path in ORIGINALS:
        assert code_cells(path)[0].source.splitlines() == colab_lines, path.name


@pytest.mark.parametrize(
    ("tags", "then", "now", "same"),
    [
        (["measured"], "loss: 0.29, -1.5e-05, 9,880 of", "loss: 0.3, +2, 10 of", True),
        (["measured"], "loss: 0.29", "accuracy: 0.29", False),
        (["measured"], "loss: 0.29", "loss: nan", False),
        ([], "loss: 0.29", "loss: 0.3", False),
    ],
)
def test_nbval_compares_all_but_the_numbers_of_a_measuring_cell(
    tags, then, now, same, request, tmp_path
):
    path = write_notebook(tmp_path / "a.ipynb", "# A", "show()")
    (item,) = IPyNbFile.from_parent(request.session, path=path).collect()
    item.cell.metadata.tags = tags
    pytest_collection_modifyitems([item])
    old, new = (
        [new_output("stream", text=text), new_output("execute_result", {"text/plain": text})]
        for text in (then, now)
    )
    assert item.compare_outputs(new, old) == same


STUB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
SHOW = "\nimport helpers; print(helpers.__file__, sys.path.count(folder))"


@pytest.fixture
def colab(tmp_path, colab_lines, monkeypatch):
    """The cell for Colab with the address of a small local repository, and a way to run it."""
    origin, content = tmp_path / "origin", tmp_path / "content"
    (origin / "helpers").mkdir(parents=True)
    (origin / "helpers" / "__init__.py").touch()
    content.mkdir()
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=origin, check=True)

    lines = list(colab_lines)
    (place,) = [i for i, line in enumerate(lines) if line.startswith("REPOSITORY = ")]

    def run(before="", after="", address=None):
        lines[place] = f"REPOSITORY = {address or origin.as_uri()!r}"
        script = "\n".join([before, *lines, after])
        command = [sys.executable, "-c", script]
        return subprocess.run(command, cwd=content, capture_output=True, text=True)

    run.folder = content / "hello-mnist"
    return run


def test_colab_cell_does_nothing_elsewhere(colab):
    done = colab()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(colab.folder.parent.iterdir()) == []


def test_colab_cell_fetches_once(colab, colab_lines):
    first = colab(STUB, SHOW)
    wanted = f"{colab.folder / 'helpers' / '__init__.py'} 1\n"
    assert (first.stdout, first.stderr) == (wanted, "")

    (colab.folder / "mine.txt").touch()
    twice = "\n".join(colab_lines[1:])  # run again in the same session
    second = colab(STUB, twice + SHOW, address="file:///nowhere")
    assert (second.stdout, second.stderr) == (wanted, "")
    assert (colab.folder / "mine.txt").exists()


def test_colab_cell_says_what_failed_and_leaves_no_half_clone(colab):
    colab.folder.with_suffix(".partial").mkdir()
    failed = colab(STUB, address="file:///nowhere")
    assert "RuntimeError: Could not fetch file:///nowhere" in failed.stderr
    assert not colab.folder.exists()
    assert colab(STUB, SHOW).stdout.endswith(" 1\n")
