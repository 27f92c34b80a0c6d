"""Intervals and mistakes against the formula, a known value, and a loop."""

import numpy as np
import pytest

from helpers import evaluation


@pytest.mark.parametrize(("correct", "total"), [(9914, 10000), (0, 20)])
def test_the_interval_against_wilsons_formula(correct, total):
    z, share = 1.959963984540054, correct / total
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2)) / (1 + z**2 / total)
    found = evaluation.accuracy_interval(correct, total)
    assert found == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_the_interval_of_a_mean_in_students_own_example():
    hours = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]  # of sleep gained; R's help on t.test
    assert evaluation.mean_interval(hours) == pytest.approx((0.7001142, 2.4598858))


def test_mistakes_against_a_loop():
    rng = np.random.default_rng(1)
    probabilities, labels = rng.dirichlet(np.ones(10), size=300), rng.integers(0, 10, size=300)
    wrong = [i for i, row in enumerate(probabilities) if list(row).index(max(row)) != labels[i]]
    expected = sorted(wrong, key=lambda i: -max(probabilities[i]))
    assert evaluation.mistakes(labels, probabilities).tolist() == expected


def test_a_digest_changes_with_any_weight():
    weights = [np.zeros((2, 3), np.float32), np.ones(3, np.float32)]
    before = evaluation.digest(weights)
    assert len(before) == 8 and evaluation.digest(weights) == before
    weights[1][2] += 1e-6
    assert evaluation.digest(weights) != before
