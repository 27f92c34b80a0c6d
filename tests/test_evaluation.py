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


def test_what_is_no_count_and_no_label_is_refused_by_name():
    with pytest.raises(ValueError, match="correct: got 11, expected a whole number, 0 to 10"):
        evaluation.accuracy_interval(11, 10)
    with pytest.raises(ValueError, match="labels: got 3 to 10, expected 0 to 9"):
        evaluation.mistakes([3, 10], np.eye(10)[:2])
    with pytest.raises(ValueError, match="probabilities: got values that are not finite"):
        evaluation.mistakes([3], np.full((1, 10), np.nan))


def test_mistakes_against_a_loop():
    rng = np.random.default_rng(1)
    probabilities, labels = rng.dirichlet(np.ones(10), size=300), rng.integers(0, 10, size=300)
    wrong = [i for i, row in enumerate(probabilities) if list(row).index(max(row)) != labels[i]]
    expected = sorted(wrong, key=lambda i: -max(probabilities[i]))
    assert evaluation.mistakes(labels, probabilities).tolist() == expected
