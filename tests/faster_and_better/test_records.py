import numpy as np
import pytest

from helpers.faster_and_better import records


def test_runs_are_sorted_by_entrant_and_by_what_they_were_judged_on():
    run = {"entrant": "fast", "seconds": 2.0, "accuracy": 0.99, "parameters": 5}
    run["judged on"] = "test images"
    runs = [run, run | {"entrant": "slow"}, run | {"seconds": 3.0}]
    points = records.study_points({"runs": [*runs, run | {"judged on": "held-out images"}]})
    assert list(points) == ["fast", "slow"] and points["fast"]["parameters"] == 5
    np.testing.assert_array_equal(points["fast"]["seconds"], [2, 3])


def test_a_missing_study_says_how_to_run_it(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "STUDY_FILE", tmp_path / "results.json")
    with pytest.raises(OSError, match="make bench"):
        records.study()
