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
FIRST = "01_load.ipynb"
RUN_FIRST = """
import pathlib, sys
from tools import execute, run
sys.exit(run.run(execute.lesson(), pathlib.Path(sys.argv[1])))
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


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A checkout that can't be written to, in a folder with spaces and letters of many kinds."""
    folder = tmp_path_factory.mktemp("places") / NAME
    for name in ("helpers", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    notebook = nbformat.read(ROOT / "notebooks" / FIRST, as_version=4)
    notebook.cells = notebook.cells[:16]  # the data, its key result, the first two figures
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / "notebooks" / FIRST)
    shutil.copy(ROOT / "pyproject.toml", folder)
    with read_only(folder):
        yield folder


@pytest.fixture
def run(project, tmp_path):
    """Run code with the project as the only one, in a surrounding as bare as it gets."""
    unset = ("LC_", "LANG", "HOME", "HELLO_MNIST_ARTIFACTS", "PYTHONUTF8", "PYTHONIOENCODING")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    path = os.environ["PYTHONPATH"].split(os.pathsep)[0]  # the tests are offline
    path = os.pathsep.join([path, str(project)])
    bare |= {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONPATH": path}

    def run(code):
        command = [sys.executable, "-c", code, tmp_path / NAME]
        call = {"cwd": tmp_path, "env": bare, "capture_output": True, "encoding": "utf-8"}
        return subprocess.run(command, **call)

    return run


def test_a_notebook_runs_there(run, tmp_path):
    done = run(RUN_FIRST)
    assert done.returncode == 0, done.stderr
    assert "70,000 images loaded" in done.stdout
    assert "Traceback" not in done.stderr and "arning" not in done.stderr
    assert len(list((tmp_path / NAME).iterdir())) == 3


def test_a_model_is_loaded_and_saved_there(run, project, tmp_path):
    before = sorted(project.rglob("*"))
    done = run(LOAD_AND_SAVE)
    assert (done.returncode, done.stderr) == (0, "")
    first, refused, saved, second = done.stdout.splitlines()
    assert first == "the model that comes with the lesson"
    assert f"{NAME}/artifacts" in refused and "can't be written" in refused
    assert saved == "mnist_cnn.keras" and second == "the model that you trained in notebook 3"
    assert sorted(path.name for path in (tmp_path / NAME).iterdir()) == ["history.json", saved]
    assert sorted(project.rglob("*")) == before
