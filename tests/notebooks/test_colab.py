"""The first cell of each notebook fetches the lesson on Colab, and does nothing elsewhere."""

import re
import shutil
import subprocess
import sys

from helpers.common.files import ROOT
from tests.cells import code_cells, has_tag
from tools import english_notebooks

STUB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"
SHOW = "import helpers; print(helpers.__file__, helpers.OF)"
PUBLIC = "https://github.com/OWNER/hello-mnist"
NEEDED = [
    "tools/__init__.py",
    "tools/colab.py",
    "helpers/common/files.py",
    "helpers/common/language.py",
]
(VERSION,) = re.findall('^version = "(.*)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
FIRST = code_cells("01_load")[0]
FORM = {"tags": ["colab"], "cellView": "form", "jupyter": {"source_hidden": True}}


def test_it_is_the_same_in_all_and_collapsed():
    for path in english_notebooks():
        (cell,) = (cell for cell in code_cells(path) if has_tag(cell, "colab"))
        assert cell == code_cells(path)[0] and cell.source == FIRST.source, path.name
        assert f'version="{VERSION}"' in cell.source, path.name
        assert FORM.items() <= cell.metadata.items(), path.name


def test_it_fetches_its_release_or_main_once_and_on_colab_alone(tmp_path, monkeypatch):
    origin, content = tmp_path / "origin", tmp_path / "content"
    (content / "hello-mnist" / "helpers").mkdir(parents=True)  # of a fetch that was interrupted
    for name in NEEDED:
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, origin / name)
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)

    def git(*arguments):
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(origin), *author, *arguments], check=True)

    def commit(version):
        (origin / "pyproject.toml").write_text(f'version = "{version}"')
        (origin / "helpers" / "__init__.py").write_text(f"OF = '{version}'")
        git("add", ".")
        git("commit", "-q", "-m", version)

    def run(address, *parts):
        command = [sys.executable, "-c", "\n".join(parts).replace(PUBLIC, address)]
        return subprocess.run(command, cwd=content, capture_output=True, text=True)

    git("init", "-q", "-b", "main")
    commit(VERSION)
    elsewhere = run(origin.as_uri(), FIRST.source)
    assert (elsewhere.returncode, elsewhere.stdout, elsewhere.stderr) == (0, "", "")
    failed = run("file:///OWNER/nowhere", STUB, FIRST.source)
    assert "Could not fetch the files. Is the address right? " in failed.stderr
    assert "fatal: " in failed.stderr and "/OWNER/nowhere" in failed.stderr  # what git says
    assert not (content / "hello-mnist").exists()
    run(origin.as_uri(), STUB, FIRST.source)
    again = run("file:///nowhere", STUB, FIRST.source, FIRST.source, SHOW)  # it has no need of it
    path = content / "hello-mnist" / "helpers" / "__init__.py"
    assert again.stdout == f"{path} {VERSION}\n"

    git("tag", f"v{VERSION}")
    commit("2999.1")
    shutil.rmtree(content / "hello-mnist")
    assert run(origin.as_uri(), STUB, FIRST.source, SHOW).stdout == again.stdout
    assert run("file:///nowhere", STUB, FIRST.source, SHOW).stdout == again.stdout
    git("tag", "-d", f"v{VERSION}")
    shutil.rmtree(content / "hello-mnist")
    newer = run(origin.as_uri(), STUB, FIRST.source, SHOW).stdout
    assert f"If a cell fails, open it anew:\n{origin.as_uri()}\n" in newer
    assert newer.endswith(" 2999.1\n")
    (content / "hello-mnist" / "own").touch()  # a learner's file, which a second run keeps
    assert run("file:///nowhere", STUB, FIRST.source, SHOW).stdout == newer
    assert (content / "hello-mnist" / "own").exists()
    shutil.rmtree(content / "hello-mnist" / "tools")  # of a fetch that was interrupted
    assert run(origin.as_uri(), STUB, FIRST.source, SHOW).stdout == newer
