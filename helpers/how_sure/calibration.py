"""Whether a network is right as often as it says: calibration, and one number that improves it."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from helpers import expect
from helpers.evaluation import accuracy_interval


class Reliability(NamedTuple):
    """Answers sorted by their confidence into bins of equal width, lowest first.

    `counts` says how many answers fell into each bin, `confidence` is their mean confidence,
    `accuracy` the share of right ones, and `low` to `high` the interval of true accuracies that go
    well with it. All but the counts are NaN in an empty bin.
    """

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    low: np.ndarray
    high: np.ndarray


def reliability(labels: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> Reliability:
    """Compare confidence, the probability of the answer given, with how often it is right.

    Args:
        labels: the right classes, integers, shape (n,).
        probabilities: the network's output, shape (n, classes).
        bins: how many bins share the range from 0 to 1; a value on a border belongs below it.

    Raises:
        ValueError: the two don't belong together or hold something else, or `bins` is below 1.
    """
    labels, probabilities = _checked(labels, probabilities, "probabilities")
    if probabilities.min() < 0 or probabilities.max() > 1 + 1e-3:  # float32 rounds
        raise ValueError(
            f"probabilities: got {probabilities.min()} to {probabilities.max()}, expected 0 to 1"
        )
    bins = expect.whole("bins", bins, 1)
    confidence = probabilities.max(axis=1).astype("float64")
    right = probabilities.argmax(axis=1) == labels
    number = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    counts = np.bincount(number, minlength=bins)
    hits = np.bincount(number, weights=right, minlength=bins).astype(int)
    with np.errstate(invalid="ignore"):
        mean_confidence = np.bincount(number, weights=confidence, minlength=bins) / counts
        accuracy = hits / counts
    ends = [
        accuracy_interval(hit, count) if count else (np.nan, np.nan)
        for hit, count in zip(hits, counts, strict=True)
    ]
    return Reliability(counts, mean_confidence, accuracy, *np.array(ends).T)


def expected_calibration_error(found: Reliability) -> float:
    """Return the gap between confidence and accuracy, averaged over the answers in all bins.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", 2015; C. Guo et al., "On Calibration of Modern Neural Networks", 2017.

    Returns:
        From 0, each bin is right as often as it says, to 1.
    """
    gaps = np.nan_to_num(np.abs(found.accuracy - found.confidence))
    return float(np.average(gaps, weights=found.counts))


def temper(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Return softmax of the scores divided by a temperature; above 1 it is less sure.

    Args:
        scores: what the last layer computes before softmax, shape (n, classes).
        temperature: above 0. Whatever it is, the likeliest class stays the same.

    Raises:
        ValueError: `temperature` is not above 0, or `scores` holds something else.
    """
    return softmax(_tempered(scores, temperature), axis=1)


def loss_at(temperature: float, scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of tempered scores: the loss that training minimises.

    Raises:
        ValueError: an argument is not as in `temper` and `fit_temperature`.
    """
    labels, scores = _checked(labels, scores, "scores")
    log_probabilities = log_softmax(_tempered(scores, temperature), axis=1)
    return float(-log_probabilities[np.arange(len(labels)), labels].mean())


def fit_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature with the least loss, between 1/20 and 20 (Guo et al., 2017).

    Args:
        scores: before softmax, shape (n, classes), of images that the network was not trained on.
        labels: their right classes, integers, shape (n,).

    Raises:
        ValueError: the two don't belong together, or hold something else.
    """
    labels, scores = _checked(labels, scores, "scores")
    # The loss is convex in 1 / temperature; on a log scale both directions are equally far.
    found = minimize_scalar(
        lambda logarithm: loss_at(np.exp(logarithm), scores, labels),
        bounds=(-np.log(20), np.log(20)),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))


def _checked(labels, values, name):
    values = expect.numbers(name, values, ("answers", "classes"), dtype="float64")
    return expect.labels("labels", labels, *values.shape), values


def _tempered(scores, temperature):
    """Return scores over a temperature, the largest moved to 0: softmax stays and none is huge."""
    scores = expect.numbers("scores", scores, ("n", "classes"), dtype="float64")
    if not expect.numbers("temperature", temperature, ()) > 0:
        raise ValueError(f"temperature: got {temperature}, expected more than 0")
    with np.errstate(over="ignore"):  # minus infinity is right: a share of 0
        return (scores - scores.max(axis=1, keepdims=True)) / temperature
