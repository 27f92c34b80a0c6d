"""Intervals against the formula, mistakes against a loop."""

import numpy as np
import pytest

from helpers import evaluation


def test_the_interval_against_wilsons_formula():
    correct, total, z, share = 9914, 10_000, 1.959963984540054, 0.9914
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2)) / (1 + z**2 / total)
    found = evaluation.accuracy_interval(correct, total)
    assert found == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_mistakes_against_a_loop():
    rng = np.random.default_rng(1)
    probabilities, labels = rng.dirichlet(np.ones(10), size=300), rng.integers(0, 10, size=300)
    wrong = [i for i, row in enumerate(probabilities) if list(row).index(max(row)) != labels[i]]
    expected = sorted(wrong, key=lambda i: -max(probabilities[i]))
    assert evaluation.mistakes(labels, probabilities).tolist() == expected
