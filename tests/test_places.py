"""The project runs in a folder and in a surrounding that nobody thought of."""

import os
import shutil
import subprocess
import sys

import pytest

from helpers.files import ROOT
from tests.disks import read_only

NAME = "Übung 1, été, 数字"
RUN_FIRST = """
import sys
from pathlib import Path
from tools.execute import lesson
from tools.run import run
sys.exit(run(lesson()[:1], Path(sys.argv[1])))
"""
LOAD_AND_SAVE = """
import os, sys
from helpers import files, mnist, model, plots, training
(images, labels), _ = mnist.load_data()
plots.first_images(images[:10], labels[:10])._repr_mimebundle_()
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
    hidden = shutil.ignore_patterns("__pycache__", ".*")
    for name in ("helpers", "notebooks", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=hidden)
    shutil.copy(ROOT / "pyproject.toml", folder)
    with read_only(folder):
        yield folder


@pytest.fixture
def run(project, tmp_path):
    """Run code with the project as the only one, in a surrounding as bare as it gets."""

    def run(code):
        path = os.environ["PYTHONPATH"].split(os.pathsep)[0]  # the tests are offline
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
        for name in ("HOME", "HELLO_MNIST_ARTIFACTS", "PYTHONUTF8", "PYTHONIOENCODING"):
            environment.pop(name, None)
        environment |= {"LC_ALL": "C", "TZ": "Asia/Kathmandu"}
        environment["PYTHONPATH"] = os.pathsep.join([path, str(project)])
        return subprocess.run(
            [sys.executable, "-c", code, tmp_path / NAME],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )

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
