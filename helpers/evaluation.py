"""How good the answers of a network are, and where it errs."""

import numpy as np
from scipy.stats import binomtest

from helpers import expect


def accuracy_interval(correct: int, total: int) -> tuple[float, float]:
    """Return the range of true accuracies that go well with a count of right answers.

    Such a range holds the true accuracy 95 times in 100. The method is Wilson's score interval
    (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927).

    Args:
        correct: how many answers were right.
        total: how many there were.

    Returns:
        The lower and the upper end, each from 0 to 1.

    Raises:
        ValueError: `correct` is not a whole number from 0 to `total`.
    """
    total = expect.whole("total", total, 1)
    correct = expect.whole("correct", correct, 0, total)
    interval = binomtest(correct, total).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def mistakes(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Return which answers are wrong, the most confident mistake first.

    Args:
        labels: the right classes, integers, shape (n,).
        probabilities: the network's output, shape (n, classes).

    Returns:
        Indices into `labels`, int64, ordered by the probability of the wrong answer, falling;
        equal ones in the order of their indices.

    Raises:
        ValueError: the two don't belong together, or hold something else.
    """
    probabilities = expect.numbers("probabilities", probabilities, ("n", "classes"))
    labels = expect.labels("labels", labels, *probabilities.shape)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]
