"""Mistakes against a loop."""

import numpy as np

from helpers import evaluation


def test_mistakes_against_a_loop():
    rng = np.random.default_rng(1)
    probabilities, labels = rng.dirichlet(np.ones(10), size=300), rng.integers(0, 10, size=300)
    wrong = [i for i, row in enumerate(probabilities) if list(row).index(max(row)) != labels[i]]
    expected = sorted(wrong, key=lambda i: -max(probabilities[i]))
    assert evaluation.mistakes(labels, probabilities).tolist() == expected
