"""How good the answers of a network are, and where it errs."""

import numpy as np
from scipy.stats import binomtest, t

from helpers import expect
from helpers.language import _


def accuracy_interval(correct: int, total: int) -> tuple[float, float]:
    """Return the range, from 0 to 1, of true accuracies that go well with a count of right answers.

    Such a range holds the true accuracy 95 times in 100. The method is Wilson's score interval
    (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927).

    Raises:
        ValueError: `correct` is not a whole number from 0 to `total`.
    """
    total = expect.integer("total", total, 1)
    correct = expect.integer("correct", correct, 0, total)
    interval = binomtest(correct, total).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def mean_interval(values: np.ndarray) -> tuple[float, float]:
    """Return the range that holds the true mean 95 times in 100, given a few measurements of it.

    `values` has the shape (n,), n at least 2; they are taken to scatter as a normal distribution
    does (Student, "The probable error of a mean", 1908).

    Raises:
        ValueError: there are fewer than two values, or they are no numbers.
    """
    values = expect.numbers("values", values, ("n",))
    if len(values) < 2:
        raise ValueError(_("values: got {count} of them, expected at least 2", count=len(values)))
    reach = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - reach), float(values.mean() + reach)


def mistakes(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Return which answers are wrong, the most confident mistake first, equal ones in their order.

    Labels are integers of shape (n,), probabilities have the shape (n, classes); the answer is a
    list of indices, int64.

    Raises:
        ValueError: the two don't belong together, or hold something else.
    """
    probabilities = expect.numbers("probabilities", probabilities, ("n", "classes"))
    labels = expect.labels("labels", labels, *probabilities.shape)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]
