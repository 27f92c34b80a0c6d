import json
from types import SimpleNamespace

import numpy as np

from helpers import records
from tools import seeds


def test_the_listed_labels_are_mnists(mnist_data):
    listed, test_labels = records.doubtful_labels(), mnist_data[1][1]
    assert listed.shape == (15,) and (np.diff(listed) > 0).all()
    for image in json.loads(records.LABEL_ERRORS_FILE.read_bytes())["images"]:
        assert test_labels[image["test_index"]] == image["given_label"]
        assert image["votes_for_given"] < 3


def test_the_tool_writes_what_the_function_reads(tmp_path, monkeypatch, mnist_data):
    def always(seed):
        """Return a network that gives one answer, whatever the image: the seed."""
        return SimpleNamespace(predict=lambda images, **_settings: np.eye(10)[[seed] * len(images)])

    right, record = records.right_by_seed(), json.loads(records.SEEDS_FILE.read_bytes())
    assert right.shape == (5, 10_000) and right.dtype == bool
    monkeypatch.setattr(seeds, "train", always)
    for module in (seeds, records):
        monkeypatch.setattr(module, "SEEDS_FILE", tmp_path / "seeds.json")
    seeds.main()
    expected = [mnist_data[1][1] == digit for digit in range(5)]
    np.testing.assert_array_equal(records.right_by_seed(), expected)
    assert json.loads((tmp_path / "seeds.json").read_bytes()).keys() == record.keys()


def test_gains_are_of_rounds_in_which_both_ran():
    first = {"over": None, "parameters": 5, "accuracy": [0.5, None, 0.7, 0.8]}
    second = {"over": "first", "parameters": 5, "accuracy": [None, 0.6, 0.9]}
    steps = records.ladder({"runs": {"better": {"first": first, "second": second}}}, "better")
    np.testing.assert_allclose(steps["second"]["gain"], [0.2])
    np.testing.assert_array_equal(steps["first"]["accuracy"], [0.5, np.nan, 0.7, 0.8])
    assert "gain" not in steps["first"] and steps["first"]["parameters"] == 5
