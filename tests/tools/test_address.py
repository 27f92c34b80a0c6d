import json
from pathlib import Path

import pytest

from tools import address
from tools.execute import NOTEBOOKS, ROOT, lesson

README = """\
[![CI](https://github.com/OWNER/hello-mnist/actions/workflows/ci.yml/badge.svg)](https://github.com/OWNER/hello-mnist/actions/workflows/ci.yml)
[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/OWNER/hello-mnist/main?urlpath=lab/tree/notebooks/01_load.ipynb)
[Open in Colab](https://colab.research.google.com/github/OWNER/hello-mnist/blob/main/notebooks/01_load.ipynb)
    git clone https://github.com/OWNER/hello-mnist.git
    git clone https://github.com/OWNER/hello-mnist
Tested with [nbval](https://github.com/computationalmodelling/nbval).
"""
CELL = 'import os\n\nREPOSITORY = "https://github.com/OWNER/hello-mnist"\nREPOSITORY'


@pytest.fixture
def project(tmp_path):
    """A project that was forked: another address in pyproject.toml, the old one elsewhere."""
    (tmp_path / "notebooks" / "extras").mkdir(parents=True)
    (tmp_path / "README.md").write_text(README)
    for name in ("01_load", "extras/more"):
        notebook = {"cells": [{"source": CELL.splitlines(keepends=True)}]}
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook, indent=1))
    write_address(tmp_path, "https://github.com/a-school/digits_2.0")
    return tmp_path


def write_address(folder: Path, url: str) -> None:
    text = f'[project]\nname = "x"\n[project.urls]\nRepository = "{url}"\n'
    (folder / "pyproject.toml").write_text(text)


def texts(project: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in sorted(project.rglob("*.*")) if path.is_file()}


def test_stamps_every_place_and_only_ours(project, capsys):
    assert address.main([], root=project) == 0
    assert capsys.readouterr().out.count("stamped") == 3
    readme = (project / "README.md").read_text()
    assert readme == README.replace("OWNER/hello-mnist", "a-school/digits_2.0")
    notebook = json.loads((project / "notebooks/extras/more.ipynb").read_text())
    assert "".join(notebook["cells"][0]["source"]) == CELL.replace(
        "OWNER/hello-mnist", "a-school/digits_2.0"
    )


def test_a_second_run_changes_nothing(project, capsys):
    address.main([], root=project)
    before = texts(project)
    capsys.readouterr()
    assert address.main([], root=project) == 0
    assert texts(project) == before
    assert "already" in capsys.readouterr().out


def test_check_lists_and_changes_nothing(project, capsys):
    before = texts(project)
    assert address.main(["--check"], root=project) == 1
    assert texts(project) == before
    assert "README.md: differs" in capsys.readouterr().out
    address.main([], root=project)
    assert address.main(["--check"], root=project) == 0


@pytest.mark.parametrize(
    "url",
    ["", "OWNER/hello-mnist", "http://github.com/a/b", "https://github.com/a", "https://x.org/a/b"],
)
def test_a_malformed_address_is_refused(project, capsys, url):
    write_address(project, url)
    assert address.main([], root=project) == 1
    assert "expected 'https://github.com/owner/name'" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["https://github.com/a/b.git", "https://github.com/a/b/"])
def test_the_forms_that_a_browser_shows_are_understood(project, url):
    write_address(project, url)
    assert address.repository(project / "pyproject.toml") == "a/b"


def test_this_project_is_stamped():
    assert address.main(["--check"]) == 0


def test_readme_has_the_badges_of_each_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ours = address.repository()
    assert f"https://github.com/{ours}/actions/workflows/ci.yml/badge.svg" in readme
    assert f"https://mybinder.org/v2/gh/{ours}/" in readme
    for path in lesson():
        assert f"colab.research.google.com/github/{ours}/blob/main/notebooks/{path.name}" in readme


def test_each_notebook_names_the_repository_once():
    line = f'REPOSITORY = \\"https://github.com/{address.repository()}\\"'
    for path in sorted(NOTEBOOKS.rglob("*.ipynb")):
        assert path.read_text(encoding="utf-8").count(line) == 1, path.name


def test_pattern_keeps_a_dot_in_a_name():
    text = "git clone https://github.com/o/name.js.git"
    assert address.stamped(text, "p/q") == "git clone https://github.com/p/q.git"
