"""environment.yml, for conda, mamba and Binder, goes with pyproject.toml."""

import re
import subprocess
import sys

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from helpers.files import ROOT

OFFLINE = re.compile(r"client error \(Connect\)|dns error")  # as uv says it


def test_it_holds_a_supported_python_pip_and_the_project():
    found = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python = found["dependencies"][0]
    needed = [python, "pip", {"pip": ["-e ."]}]
    assert found == {"name": "hello-mnist", "channels": ["conda-forge"], "dependencies": needed}
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    supported = re.search(r'^requires-python = "(.*)"$', pyproject, re.MULTILINE)[1]
    assert re.fullmatch(r"python=3\.\d+", python) and python[7:] in SpecifierSet(supported)

    # Of all tests, only this one may use the network; without one it says so soon.
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
    command += ["--python-version", python[7:], "--no-python-downloads", "pyproject.toml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if OFFLINE.search(done.stderr):
        pytest.skip("there is no network to ask for versions")
    assert done.returncode == 0 and "\ntensorflow==" in done.stdout, done.stderr
