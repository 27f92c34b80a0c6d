import numpy as np
from sklearn.calibration import calibration_curve

from helpers.evaluation import accuracy_interval
from helpers.how_sure.calibration import reliability


def test_bins_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    confidence = np.append(rng.uniform(0.3, 1, 300), [0.15, 1])
    right = rng.random(302) < 0.8
    diagram = reliability(confidence, right)
    expected = calibration_curve(right, confidence, n_bins=10)  # without the empty ones
    np.testing.assert_allclose((diagram.accuracy, diagram.confidence), expected)
    assert diagram.counts.tolist() == [n for n in np.histogram(confidence, 10, (0, 1))[0] if n]
    last = right[confidence >= 0.9]
    assert (diagram.low[-1], diagram.high[-1]) == accuracy_interval(last.sum(), len(last))
