"""The first cell of each notebook fetches the lesson on Colab, and does nothing elsewhere."""

import subprocess
import sys

from tests.cells import code_cells, tagged
from tools.execute import english_notebooks

STUB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
SHOW = "import helpers; print(helpers.__file__, sys.path.count(folder))"
FIRST = code_cells("01_load")[0]
FORM = {"tags": ["colab"], "cellView": "form", "jupyter": {"source_hidden": True}}


def test_it_is_the_same_in_all_and_collapsed():
    for path in english_notebooks():
        (cell,) = (cell for cell in code_cells(path) if tagged(cell, "colab"))
        assert cell == code_cells(path)[0] and cell.source == FIRST.source, path.name
        assert FORM.items() <= cell.metadata.items(), path.name


def test_it_fetches_once_and_on_colab_alone(tmp_path, monkeypatch):
    origin, content = tmp_path / "origin", tmp_path / "content"
    (origin / "helpers").mkdir(parents=True)
    (origin / "helpers" / "__init__.py").touch()
    (content / "hello-mnist.partial").mkdir(parents=True)  # of a fetch that was interrupted
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=origin, check=True)

    def run(address, *parts):
        public = FIRST.source.partition('REPOSITORY = "')[2].partition('"')[0]
        command = [sys.executable, "-c", "\n".join(parts).replace(public, address)]
        return subprocess.run(command, cwd=content, capture_output=True, text=True)

    elsewhere = run(origin.as_uri(), FIRST.source)
    assert (elsewhere.returncode, elsewhere.stdout, elsewhere.stderr) == (0, "", "")
    failed = run("file:///nowhere", STUB, FIRST.source)
    assert "RuntimeError: Could not fetch file:///nowhere" in failed.stderr
    assert not (content / "hello-mnist").exists()
    run(origin.as_uri(), STUB, FIRST.source)
    again = run("file:///nowhere", STUB, FIRST.source, FIRST.source, SHOW)  # it has no need of it
    assert again.stdout == f"{content / 'hello-mnist' / 'helpers' / '__init__.py'} 1\n"
