import numpy as np
import pytest

from helpers.evaluation import accuracy_interval
from helpers.how_sure.calibration import calibration_error, reliability


def test_bins_agree_with_a_loop():
    rng = np.random.default_rng(0)
    confidence, right = rng.random(300), rng.random(300) < 0.8
    found = reliability(confidence, right, bins=14)
    ranked, error = np.argsort(confidence), 0
    sizes = [22] * 6 + [21] * 8
    for numbers, end, size in zip(zip(*found, strict=True), np.cumsum(sizes), sizes, strict=True):
        part = ranked[end - size : end]
        wrong = sum(not right[i] for i in part)
        expected = sum(1 - confidence[i] for i in part)
        low, high = accuracy_interval(wrong, size)
        assert numbers == pytest.approx((expected / size, wrong / size, low, high))
        error += abs(expected - wrong) / 300
    assert calibration_error(confidence, right, bins=14) == pytest.approx(error)


def test_perfect_and_worst_answers_and_what_cancels_out_in_a_bin():
    sure, right = np.ones(20, dtype="float32"), np.ones(20, dtype=bool)
    assert calibration_error(sure, right) == 0
    assert calibration_error(sure, ~right) == 1
    confidence, right = np.repeat([0.4, 0.9], 10), np.repeat([True, False], 10)
    assert calibration_error(confidence, right, 2) == pytest.approx((0.6 + 0.9) / 2)
    assert calibration_error(confidence, right, 1) == pytest.approx(0.15)
