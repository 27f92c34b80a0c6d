"""The program that measures what the lesson better quotes, tried on few images."""

import json
from unittest.mock import Mock

import numpy as np
import pytest

pytest.importorskip("helpers.extras.better", reason="the lesson better was thrown away")

from helpers import mnist
from helpers.extras.better import results
from publish.better import __main__ as program


@pytest.fixture
def few_images(monkeypatch, mnist_data):
    """MNIST with 360 training images and 60 test images."""
    (images, labels), (test_images, test_labels) = mnist_data
    few = (images[:360], labels[:360]), (test_images[:60], test_labels[:60])
    monkeypatch.setattr(mnist, "load_data", lambda: few)


@pytest.mark.slow
def test_the_file_is_written_as_the_committed_one_is(few_images, monkeypatch, tmp_path):
    committed = json.loads(results.FILE.read_text(encoding="utf-8"))
    monkeypatch.setattr(program, "SEEDS", range(1))
    monkeypatch.setattr(results, "FILE", tmp_path / "lenet.json")
    program.main()
    made = json.loads(results.FILE.read_text(encoding="utf-8"))
    assert made.keys() == committed.keys()
    expected = [(run["name"], run["seed"]) for run in committed["runs"] if run["seed"] == 0]
    assert [(run["name"], run["seed"]) for run in made["runs"]] == expected
    for run in made["runs"]:
        assert run.keys() == committed["runs"][0].keys() and 0 <= run["accuracy"] <= 1


def test_the_committed_file_has_each_run_of_the_program():
    names = ["the lesson's network", "LeNet-5"]
    assert [(run["seed"], run["name"]) for run in results.runs()] == [
        (seed, name) for seed in program.SEEDS for name in names
    ]


def test_the_first_20000_images_teach_and_the_last_10000_judge(monkeypatch):
    images = np.arange(60_000)  # each image is its own number
    monkeypatch.setattr(mnist, "load_data", lambda: ((images, images), (-images, -images)))
    learned, judged = Mock(), Mock(return_value=0.98)
    monkeypatch.setattr(program, "train_network", learned)
    monkeypatch.setattr(program, "measure_accuracy", judged)
    assert len([*program.measure_lenet()]) == 2 * 5
    for call in learned.call_args_list:
        for known in call.args[1:]:
            np.testing.assert_array_equal(known, images[:20_000])
    for call in judged.call_args_list:
        for held_out in call.args[1:]:
            np.testing.assert_array_equal(held_out, images[50_000:])


def test_accuracy_is_the_share_of_images_that_are_read_right():
    model = Mock()
    model.predict.return_value = np.eye(10)[[5, 5, 5, 3]]
    images = np.zeros((4, 28, 28), np.uint8)
    assert program.measure_accuracy(model, images, np.array([5, 5, 1, 3])) == 0.75


def test_an_interrupted_measurement_leaves_the_file_as_it_was(monkeypatch, tmp_path):
    def interrupted():
        yield {"name": "LeNet-5", "seed": 0, "accuracy": 0.97}
        raise KeyboardInterrupt

    monkeypatch.setattr(results, "FILE", tmp_path / "lenet.json")
    results.FILE.write_text("before", encoding="utf-8")
    monkeypatch.setattr(program, "measure_lenet", interrupted)
    with pytest.raises(KeyboardInterrupt):
        program.main()
    assert results.FILE.read_text(encoding="utf-8") == "before"
