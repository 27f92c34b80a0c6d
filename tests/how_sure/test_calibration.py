import numpy as np
import pytest

from helpers.evaluation import accuracy_interval
from helpers.how_sure.calibration import calibration_error, reliability


def test_bins_agree_with_a_loop():
    rng = np.random.default_rng(0)
    confidence, right = rng.random(300), rng.random(300) < 0.8
    points = zip(*reliability(confidence, right, bins=14), strict=True)
    ranked, error = np.argsort(confidence).tolist(), 0
    for numbers, size in zip(points, [22] * 6 + [21] * 8, strict=True):
        part, ranked = ranked[:size], ranked[size:]
        wrong, expected = sum(not right[i] for i in part), sum(1 - confidence[i] for i in part)
        ends = accuracy_interval(wrong, size)
        assert numbers == pytest.approx((expected / size, wrong / size, *ends))
        error += abs(expected - wrong) / 300
    assert calibration_error(confidence, right, bins=14) == pytest.approx(error)
