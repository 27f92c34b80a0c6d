import json
from types import SimpleNamespace

import numpy as np
import pytest

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


def run(entrant, seed, accuracy, ladder=None, over=None):
    held = {"ladder": ladder, "over": over, "judged on": "held-out images"}
    judged = held if ladder else {"judged on": "test images"}
    times = {"seconds": 2.0 + seed, "cold": 9.0}
    return (
        {"entrant": entrant, "seed": seed, "accuracy": accuracy, "parameters": 5} | times | judged
    )


def test_runs_are_sorted_by_entrant_and_gains_are_paired_by_seed():
    finished = [run("fast", 0, 0.99), run("slow", 0, 0.97), run("fast", 1, 0.98)]
    steps = [run("a", 0, 0.5, "better"), run("b", 1, 0.9, "better", "a")]  # b has failed once
    steps += [run("a", 1, 0.7, "better"), run("fast", 0, 0.8, "faster")]
    points = records.finished({"runs": [*finished, *steps]})
    assert list(points) == ["fast", "slow"] and points["fast"]["parameters"] == 5
    np.testing.assert_array_equal(points["fast"]["seconds"], [2, 3])
    ladder = records.ladder({"runs": [*finished, *steps]}, "better")
    assert list(ladder) == ["a", "b"] and "gain" not in ladder["a"]
    np.testing.assert_allclose(ladder["b"]["gain"], [0.2])


def test_ratios_are_of_rounds_in_which_both_ran():
    np.testing.assert_array_equal(records.ratios([4, 6, 80], [2, 2]), [2, 3])


def test_a_missing_record_says_how_to_measure_it(monkeypatch, tmp_path):
    for file, read, command in (
        ("STUDY_FILE", records.study, "make bench"),
        ("SEARCH_FILE", records.search, "study.search"),
    ):
        monkeypatch.setattr(records, file, tmp_path / "missing.json")
        with pytest.raises(OSError, match=command):
            read()
