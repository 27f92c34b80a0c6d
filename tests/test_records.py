import json

import numpy as np

from helpers import records
from helpers.records import LABEL_ERRORS_FILE, SEEDS_FILE, doubtful_labels, seed_accuracies
from tools import seeds


def test_five_seeds_near_99_percent():
    accuracies = seed_accuracies()
    assert accuracies.shape == (5,)
    assert ((accuracies > 0.985) & (accuracies < 0.995)).all()
    np.testing.assert_allclose(accuracies * 10_000, np.round(accuracies * 10_000))


def test_the_record_says_how_it_was_made():
    record = json.loads(SEEDS_FILE.read_text(encoding="utf-8"))
    assert record["command"] == "python -m tools.seeds"
    assert record.keys() == {"command", "measured", "keras", "tensorflow", "accuracies"}


def test_the_listed_labels_are_mnists(mnist_data):
    record = json.loads(LABEL_ERRORS_FILE.read_text(encoding="utf-8"))
    assert "Northcutt" in record["source"]
    test_labels = mnist_data[1][1]
    assert len(doubtful_labels()) == len(set(doubtful_labels())) == 15
    for image in record["images"]:
        assert test_labels[image["test_index"]] == image["given_label"]
        assert image["votes_for_given"] < 3


def test_the_tool_writes_what_the_function_reads(tmp_path, monkeypatch, mnist_data):
    class Always:
        """A network that gives one answer, whatever the image: the seed."""

        def __init__(self, seed):
            self.digit = seed

        def predict(self, images, **_):
            return np.eye(10)[np.full(len(images), self.digit)]

    monkeypatch.setattr(seeds, "train", Always)
    for module in (seeds, records):
        monkeypatch.setattr(module, "SEEDS_FILE", tmp_path / "seeds.json")
    seeds.main()
    expected = [np.mean(mnist_data[1][1] == digit) for digit in range(5)]
    np.testing.assert_allclose(seed_accuracies(), expected)
    record = json.loads((tmp_path / "seeds.json").read_text(encoding="utf-8"))
    assert record.keys() == json.loads(SEEDS_FILE.read_text(encoding="utf-8")).keys()
