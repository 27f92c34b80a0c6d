"""The committed notebooks keep the rules in guards.py; nbval itself compares their outputs."""

import os
import subprocess
import sys
from itertools import pairwise

import nbformat
import pytest

from tests.notebooks import guards
from tools.execute import NOTEBOOKS, lesson

ALL = sorted(NOTEBOOKS.rglob("*.ipynb"))
FOUR = ["01_load.ipynb", "02_architecture.ipynb", "03_train.ipynb", "04_evaluate.ipynb"]
NEXT = dict(pairwise(FOUR))

RULES = [
    guards.execution_order,
    guards.clean_outputs,
    guards.no_machine_paths,
    guards.alternative_texts,
    guards.colab_cell,
    guards.opener,
]


def read(path):
    return nbformat.read(path, as_version=4)


def colab_source(path):
    return next(cell.source for cell in read(path).cells if cell.cell_type == "code")


def test_the_four_are_there():
    assert [path.name for path in lesson()] == FOUR


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule, path):
    assert rule(read(path)) == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_file_is_in_normal_form_and_small(path):
    text = path.read_text(encoding="utf-8")
    assert guards.normal_form(text) + guards.size(text) == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_ending_and_links(path):
    notebook = read(path)
    assert guards.ending(notebook, NEXT.get(path.name)) == []
    assert guards.links(notebook, path.parent) == []


@pytest.mark.parametrize("path", lesson(), ids=lambda path: path.stem)
def test_one_key_result(path):
    assert guards.key_result(read(path)) == []


def test_all_have_the_same_cell_for_colab():
    assert len({colab_source(path) for path in ALL}) == 1


STUB = """
import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
"""
SHOW = """
import helpers
print(helpers.__file__, sys.path.count(folder))
"""


@pytest.fixture
def colab(tmp_path):
    """The cell for Colab with the address of a small local repository, and a way to run it."""
    origin = tmp_path / "origin"
    (origin / "helpers").mkdir(parents=True)
    (origin / "helpers" / "__init__.py").touch()
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=origin, check=True)

    lines = colab_source(ALL[0]).splitlines()
    (place,) = [i for i, line in enumerate(lines) if line.startswith("REPOSITORY = ")]
    content = tmp_path / "content"
    content.mkdir()

    def run(before="", after="", address=None):
        lines[place] = f"REPOSITORY = {address or origin.as_uri()!r}"
        script = "\n".join([before, *lines, after])
        environment = {k: v for k, v in os.environ.items() if k != "COLAB_RELEASE_TAG"}
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=content,
            env=environment,
            capture_output=True,
            text=True,
        )

    run.content = content
    run.folder = content / "hello-mnist"
    return run


def test_colab_cell_does_nothing_elsewhere(colab):
    done = colab()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(colab.content.iterdir()) == []


def test_colab_cell_fetches_once(colab):
    first = colab(STUB, SHOW)
    wanted = f"{colab.folder / 'helpers' / '__init__.py'} 1\n"
    assert (first.stdout, first.stderr) == (wanted, "")

    (colab.folder / "mine.txt").touch()
    twice = "\n".join(colab_source(ALL[0]).splitlines()[1:])  # run again in the same session
    second = colab(STUB, twice + SHOW, address="file:///nowhere")
    assert (second.stdout, second.stderr) == (wanted, "")
    assert (colab.folder / "mine.txt").exists()


def test_colab_cell_says_what_failed_and_leaves_no_half_clone(colab):
    (colab.content / "hello-mnist.partial").mkdir()
    failed = colab(STUB, address="file:///nowhere")
    assert "RuntimeError: Could not fetch file:///nowhere" in failed.stderr
    assert not colab.folder.exists()
    assert colab(STUB, SHOW).stdout.endswith(" 1\n")
