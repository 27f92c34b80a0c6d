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
OFFLINE = re.compile(  # as pip says it, then as uv does
    "NewConnectionError|NameResolutionError|ConnectTimeout|Connection refused"
    r"|client error \(Connect\)|dns error"
)


def test_file_holds_a_supported_python_pip_and_the_project():
    python = ENVIRONMENT["dependencies"][0]
    needed = [python, "pip", {"pip": ["-e ."]}]
    wanted = {"name": "hello-mnist", "channels": ["conda-forge"], "dependencies": needed}
    assert wanted == ENVIRONMENT
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    supported = re.search(r'^requires-python = "(.*)"$', pyproject, re.MULTILINE)[1]
    assert re.fullmatch(r"python=3\.\d+", python) and python[7:] in SpecifierSet(supported)


def test_pip_part_installs_the_project_and_finds_all_that_it_needs(tmp_path):
    """In CI pip installs all; elsewhere uv, which is quicker, works out what it would be."""
    project, environment, in_ci = tmp_path / "project", tmp_path / "env", "CI" in os.environ
    shutil.copytree(ROOT / "helpers", project / "helpers")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    (project / "requirements.txt").write_text("\n".join(ENVIRONMENT["dependencies"][-1]["pip"]))
    # Of all tests, only this one may use the network; without one it says so soon.
    settings = {"PYTHONPATH": ""} | ({} if in_ci else {"PIP_RETRIES": "1", "UV_HTTP_RETRIES": "1"})

    def run(*command):
        call = {"cwd": project, "env": os.environ | settings, "capture_output": True, "text": True}
        done = subprocess.run(command, **call)
        if done.returncode and OFFLINE.search(done.stdout + done.stderr):
            pytest.skip("there is no network to install from")
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(sys.executable, "-m", "venv", environment)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = ("pip", "install", "-r", "requirements.txt")
    run(python, "-m", *install, *([] if in_ci else ["--no-deps"]))
    show = "import helpers.files; print(helpers.files.ROOT)"
    assert Path(run(python, "-I", "-c", show).strip()).name == "project"
    if in_ci:
        use = "import helpers.mnist, jupyterlab, helpers.backend as b; print(b.keras.__name__)"
        assert run(python, "-I", "-c", use) == "keras\n"
        run(python, "-m", "pip", "check")
    else:
        run(sys.executable, "-m", "uv", *install, "--dry-run", "--python", python)
    shutil.rmtree(environment)  # up to 2 GB; pytest keeps its folders
