"""The project runs in a folder and in a surrounding that nobody thought of, all at once."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from helpers.common.files import ROOT
from tests.scratch import write_notebook

NAME = "Übung 1, été, 数字"
NOTEBOOK = """\
from helpers import mnist, plots
(images, labels), test = mnist.load_data()
plots.pixel_values(images[0])"""
CODE = """
import os, pathlib, sys
from helpers.common.backend import keras
print(keras.backend.backend())
from helpers.model import build_model
from helpers.saved import models
from helpers.common import files
network = build_model()
network.summary()
os.write(2, b"so far silent")
from tools import run
print(models.trained_model()[1])
try:
    with models.path_to_save(network) as path:
        network.save(path)
except files.WriteError as error:
    print(error)
os.environ["HELLO_MNIST_ARTIFACTS"] = sys.argv[1]
with models.path_to_save(network) as path:
    network.save(path)
print(models.trained_model()[1], flush=True)
run.run_notebooks([files.ROOT / "notebooks" / "01_short.ipynb"], pathlib.Path(sys.argv[1]))
"""
BROKEN = """
import os
os.write(2, b"libdevice is broken")
raise ImportError("DLL load failed")"""


@pytest.mark.slow
def test_the_project_runs_there_and_tensorflow_starts_without_a_word(tmp_path):
    """In a checkout that can't be written to: by its mode, and `artifacts` is no folder."""
    project = tmp_path / "project" / NAME
    for name in ("helpers", "tools"):
        shutil.copytree(ROOT / name, project / name)
    (project / "notebooks").mkdir()
    write_notebook(project / "notebooks" / "01_short.ipynb", "# Short", NOTEBOOK)
    (project / "artifacts").touch()
    for folder in (project, *(path for path in project.rglob("*") if path.is_dir())):
        folder.chmod(0o555)  # which pytest takes back when it clears up
    unset = ("LC_", "LANG", "HOME", "HELLO_MNIST_", "PYTHONUTF8", "PYTHONIOENCODING", "TF_")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    bare |= {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONDONTWRITEBYTECODE": "1"}
    bare |= {"KERAS_BACKEND": "jax", "HELLO_MNIST_LANGUAGE": "tlh"}
    bare["PYTHONPATH"] = f"{ROOT / 'tests' / 'offline'}{os.pathsep}{project}"
    results, before = tmp_path / NAME, sorted(project.rglob("*"))
    call = {"cwd": tmp_path, "env": bare, "capture_output": True, "encoding": "utf-8"}
    done = subprocess.run([sys.executable, "-c", CODE, results], **call)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("so far silent")
    assert not any(word in done.stderr for word in ("Traceback", "arning", "No pages"))
    assert sorted(project.rglob("*")) == before  # a superuser may write, and nothing did
    started, _first, later = done.stdout.partition("\nthe model that comes with the lesson\n")
    assert started.startswith("tensorflow\n") and "Total params" in started
    refused, saved, second, *_table = later.splitlines()
    assert f"{NAME}/artifacts" in refused and "can't be written" in refused
    assert saved.endswith("mnist_cnn.keras") and "the model that you saved on 2" in second
    (figure,) = nbformat.read(results / "01_short.ipynb", as_version=4).cells[1].outputs
    assert "image/png" in figure.data


def test_an_import_that_fails_shows_its_error_and_what_was_held_back(tmp_path):
    (tmp_path / "tensorflow.py").write_text(BROKEN)
    command = [sys.executable, "-c", "import helpers.common.backend"]
    env = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    error = subprocess.run(command, env=env, capture_output=True, text=True).stderr
    assert "libdevice is broken" in error and "DLL load failed" in error
