"""environment.yml: the file is held to pyproject.toml, and its pip part is installed by pip."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from helpers.files import ROOT

ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
OFFLINE = re.compile(  # as pip says it, then as uv does
    "NewConnectionError|NameResolutionError|ConnectTimeout|Connection refused"
    r"|client error \(Connect\)|dns error"
)


def test_file_holds_a_supported_python_pip_and_the_project():
    python, *rest = ENVIRONMENT["dependencies"]
    rest = {**ENVIRONMENT, "dependencies": rest}
    needed = ["pip", {"pip": ["-e ."]}]
    assert rest == {"name": "hello-mnist", "channels": ["conda-forge"], "dependencies": needed}
    supported = re.search(r'^requires-python = "(.*)"$', PYPROJECT, re.MULTILINE)[1]
    assert re.fullmatch(r"python=3\.\d+", python) and python[7:] in SpecifierSet(supported)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """An empty environment's Python, and a function that installs the pip part as conda does."""
    folder = tmp_path_factory.mktemp("environment")
    shutil.copytree(ROOT / "helpers", folder / "project" / "helpers")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "project")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    requirements = folder / "project" / "requirements.txt"
    requirements.write_text("\n".join(ENVIRONMENT["dependencies"][-1]["pip"]))

    def install(*command):
        # Without a network, say so soon; CI has one, and patience with it.
        settings = {} if os.environ.get("CI") else {"PIP_RETRIES": "1", "UV_HTTP_RETRIES": "1"}
        settings |= {"PYTHONPATH": ""}  # of all tests, only this one may use the network
        call = {"cwd": requirements.parent, "capture_output": True, "text": True}
        done = subprocess.run([*command, "-r", requirements], env=os.environ | settings, **call)
        if done.returncode and OFFLINE.search(done.stdout + done.stderr):
            pytest.skip("there is no network to install from")
        assert done.returncode == 0, done.stderr

    yield python, install
    shutil.rmtree(folder / "env", ignore_errors=True)  # up to 2 GB; pytest keeps its folders


def test_pip_part_installs_the_project(fresh):
    python, install = fresh
    install(python, "-m", "pip", "install", "--no-deps")
    show = "import helpers.files; print(helpers.files.ROOT)"
    done = subprocess.run([python, "-I", "-c", show], capture_output=True, text=True)
    assert Path(done.stdout.strip()).name == "project", done.stderr


def test_pip_part_finds_all_that_the_project_needs(fresh):
    """In CI pip installs all; elsewhere uv, which is quicker, works out what it would be."""
    python, install = fresh
    if not os.environ.get("CI"):
        install(sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--python", python)
        return
    install(python, "-m", "pip", "install")
    use = "import helpers.mnist, helpers.backend, jupyterlab; print(helpers.backend.keras.__name__)"
    done = subprocess.run([python, "-I", "-c", use], capture_output=True, text=True)
    assert done.stdout == "keras\n", done.stderr
    subprocess.run([python, "-m", "pip", "check"], check=True)
