import numpy as np

from helpers.evaluation import accuracy_interval
from helpers.how_sure.calibration import reliability


def test_bins_agree_with_a_loop():
    rng = np.random.default_rng(0)
    confidence = np.append(rng.uniform(0.3, 1, 300), [0.1, 1, 1 + 1e-7])  # float32 rounds
    right, bins = rng.random(303) < 0.8, {}
    for sure, good in zip(confidence, right, strict=True):
        one = max(k for k in range(10) if k / 10 <= sure)
        bins.setdefault(one, []).append((sure, good))
    expected = []
    for _one, answers in sorted(bins.items()):
        sure, good = np.transpose(answers)
        ends = accuracy_interval(int(good.sum()), len(good))
        expected.append((sure.mean(), good.mean(), *ends, len(good)))
    np.testing.assert_allclose(np.transpose(reliability(confidence, right)), expected)
    assert sorted(bins) == [1, *range(3, 10)]
