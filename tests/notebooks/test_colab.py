"""The first cell of each notebook fetches the lesson on Colab, and does nothing elsewhere."""

import subprocess
import sys

import pytest

from tests.cells import code_cells
from tools.execute import english_notebooks

STUB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
SHOW = "\nimport helpers; print(helpers.__file__, sys.path.count(folder))"
LINES = code_cells("01_load")[0].source.splitlines()


def test_it_is_the_same_in_all():
    for path in english_notebooks():
        assert code_cells(path)[0].source.splitlines() == LINES, path.name


@pytest.fixture
def colab(tmp_path, monkeypatch):
    """The cell with the address of a small local repository, and a way to run it."""
    origin, content = tmp_path / "origin", tmp_path / "content"
    (origin / "helpers").mkdir(parents=True)
    (origin / "helpers" / "__init__.py").touch()
    content.mkdir()
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=origin, check=True)

    def run(before="", after="", address=None):
        place = f"REPOSITORY = {address or origin.as_uri()!r}"
        lines = [place if line.startswith("REPOSITORY = ") else line for line in LINES]
        command = [sys.executable, "-c", "\n".join([before, *lines, after])]
        return subprocess.run(command, cwd=content, capture_output=True, text=True)

    run.folder = content / "hello-mnist"
    return run


def test_it_does_nothing_elsewhere(colab):
    done = colab()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(colab.folder.parent.iterdir()) == []


def test_it_fetches_once(colab):
    first = colab(STUB, SHOW)
    wanted = f"{colab.folder / 'helpers' / '__init__.py'} 1\n"
    assert (first.stdout, first.stderr) == (wanted, "")

    (colab.folder / "mine.txt").touch()
    twice = "\n".join(LINES[1:])  # run again in the same session
    second = colab(STUB, twice + SHOW, address="file:///nowhere")
    assert (second.stdout, second.stderr) == (wanted, "")
    assert (colab.folder / "mine.txt").exists()


def test_it_says_what_failed_and_leaves_no_half_clone(colab):
    colab.folder.with_suffix(".partial").mkdir()
    failed = colab(STUB, address="file:///nowhere")
    assert "RuntimeError: Could not fetch file:///nowhere" in failed.stderr
    assert not colab.folder.exists()
    assert colab(STUB, SHOW).stdout.endswith(" 1\n")
