"""Fixtures of pytest: the data, the model and the artifacts of the lesson."""

import copy

import pytest

from helpers import mnist
from tests.cells import TIMES_FEWER
from tests.scratch import LEARNER_FILES


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
