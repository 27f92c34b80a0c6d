"""Calibration: whether a network is right as often as its confidence says."""

from typing import NamedTuple

import numpy as np

from helpers.evaluation import accuracy_interval


class Reliability(NamedTuple):
    """A reliability diagram: of each bin that isn't empty, by rising confidence, its answers.

    `confidence` and `accuracy` are their means, `low` to `high` the accuracy's confidence interval,
    `counts` how many there are. All have the shape (bins,).
    """

    confidence: np.ndarray
    accuracy: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counts: np.ndarray


def reliability(confidence: np.ndarray, right: np.ndarray) -> Reliability:
    """Return the reliability diagram of answers, in ten bins of equal width.

    `confidence` has the probability of each answer that was given, 0 to 1, `right` whether it is
    right, bool, both of shape (answers,).
    """
    bins, rows = np.minimum(10 * confidence, 9).astype(int), []  # float32 rounds above 1
    for index in np.unique(bins):
        answers, correct = confidence[bins == index], right[bins == index]
        interval = accuracy_interval(correct.sum(), len(correct))
        rows.append([answers.mean(), correct.mean(), *interval, len(correct)])
    return Reliability(*np.transpose(rows))
