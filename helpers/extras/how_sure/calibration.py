"""Calibration: whether a network is right as often as its confidence says."""

import numpy as np

from helpers.evaluation import accuracy_interval


def reliability(confidence: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return a reliability diagram of answers, in ten bins of equal count, the least sure first.

    `confidence` has the probability of each answer that was given, 0 to 1, and `right` whether the
    answer is right, bool. Both have the shape (answers,). The diagram has the shape (4, 10), with a
    column for each bin. Its rows are mistakes in 1,000 answers: the expected ones, the ones that
    were made, and the lower and upper end of their 95% interval.
    """
    columns = []
    for members in np.array_split(np.argsort(confidence, kind="stable"), 10):
        expected = 1 - confidence[members].mean()
        made = 1 - right[members].mean()
        interval = accuracy_interval((~right[members]).sum(), len(members))
        columns.append([expected, made, *interval])
    return 1000 * np.transpose(columns)
