"""Calibration: whether a network is right as often as its confidence says."""

import numpy as np

from helpers.evaluation import accuracy_interval


def reliability(confidence: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return a reliability diagram of answers, in ten bins of equal width.

    `confidence` has the probability of each answer that was given, 0 to 1, `right` whether it is
    right, bool, both of shape (answers,). In the rows of the diagram, shape (5, bins), stand
    for each bin that isn't empty the mean confidence, the accuracy, both ends of its interval,
    and the number of answers.
    """
    bins, columns = np.minimum(10 * confidence, 9).astype(int), []  # float32 rounds above 1
    for index in np.unique(bins):
        answers, correct = confidence[bins == index], right[bins == index]
        interval = accuracy_interval(correct.sum(), len(correct))
        columns.append([answers.mean(), correct.mean(), *interval, len(correct)])
    return np.transpose(columns)
