"""The project runs in a folder and in a surrounding that nobody thought of."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from helpers.files import ROOT
from tests.disks import read_only

NAME = "Übung 1, été, 数字"
RUN_FIRST = """
import pathlib, sys
from tools import execute, run
sys.exit(run.run(execute.four_notebooks(), pathlib.Path(sys.argv[1])))
"""
LOAD_AND_SAVE = """
import os, sys
from helpers import files, model, training
print(model.trained_model()[1])
try:
    training.save_run(model.build_model(), {"loss": [0.5]})
except files.WriteError as error:
    print(error)
os.environ["HELLO_MNIST_ARTIFACTS"] = sys.argv[1]
print(training.save_run(model.build_model(), {"loss": [0.5]}).name)
print(model.trained_model()[1])
"""


@pytest.fixture
def run(tmp_path):
    """Run code in a surrounding as bare as it gets, on a checkout that can't be written to."""
    project = tmp_path / "project" / NAME
    for name in ("helpers", "tools", "docs", "locales", "notebooks/extras"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    notebook = nbformat.read(ROOT / "notebooks" / "01_load.ipynb", as_version=4)
    notebook.cells = notebook.cells[:16]  # the data, its key result, the first two figures
    shutil.copy(ROOT / "pyproject.toml", project)
    nbformat.write(notebook, project / "notebooks" / "01_load.ipynb")
    unset = ("LC_", "LANG", "HOME", "HELLO_MNIST_ARTIFACTS", "PYTHONUTF8", "PYTHONIOENCODING")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    path = os.environ["PYTHONPATH"].split(os.pathsep)[0]  # the tests are offline
    path = os.pathsep.join([path, str(project)])
    bare |= {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONPATH": path}

    def run(code):
        command = [sys.executable, "-c", code, tmp_path / NAME]
        call = {"cwd": tmp_path, "env": bare, "capture_output": True, "encoding": "utf-8"}
        before = sorted(project.rglob("*"))
        done = subprocess.run(command, **call)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
        assert sorted(project.rglob("*")) == before
        return done

    with read_only(project):
        yield run


def test_a_notebook_runs_there(run, tmp_path):
    done = run(RUN_FIRST)
    assert "70,000 images loaded" in done.stdout and "arning" not in done.stderr
    for name in ("01_load.ipynb", "index.html", "notebooks/01_load.html"):
        assert (tmp_path / NAME / name).is_file()


def test_a_model_is_loaded_and_saved_there(run, tmp_path):
    done = run(LOAD_AND_SAVE)
    first, refused, saved, second = done.stdout.splitlines()
    assert first == "the model that comes with the lesson" and done.stderr == ""
    assert f"{NAME}/artifacts" in refused and "can't be written" in refused
    assert saved == "mnist_cnn.keras" and second == "the model that you trained in notebook 3"
    assert sorted(path.name for path in (tmp_path / NAME).iterdir()) == ["history.json", saved]
