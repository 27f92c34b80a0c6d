"""What happens before the first line of the lesson runs: uv, a fitting Python, an environment.

The Makefile is run for real, on a project that needs nothing; a Python that this machine hasn't is
played by a stand-in, which is this one but says that it is another.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions

import nbformat
import pytest
import uv
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers.files import ROOT
from tools.execute import english_notebooks

# It takes the Python of the tests for another.
STAND_IN = '#!/bin/sh\n{python} "$@" | sed "s/{short}/{version}/g"\n'
SHORT = "{}.{}".format(*sys.version_info)
TOOLS = ["make", "env", "sh", "sed", "printf", "test", "rm", "find", "uname"]
WITH_MAKE = pytest.mark.skipif(os.name != "posix" or not shutil.which("make"), reason="needs make")
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
(SUPPORTED,) = re.findall(r'^requires-python = "(.*)"$', PYPROJECT, re.MULTILINE)


@pytest.fixture
def make(tmp_path):
    """A function that calls `make run` with chosen Pythons, in a project without dependencies."""
    project, path = tmp_path / "a project", tmp_path / "path"
    (project / "tools").mkdir(parents=True)
    path.mkdir()
    shutil.copy(ROOT / "Makefile", project)
    needs = f'[project]\nname = "x"\nversion = "1"\nrequires-python = "{SUPPORTED}"'
    (project / "pyproject.toml").write_text(needs)
    (project / "tools" / "run.py").write_text("print('It runs.')")
    for name in filter(shutil.which, TOOLS):
        (path / name).symlink_to(shutil.which(name))

    def make(python3=None, fitting=False, with_uv=False, **environment):
        if python3:
            says = STAND_IN.format(python=sys.executable, short=SHORT, version=python3)
            (path / "python3").write_text(says)
            (path / "python3").chmod(0o755)
        if fitting:
            (path / f"python{SHORT}").symlink_to(os.path.realpath(sys.executable))
        if with_uv:
            (path / "uv").symlink_to(uv.find_uv_bin())
        settings = {"PATH": str(path), "HOME": str(tmp_path), "UV_PYTHON_DOWNLOADS": "never"}
        keep = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_"))}
        call = {"env": keep | settings | environment, "capture_output": True, "text": True}
        done = subprocess.run(["make", "run"], cwd=project, **call)
        assert (done.returncode == 0) == ("It runs." in done.stdout), done.stderr
        assert "Traceback" not in done.stderr
        return done

    return make


@WITH_MAKE
@pytest.mark.parametrize("python3", ["3.14", "3.8", None])
def test_a_fitting_python_is_found_beside_another_or_one_sentence_says_what_to_do(make, python3):
    done = make(python3, with_uv=True, UV_OFFLINE="1")
    assert "a Python from 3.10 to 3.13, which uv finds or fetches" in done.stderr
    done = make(fitting=True, UV_OFFLINE="1")
    assert "It runs." in done.stdout, done.stderr
    again = make(UV_OFFLINE="1")
    assert again.stdout == "It runs.\n", again.stderr  # and nothing of setting up
    named = make(PYTHON="python3.9", UV_OFFLINE="1")
    assert "PYTHON=python3.12 make run names one" in named.stderr


@WITH_MAKE
def test_without_uv_and_without_any_python_one_sentence_says_what_to_do(make):
    said = "Install uv (docs.astral.sh/uv says how), then type this again."
    assert said in make().stderr


@WITH_MAKE
@pytest.mark.slow
def test_any_python_3_fetches_uv_where_there_is_none(make):
    done = make("3.15", fitting=True)
    if "can't be fetched" in done.stderr:
        pytest.skip("there is no network to fetch uv from")
    assert "It runs." in done.stdout, done.stderr


def test_conda_and_binder_get_a_supported_python_and_the_project():
    found = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    name, version = found["dependencies"][0].split("=")
    assert name == "python" and version in SpecifierSet(SUPPORTED)
    assert found["dependencies"][1:] == ["pip", {"pip": ["-e ."]}]
    assert found["channels"] == ["conda-forge"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="3.10 doesn't know what a module comes from")
def test_all_that_the_lessons_import_is_on_colab():
    listed = (ROOT / "tests" / "colab-constraints.txt").read_text(encoding="utf-8")
    there = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", listed, re.M)}
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "helpers").rglob("*.py")]
    for path in english_notebooks():
        cells = nbformat.read(path, as_version=4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        sources += map(TransformerManager().transform_cell, code)  # a magic is no Python
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    names = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    ours = {"helpers", "google", *sys.stdlib_module_names}
    imported = {name.partition(".")[0] for name in names} - ours
    assert {"tensorflow", "matplotlib", "anywidget"} <= imported
    distributions = packages_distributions()
    for name in imported:
        assert there & {canonicalize_name(found) for found in distributions[name]}, name
