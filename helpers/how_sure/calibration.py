"""Calibration: whether a network is wrong as often as its confidence lets one expect."""

from typing import NamedTuple

import numpy as np

from helpers import expect
from helpers.evaluation import accuracy_interval


class Reliability(NamedTuple):
    """A reliability diagram: of each bin of answers, least sure first, the shares of mistakes.

    `expected` is the mean of 1 - confidence, `low` to `high` the confidence interval of `made`.
    """

    expected: np.ndarray
    made: np.ndarray
    low: np.ndarray
    high: np.ndarray


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> Reliability:
    """Return the reliability diagram of answers in bins of equal counts.

    `confidence` has the probability of each answer that was given, 0 to 1, `right` whether it is
    right, bool, both of shape (answers,). The counts in the bins differ by 1 at most. ValueError if
    the two don't belong together or hold something else, or a bin would be empty.
    """
    parts = _bins(confidence, right, bins)
    ends = [accuracy_interval(wrong.sum(), len(wrong)) for doubt, wrong in parts]
    return Reliability(*np.transpose([[d.mean(), w.mean()] for d, w in parts]), *np.transpose(ends))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: the gap in each bin, averaged over all answers.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", 2015, with bins of equal width. Here they have equal counts, as R. Roelofs et
    al. advise, "Mitigating Bias in Calibration Error Estimation", 2022.
    """
    gaps = [abs(doubt.sum() - wrong.sum()) for doubt, wrong in _bins(confidence, right, bins)]
    return float(sum(gaps) / len(right))


def _bins(confidence, right, bins):
    """Return of each bin, the least sure first, 1 - confidence and whether the answer is wrong."""
    confidence = expect.numbers("confidence", confidence, ("answers",), dtype="float64")
    if confidence.min() < 0 or confidence.max() > 1 + 1e-3:  # float32 rounds
        got = expect.format_range(confidence.min(), confidence.max())
        raise ValueError(expect.unexpected("confidence", got, expect.format_range(0, 1)))
    right = expect.numbers("right", right, confidence.shape, "b")
    bins = expect.integer("bins", bins, 1, len(right))
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)  # alike on every machine
    return [(1 - confidence[part], ~right[part]) for part in parts]
