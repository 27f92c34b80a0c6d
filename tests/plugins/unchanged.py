"""A pytest plugin: a notebook that has passed here isn't executed again while nothing has changed.

Nothing has changed if the notebook, the lesson's code and data, the tests' rules for cells, the
installed packages and the choice of oneDNN are as they were. A notebook that is named on the
command line is executed in any case, and where the variable CI is set, each notebook is.
"""

import hashlib
import json
import os
import platform
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

PASSED = "hello-mnist/passed"  # in pytest's cache: the digest of each notebook when it last passed
# What a notebook needs beside itself. Its cells import helpers, which read no other files.
NEEDED = ["helpers", "pyproject.toml", "tests/cells.py", "tests/pictures.py"]
NEEDED += ["tests/plugins/notebook_cells.py", "tests/plugins/processes.py"]


def pytest_configure(config):
    config.pluginmanager.register(UnchangedNotebooks(config))


class UnchangedNotebooks:
    """Knows which notebooks have passed here as they are now, and notes which ones pass today."""

    def __init__(self, config):
        self.root = config.rootpath
        self.cache = config.cache
        self.passed_cells = Counter()  # by the notebook's path, relative to the root
        needed = digest_needed(self.root)
        self.digests = {}
        for path in sorted((self.root / "notebooks").rglob("*.ipynb")):
            self.digests[self._name(path)] = hashlib.sha256(needed + path.read_bytes()).hexdigest()
        passed = {} if os.environ.get("CI") else self.cache.get(PASSED, {})
        folders = [config.invocation_params.dir / argument for argument in config.args]
        self.unchanged = [
            name
            for name, digest in self.digests.items()
            if passed.get(name) == digest and not {*folders}.isdisjoint((self.root / name).parents)
        ]

    def pytest_report_header(self):
        if not self.unchanged:
            return None
        lines = [f"{name} has passed, and nothing has changed" for name in self.unchanged]
        return ["These notebooks aren't executed again, unless CI=1 is set:", *lines]

    def pytest_ignore_collect(self, collection_path):
        return True if self._name(collection_path) in self.unchanged else None

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.partition("::")[0]
        self.passed_cells[name] += report.when == "call" and report.passed

    def pytest_sessionfinish(self, session):
        """Note the notebooks of which each code cell has passed; one of several processes does."""
        if hasattr(session.config, "workerinput"):
            return
        passed = self.cache.get(PASSED, {})
        for name, digest in self.digests.items():
            if self.passed_cells[name] == count_code_cells(self.root / name):
                passed[name] = digest
        self.cache.set(PASSED, passed)

    def _name(self, path: Path) -> str:
        """Return a file's path below the root, as pytest names it, or "" for a file elsewhere."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else ""


def digest_needed(root: Path) -> bytes:
    """Return a digest of what each notebook needs: files below `root`, Python, packages, oneDNN."""
    packages = sorted((package.name, package.version) for package in distributions())
    one_dnn = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1")  # 1 is what processes.py sets
    digest = hashlib.sha256(repr((platform.python_version(), packages, one_dnn)).encode())
    for path in (path for name in NEEDED for path in list_files(root / name)):
        digest.update(f"{path.relative_to(root)} {path.stat().st_size} ".encode())
        digest.update(path.read_bytes())
    return digest.digest()


def list_files(path: Path) -> list[Path]:
    """Return a file, or all files of a folder but those that Python has compiled."""
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in files if file.is_file() and "__pycache__" not in file.parts]


def count_code_cells(path: Path) -> int:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)
