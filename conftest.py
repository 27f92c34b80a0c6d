"""What pyproject.toml can't say, and what the tests share: the data, a model, the cells."""

import os
import runpy
import tempfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings

from helpers import mnist
from tests.find_browser import BROWSERS, FLAGS, find_browser

ROOT = Path(__file__).resolve().parent
OFFLINE = ROOT / "tests" / "offline"
ARTIFACTS = pytest.StashKey[Path]()


def pytest_configure(config):
    # Given here, not in pyproject.toml, so that pytest may be started in any folder. Standard
    # error is compared like all else: a warning in a notebook fails its test.
    folder = tempfile.TemporaryDirectory(prefix="hello-mnist-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    config.stash[ARTIFACTS] = Path(folder.name)
    bands = [ROOT / "tests" / "notebooks" / "sanitize.cfg", *ROOT.glob("locales/*/sanitize.cfg")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in bands)
    sanitize = Path(folder.name, "sanitize.cfg")
    sanitize.write_bytes(text.encode("ascii", "backslashreplace"))  # nbval asks for no encoding
    config.option.nbval_sanitize_with = str(sanitize)

    # All tests run without a network, here and in the kernels, which inherit the variable.
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    path = [str(OFFLINE), os.environ.get("PYTHONPATH")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, path))

    # The same examples each time, however slow the machine: a test fails for a change alone.
    settings.register_profile("steady", deadline=None, derandomize=True)
    settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # Each notebook and each test file starts without a trained model and leaves yours alone. This
    # runs before nbval starts a notebook's kernel, which inherits the variable.
    os.environ["HELLO_MNIST_ARTIFACTS"] = str(item.config.stash[ARTIFACTS] / item.path.stem)


@pytest.fixture(scope="session")
def mnist_data():
    """MNIST as the notebooks load it: (train_images, train_labels), (test_images, test_labels)."""
    return mnist.load_data()


@pytest.fixture(scope="session")
def test_images(mnist_data):
    """The 10,000 test images, prepared: float32, shape (10000, 28, 28, 1)."""
    return mnist.prepare(mnist_data[1][0])


@pytest.fixture(scope="session")
def shipped_model():
    """The trained model that comes with the lesson, the same for all tests: none may change it."""
    from helpers.model import SHIPPED_MODEL, load_model

    return load_model(SHIPPED_MODEL)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, driven by Playwright; the test is skipped where either is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if find_browser() is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    with playwright.sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=find_browser(), args=FLAGS)


@pytest.fixture(scope="session")
def code_cells():
    """A function from a notebook's name, such as "extras/how_sure", to its code cells."""

    def cells(name):
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        return [cell for cell in notebook.cells if cell.cell_type == "code"]

    return cells
