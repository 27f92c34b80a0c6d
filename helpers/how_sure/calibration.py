"""Calibration: whether a network is right as often as its confidence says."""

import numpy as np

from helpers.evaluation import accuracy_interval


def reliability(confidence: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return a reliability diagram of answers, in ten bins of equal count, the least sure first.

    `confidence` has the probability of each answer that was given, 0 to 1, `right` whether it is
    right, bool, both of shape (answers,). In the rows of the diagram, shape (4, 10), stand for
    each bin, in mistakes of 1,000 answers, those expected, those made, and both ends of the 95%
    interval of the latter.
    """
    columns = []
    for members in np.array_split(np.argsort(confidence, kind="stable"), 10):
        made, expected = 1 - right[members].mean(), 1 - confidence[members].mean()
        interval = accuracy_interval((~right[members]).sum(), len(members))
        columns.append([expected, made, *interval])
    return 1000 * np.transpose(columns)
