import json

import pytest

from helpers.files import ROOT
from tools import address
from tools.execute import NOTEBOOKS, lesson

README = """\
[![CI](https://github.com/OWNER/hello.mnist/actions/workflows/ci.yml/badge.svg)](https://github.com/OWNER/hello.mnist/actions/workflows/ci.yml)
[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/OWNER/hello.mnist/main?urlpath=lab/tree/notebooks/01_load.ipynb)
[Open in Colab](https://colab.research.google.com/github/OWNER/hello.mnist/blob/main/notebooks/01_load.ipynb)
    git clone https://github.com/OWNER/hello.mnist.git
    git clone https://github.com/OWNER/hello.mnist
Clone https://github.com/OWNER/hello.mnist.
"""
OTHERS = """\
Tested with [nbval](https://github.com/computationalmodelling/nbval), not https://github.com/x/y.git
or https://github.com/OWNER/hello.mnist-2 or https://github.com/OWNER/hello.mnist.js by OWNER.
"""
CELL = 'import os\n\nREPOSITORY = "https://github.com/OWNER/hello.mnist"\nREPOSITORY'


def after(text):
    return text.replace("OWNER/hello.mnist", "a-school/digits_2.0")


@pytest.fixture
def project(tmp_path):
    """A function that makes a project that was forked: another address, the old one elsewhere."""

    def make(url="https://github.com/a-school/digits_2.0"):
        (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{url}"\n')
        (tmp_path / "notebooks" / "extras").mkdir(parents=True)
        (tmp_path / "README.md").write_text(README + OTHERS)
        for name in ("01_load", "extras/more"):
            notebook = {"cells": [{"source": CELL.splitlines(keepends=True)}]}
            (tmp_path / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook, indent=1))
        return tmp_path

    return make


def test_stamps_every_place_and_only_ours_and_only_once(project, capsys):
    root = project()
    assert address.main(root) == 0
    assert capsys.readouterr().out.count("stamped") == 3
    assert (root / "README.md").read_text() == after(README) + OTHERS
    for name in ("01_load", "extras/more"):
        notebook = json.loads((root / "notebooks" / f"{name}.ipynb").read_text())
        assert "".join(notebook["cells"][0]["source"]) == after(CELL)
    before = {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}
    assert address.main(root) == 0
    assert capsys.readouterr().out == "The README and the notebooks name a-school/digits_2.0.\n"
    assert {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()} == before


@pytest.mark.parametrize(
    "url", ["", "OWNER/hello-mnist", "http://github.com/a/b", "https://github.com/a"]
)
def test_a_malformed_address_is_refused(project, capsys, url):
    assert address.main(project(url)) == 1
    message = capsys.readouterr().err
    assert repr(url) in message and "expected 'https://github.com/owner/name'" in message


@pytest.mark.parametrize("url", ["https://github.com/a/b.git", "https://github.com/a/b/"])
def test_the_forms_that_a_browser_shows_are_understood(project, url):
    assert address.repository(project(url)) == "a/b"


def test_this_project_is_stamped():
    ours = address.repository()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"https://github.com/{ours}/actions/workflows/ci.yml/badge.svg" in readme
    assert f"https://mybinder.org/v2/gh/{ours}/" in readme
    for path in lesson():
        assert f"colab.research.google.com/github/{ours}/blob/main/notebooks/{path.name}" in readme
    for path in NOTEBOOKS.rglob("*.ipynb"):
        line = f'REPOSITORY = \\"https://github.com/{ours}\\"'
        assert path.read_text(encoding="utf-8").count(line) == 1, path.name
