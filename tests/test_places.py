"""The project runs in a folder and in a surrounding that nobody thought of, all at once."""

import os
import shutil
import subprocess
import sys

import nbformat

from helpers.files import ROOT
from tests.scratch import write_notebook

NAME = "Übung 1, été, 数字"
NOTEBOOK = """\
from helpers import mnist, plots
(images, labels), test = mnist.load_data()
plots.pixel_values(images[0])"""
CODE = """
import os, pathlib, sys
from helpers import files, model, training
from tools import run
print(model.trained_model()[1])
network = model.build_model()
try:
    with training.saving(network, {"loss": [0.5]}) as path:
        network.save(path)
except files.WriteError as error:
    print(error)
os.environ["HELLO_MNIST_ARTIFACTS"] = sys.argv[1]
with training.saving(network, {"loss": [0.5]}) as path:
    network.save(path)
print(model.trained_model()[1], flush=True)
run.run([files.ROOT / "notebooks" / "01_short.ipynb"], pathlib.Path(sys.argv[1]))
"""


def test_the_project_runs_there(tmp_path):
    """In a checkout that can't be written to: by its mode, and `artifacts` is no folder."""
    project = tmp_path / "project" / NAME
    for name in ("helpers", "tools"):
        shutil.copytree(ROOT / name, project / name)
    (project / "notebooks").mkdir()
    write_notebook(project / "notebooks" / "01_short.ipynb", "# Short", NOTEBOOK)
    (project / "artifacts").touch()
    for folder in (project, *(path for path in project.rglob("*") if path.is_dir())):
        folder.chmod(0o555)  # which pytest takes back when it clears up
    unset = ("LC_", "LANG", "HOME", "HELLO_MNIST_", "PYTHONUTF8", "PYTHONIOENCODING")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    bare |= {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONDONTWRITEBYTECODE": "1"}
    bare["PYTHONPATH"] = f"{ROOT / 'tests' / 'offline'}{os.pathsep}{project}"
    results, before = tmp_path / NAME, sorted(project.rglob("*"))
    call = {"cwd": tmp_path, "env": bare, "capture_output": True, "encoding": "utf-8"}
    done = subprocess.run([sys.executable, "-c", CODE, results], **call)
    assert done.returncode == 0, done.stderr
    assert not any(word in done.stderr for word in ("Traceback", "arning", "No pages"))
    assert sorted(project.rglob("*")) == before  # a superuser may write, and nothing did
    first, refused, saved, second, *_table = done.stdout.splitlines()
    assert first == "the model that comes with the lesson"
    assert f"{NAME}/artifacts" in refused and "can't be written" in refused
    assert saved.endswith("mnist_cnn.keras") and "you trained in notebook 3" in second
    assert {"history.json", "mnist_cnn.keras"} <= {path.name for path in results.iterdir()}
    (figure,) = nbformat.read(results / "01_short.ipynb", as_version=4).cells[1].outputs
    assert "image/png" in figure.data
