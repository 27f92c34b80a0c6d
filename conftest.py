"""What pyproject.toml can't say: absolute paths, no network, an artifacts folder for each file."""

import os
import runpy
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent
OFFLINE = ROOT / "tests" / "offline"
ARTIFACTS = pytest.StashKey[Path]()


def pytest_configure(config):
    # Given here, not in pyproject.toml, so that pytest may be started in any folder. Standard
    # error is compared like all else: a warning in a notebook fails its test.
    config.option.nbval_sanitize_with = str(ROOT / "tests" / "notebooks" / "sanitize.cfg")

    # All tests run without a network, here and in the kernels, which inherit the variable.
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    path = [str(OFFLINE), os.environ.get("PYTHONPATH")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, path))

    # The same examples each time, however slow the machine: a test fails for a change alone.
    settings.register_profile("steady", deadline=None, derandomize=True)
    settings.load_profile("steady")

    folder = tempfile.TemporaryDirectory(prefix="hello-mnist-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    config.stash[ARTIFACTS] = Path(folder.name)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # Each notebook and each test file starts without a trained model and leaves yours alone. This
    # runs before nbval starts a notebook's kernel, which inherits the variable.
    os.environ["HELLO_MNIST_ARTIFACTS"] = str(item.config.stash[ARTIFACTS] / item.path.stem)
