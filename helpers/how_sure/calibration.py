"""Whether a network is wrong as often as its confidence lets one expect: calibration."""

from typing import NamedTuple

import numpy as np

from helpers import expect
from helpers.evaluation import accuracy_interval


class Reliability(NamedTuple):
    """Answers sorted by their confidence into bins of equal counts, least sure first.

    Of the answers in each bin, as shares of 1, float64: `expected` are wrong if the confidence is
    right, the mean of 1 - confidence; `made` are wrong, and `low` to `high` is its interval.
    """

    expected: np.ndarray
    made: np.ndarray
    low: np.ndarray
    high: np.ndarray


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> Reliability:
    """Compare confidence, the probability of the answer given, with how often it is wrong.

    Args:
        confidence: numbers from 0 to 1, shape (answers,).
        right: whether each answer is right, bool, shape (answers,).
        bins: into how many parts the sorted answers are cut; their counts differ by 1 at most.

    Raises:
        ValueError: the two don't belong together or hold something else, or a bin would be empty.
    """
    parts = _bins(confidence, right, bins)
    ends = [accuracy_interval(wrong.sum(), len(wrong)) for _, wrong in parts]
    return Reliability(*np.transpose([[d.mean(), w.mean()] for d, w in parts]), *np.transpose(ends))


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: the gap in each bin, averaged over all answers.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", 2015, with bins of equal width. Here they have equal counts, as R. Roelofs et
    al. advise, "Mitigating Bias in Calibration Error Estimation", 2022.

    Raises:
        ValueError: as `reliability` does.
    """
    gaps = [abs(doubt.sum() - wrong.sum()) for doubt, wrong in _bins(confidence, right, bins)]
    return float(sum(gaps) / len(right))


def _bins(confidence, right, bins):
    """Return of each bin, the least sure first, 1 - confidence and whether the answer is wrong."""
    confidence = expect.numbers("confidence", confidence, ("answers",), dtype="float64")
    if not (confidence.min() >= 0 and confidence.max() <= 1 + 1e-3):  # float32 rounds
        came = f"{confidence.min()} to {confidence.max()}"
        raise ValueError(f"confidence: got {came}, expected 0 to 1")
    right = expect.numbers("right", right, confidence.shape, "b")
    order = np.argsort(confidence, kind="stable")  # equal ones alike on every machine
    parts = np.array_split(order, expect.integer("bins", bins, 1, len(right)))
    return [(1 - confidence[part], ~right[part]) for part in parts]
