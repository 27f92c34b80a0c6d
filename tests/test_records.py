import json
from types import SimpleNamespace

import numpy as np

from helpers import records
from tools import seeds


def test_the_listed_labels_are_mnists(mnist_data):
    record = json.loads(records.LABEL_ERRORS_FILE.read_bytes())
    assert "Northcutt" in record["source"]
    listed, test_labels = records.doubtful_labels(), mnist_data[1][1]
    assert listed.shape == (15,) and (np.diff(listed) > 0).all()
    for image in record["images"]:
        assert test_labels[image["test_index"]] == image["given_label"]
        assert image["votes_for_given"] < 3


def test_the_tool_writes_what_the_function_reads(tmp_path, monkeypatch, mnist_data):
    def always(seed):
        """Return a network that gives one answer, whatever the image: the seed."""
        return SimpleNamespace(predict=lambda images, **_: np.eye(10)[[seed] * len(images)])

    right, record = records.right_by_seed(), json.loads(records.SEEDS_FILE.read_bytes())
    assert right.shape == (5, 10_000) and right.dtype == bool
    assert ((right.mean(axis=1) > 0.985) & (right.mean(axis=1) < 0.995)).all()
    assert record["command"] == "python -m tools.seeds"
    monkeypatch.setattr(seeds, "train", always)
    for module in (seeds, records):
        monkeypatch.setattr(module, "SEEDS_FILE", tmp_path / "seeds.json")
    seeds.main()
    expected = [mnist_data[1][1] == digit for digit in range(5)]
    np.testing.assert_array_equal(records.right_by_seed(), expected)
    again = json.loads((tmp_path / "seeds.json").read_bytes())
    keys = {"command", "measured", "keras", "tensorflow", "mistakes"}
    assert again.keys() == record.keys() == keys
