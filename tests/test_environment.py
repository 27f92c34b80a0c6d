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

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OFFLINE = re.compile("NewConnectionError|NameResolutionError|ConnectTimeout|Connection refused")


def test_file_holds_python_pip_and_the_project():
    assert set(ENVIRONMENT) == {"name", "channels", "dependencies"}
    assert ENVIRONMENT["name"] == PROJECT["name"]
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    python, *rest = ENVIRONMENT["dependencies"]
    assert re.fullmatch(r"python=3\.\d+", python)
    assert rest == ["pip", {"pip": ["-e ."]}]


def test_its_python_is_supported():
    version = ENVIRONMENT["dependencies"][0].partition("=")[2]
    assert version in SpecifierSet(PROJECT["requires-python"])


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A copy of the project beside an empty environment, and pip in it as conda calls it."""
    folder = tmp_path_factory.mktemp("environment")
    shutil.copytree(ROOT / "helpers", folder / "project" / "helpers")
    for name in ("pyproject.toml", "README.md", "LICENSE", "environment.yml"):
        shutil.copy(ROOT / name, folder / "project")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    requirements = folder / "project" / "requirements.txt"
    requirements.write_text("\n".join(ENVIRONMENT["dependencies"][-1]["pip"]))

    def pip(*options: str) -> None:
        command = [python, "-m", "pip", "install", "--disable-pip-version-check", *options]
        command += ["--requirement", requirements]
        # Without a network, say so soon; CI has one, and patience with it.
        settings = {} if os.environ.get("CI") else {"PIP_RETRIES": "1"}
        settings["PYTHONPATH"] = ""  # of all tests, only this one may use the network
        done = subprocess.run(
            command,
            cwd=requirements.parent,
            env=os.environ | settings,
            capture_output=True,
            text=True,
        )
        if done.returncode and OFFLINE.search(done.stdout + done.stderr):
            pytest.skip("there is no network to install from")
        assert done.returncode == 0, done.stderr

    yield python, pip
    shutil.rmtree(folder / "env", ignore_errors=True)  # up to 2 GB; pytest keeps its folders


def test_pip_part_installs_the_project(fresh):
    python, pip = fresh
    pip("--no-deps")
    show = "import helpers.files; print(helpers.files.ROOT)"
    done = subprocess.run([python, "-I", "-c", show], capture_output=True, text=True)
    assert Path(done.stdout.strip()).name == "project", done.stderr


def test_pip_part_finds_all_that_the_project_needs(fresh):
    """In CI all is installed and imported; elsewhere pip only works out what it would install."""
    python, pip = fresh
    if not os.environ.get("CI"):
        pip("--dry-run")
        return
    pip()
    use = "import helpers.mnist, helpers.backend, jupyterlab; print(helpers.backend.keras.__name__)"
    done = subprocess.run([python, "-I", "-c", use], capture_output=True, text=True)
    assert done.stdout == "keras\n", done.stderr
    subprocess.run([python, "-m", "pip", "check"], check=True)
