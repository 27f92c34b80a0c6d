"""What pyproject.toml can't say, and what the tests share: the data, a model, the cells."""

import copy
import os
import re
import runpy
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from helpers import mnist
from helpers.common.files import ROOT
from tests.browser import launch, watch_requests
from tests.cells import SAVED, TIMES_FEWER, has_tag, is_saved
from tests.pictures import check_pictures, collect_pictures
from tests.scratch import LEARNER_FILES
from tools import all_notebooks, english_notebooks, missing_library, python_path

pytest_plugins = ["tests.unchanged"]  # a notebook that has passed isn't executed again

OFFLINE = ROOT / "tests" / "offline"
TEN_MINUTES = "better.ipynb"  # trains for longer than all other optional lessons together
# Several processes share the files, so the ones that take longest have to begin: otherwise one
# process still runs such a file when the others have nothing left to do.
LONGEST = [
    "03_train.ipynb",  # trains for half of the time of `make test`
    TEN_MINUTES,
    "other_hands.ipynb",
    "see_inside.ipynb",
    "your_own.ipynb",
    "test_training.py",
    "test_own_networks.py",
    "test_site.py",
    "test_explanations.py",
    "test_jupyterlab.py",
    "scaling_out.ipynb",
]
ARTIFACTS = pytest.StashKey[Path]()
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")


def pytest_configure(config):
    folder = tempfile.TemporaryDirectory(prefix="hello-mnist-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    config.stash[ARTIFACTS] = Path(folder.name)

    # All tests run without a network, here and in the kernels, which inherit the variable.
    runpy.run_path(str(OFFLINE / "sitecustomize.py"))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), python_path()])

    # Processes that each start a thread for every core are in each other's way.
    if processes := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
        for name in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, str(max(1, os.cpu_count() // int(processes))))
    # Where the processor has AVX-512, TensorFlow computes by the library oneDNN. Elsewhere it does
    # so only if it is asked, and without oneDNN a training takes 1.7 times as long.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

    # Each notebook runs in a fresh kernel, and its outputs are compared with the committed ones.
    config.option.nbval = config.option.nbval_current_env = True
    config.option.nbval_cell_timeout = 1800


def is_lesson_test(item):
    """Is a test about the four notebooks, helpers, tools or teach, quick, and without a browser?"""
    folders = item.path.parent.parts[len(ROOT.parts) :]
    optional_lessons = {path.stem for path in ROOT.glob("notebooks/extras/*.ipynb")}
    is_elsewhere = not {"publish", *optional_lessons}.isdisjoint(folders)
    is_other_notebook = item.path.suffix == ".ipynb" and folders != ("notebooks",)
    needs_browser = "chromium" in getattr(item, "fixturenames", ())
    is_slow = item.get_closest_marker("slow") is not None
    return not (is_slow or needs_browser or is_other_notebook or is_elsewhere)


def place_in_order(item):
    """The place of a test's file among those that take longest; all others come after them."""
    name = item.path.name
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def pytest_ignore_collect(collection_path):
    is_ours = collection_path.suffix != ".ipynb" or collection_path in all_notebooks()
    return None if is_ours else True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    items.sort(key=place_in_order)
    for item in items:
        if is_lesson_test(item):
            item.add_marker("lesson")
        if item.path.suffix == ".ipynb":
            prepare_cell(item)


def prepare_cell(item):
    """Mark a cell of a notebook, which is a test, and set how nbval waits and what it overlooks."""
    if item.path not in english_notebooks() or item.path.name == TEN_MINUTES:
        item.add_marker("repeated")
    # After a cell has ended, nbval waits 5 seconds for each message, and no option changes this. A
    # kernel that shares its processor with others sometimes needs longer.
    item.output_timeout = 120
    library = missing_library(item.path)
    if library:
        item.add_marker(pytest.mark.skip(reason=f"{library} is not installed"))
    if is_saved(item.path):
        item.add_marker(pytest.mark.skip(reason=SAVED))
    # What a cell expects says what its numbers may be; nbval compares all else literally.
    if has_tag(item.cell, "measured"):
        item.sanitize = lambda text: NUMBER.sub("#", text) if isinstance(text, str) else text


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # Each notebook and each test file starts without a trained model and leaves yours alone. This
    # runs before nbval starts a notebook's kernel, which inherits the variable.
    file = item.nodeid.partition("::")[0].replace("/", "_")
    os.environ["HELLO_MNIST_ARTIFACTS"] = str(item.config.stash[ARTIFACTS] / file / "artifacts")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """After a cell, evaluate what its metadata expect of its results; compare its pictures."""
    if not hasattr(item, "cell"):
        yield
        return
    drawn = collect_pictures(item.parent)
    yield
    for expression in item.cell.metadata.get("expect", []):
        check_expectation(item.parent.kernel.kc, expression)
    check_pictures(item, [*drawn.values()])


def check_expectation(kernel_client, expression):
    """Evaluate in a notebook's kernel, without a trace there, what a cell expects."""
    reply = kernel_client.execute_interactive(
        f"assert {expression}",
        store_history=False,
        allow_stdin=False,
        output_hook=lambda message: None,
        timeout=60,
    )
    content = reply["content"]
    assert content["status"] == "ok", f"expected {expression} {content.get('evalue')}"


@pytest.fixture
def artifacts(tmp_path, monkeypatch):
    """A folder of artifacts with files of the learner's."""
    folder = tmp_path / "artifacts"
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder))
    folder.mkdir()
    for name, content in LEARNER_FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def mnist_data():
    """MNIST as the notebooks load it: (train_images, train_labels), (test_images, test_labels)."""
    return mnist.load_data()


@pytest.fixture
def few_images(monkeypatch, mnist_data):
    """Let the lesson load one image in ten, anew each time, for tests that run its cells."""
    from helpers.widgets import take_home  # loads TensorFlow

    few = [[array[::TIMES_FEWER] for array in arrays] for arrays in mnist_data]
    monkeypatch.setattr(mnist, "load_data", lambda: copy.deepcopy(few))
    monkeypatch.setattr(take_home, "EXAMPLES", [0])  # some of these are among the others


@pytest.fixture(scope="session")
def test_images(mnist_data):
    """The 10,000 test images, prepared: float32, shape (10000, 28, 28, 1)."""
    return mnist.prepare(mnist_data[1][0])


@pytest.fixture(scope="session")
def shipped_model():
    """The trained model that comes with the lesson, the same for all tests: none may change it."""
    from helpers.saved.models import SHIPPED_MODEL, load_model

    return load_model(SHIPPED_MODEL)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, driven by Playwright; without a browser, tests skip or, in CI, fail."""
    with sync_playwright() as driver:
        yield launch(driver)


@pytest.fixture
def opened(chromium):
    """A function that opens a file in a browser without a network; afterwards nothing was wrong."""
    contexts, problems = [], []

    def opened(path, expects_errors=False, **options):
        # Numbers that a window passes while it slides would be taken for those of the open number.
        options = {"offline": True, "reduced_motion": "reduce"} | options
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.add_init_script(path=ROOT / "tests" / "in_page.js")
        found = watch_requests(page, path.as_uri())
        problems.append([] if expects_errors else found)
        page.goto(path.as_uri())
        return page

    yield opened
    # A page that still trains would take the processor from all tests that follow.
    for context in contexts:
        context.close()
    assert not any(problems), problems
