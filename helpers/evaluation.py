"""How good the answers of a network are, and where it errs."""

import numpy as np
from scipy.stats import binomtest

from helpers import expect


def accuracy_interval(correct: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the range of true accuracies that go well with a count of right answers.

    The method is Wilson's score interval (E. B. Wilson, "Probable inference, the law of
    succession, and statistical inference", 1927), as SciPy computes it.

    Args:
        correct: how many answers were right.
        total: how many there were.
        confidence: how often such a range holds the true accuracy.

    Returns:
        The lower and the upper end, each from 0 to 1.

    Raises:
        ValueError: `correct` is not a whole number from 0 to `total`, or `confidence` not between
            0 and 1.
    """
    total = expect.whole("total", total, 1)
    correct = expect.whole("correct", correct, 0, total)
    confidence = float(expect.numbers("confidence", confidence, ()))
    if not 0 <= confidence <= 1:
        raise ValueError(f"confidence: got {confidence}, expected 0 to 1")
    interval = binomtest(correct, total).proportion_ci(confidence, method="wilson")
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
