"""How good the answers of a network are: confidence intervals, and its mistakes."""

import numpy as np
from scipy.stats import binomtest


def accuracy_interval(correct: int, total: int) -> tuple[float, float]:
    """Return the 95% confidence interval of a proportion (Wilson), as its two ends from 0 to 1.

    `total` is the number of answers, at least 1, and `correct` is the number of right answers. Both
    are whole numbers; for others, SciPy raises TypeError or ValueError. If many such intervals are
    computed, each from other images, 95 in 100 of them hold the true accuracy. Source: E. B.
    Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    interval = binomtest(correct, total).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def mistakes(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Return the indices of wrong answers, the most confident first, equal ones in their order.

    Labels are integers of shape (n,), probabilities have the shape (n, classes).
    """
    misread = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return misread[np.argsort(-probabilities[misread].max(axis=1), kind="stable")]
