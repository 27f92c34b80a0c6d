"""Run the tests with the oldest and the newest versions of everything, on each Python found here.

    python -m tools.versions

For each supported Python on the path there are two clean environments in build/versions/: one
with the lowest versions that pyproject.toml allows (and that have a wheel for this Python), one
with the newest that are published. In each run the unit tests and the four notebooks, against the
committed outputs. It takes about ten minutes an environment.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.files import ROOT
from tools.check_python import supported
from tools.execute import lesson

FOLDER = ROOT / "build" / "versions"
RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
SHOWN = ("tensorflow", "keras", "numpy", "matplotlib", "jupyterlab")


def pythons() -> list[str]:
    """Return the names of the supported Pythons that start here, such as "python3.11"."""
    (major, first), (_, after) = supported()
    names = [f"python{major}.{minor}" for minor in range(first, after)]
    return [name for name in names if shutil.which(name) and not _run([name, "-c", ""])]


def commands(python: str, which: str) -> list[list[str]]:
    """Return what makes one environment and runs the tests in it.

    Args:
        python: the name of a Python.
        which: "oldest" or "newest".
    """
    environment = FOLDER / f"{python}-{which}"
    interpreter = str(environment / "bin" / "python")
    notebooks = [str(path) for path in lesson()]
    install = ["uv", "pip", "install", "--python", interpreter, "--only-binary", ":all:"]
    return [
        ["uv", "venv", "--quiet", "--clear", "--python", python, str(environment)],
        [*install, "--quiet", "--resolution", RESOLUTIONS[which], "--editable", ".[dev]"],
        [interpreter, "-m", "pytest", "--quiet", str(ROOT / "tests"), *notebooks],
    ]


def row(python: str, which: str) -> tuple[str, bool]:
    """Make one environment and run the tests in it; return a line of the table, and success."""
    failed = next((command for command in commands(python, which) if _run(command, True)), None)
    verdict = "passed" if failed is None else f"failed: {' '.join(failed)}"
    return f"{python:10} {which}  {_versions(python, which)}  {verdict}", failed is None


def _versions(python, which):
    interpreter = FOLDER / f"{python}-{which}" / "bin" / "python"
    listed = ["uv", "pip", "list", "--format", "json", "--python", str(interpreter)]
    done = subprocess.run(listed, capture_output=True, text=True)
    found = {p["name"]: p["version"] for p in json.loads(done.stdout or "[]")}
    return ", ".join(f"{name} {found.get(name, 'missing')}" for name in SHOWN)


def _run(command: list[str], shown: bool = False) -> int:
    quiet = None if shown else subprocess.DEVNULL
    return subprocess.run(command, cwd=Path(ROOT), stdout=quiet, stderr=quiet).returncode


def main() -> int:
    """Run all environments, then print the table; return 1 if one of them failed."""
    if not shutil.which("uv"):
        print("uv makes the environments, and it isn't here: python -m pip install uv")
        return 1
    rows = [row(python, which) for python in pythons() for which in RESOLUTIONS]
    print("\n".join(line for line, _ in rows))
    return 0 if rows and all(passed for _, passed in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
