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

    Labels are integers of shape (n,), probabilities have the shape (n, classes). The bins share the
    range from 0 to 1; a value on a border belongs below it.

    Raises:
        ValueError: the two don't belong together or hold something else, or `bins` is below 1.
    """
    labels, probabilities = _checked(labels, probabilities, "probabilities")
    low, high = probabilities.min(), probabilities.max()
    if low < 0 or high > 1 + 1e-3:  # float32 rounds
        raise ValueError(f"probabilities: got {low} to {high}, expected 0 to 1")
    bins = expect.whole("bins", bins, 1)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    of_each = (None, right, confidence)
    counts, hits, sums = (np.bincount(bin_of, weights, bins) for weights in of_each)
    pairs = zip(hits.astype(int), counts, strict=True)
    ends = [accuracy_interval(*pair) if pair[1] else (np.nan, np.nan) for pair in pairs]
    with np.errstate(invalid="ignore"):  # an empty bin divides 0 by 0
        return Reliability(counts, sums / counts, hits / counts, *np.transpose(ends))


def expected_calibration_error(found: Reliability) -> float:
    """Return the gap between confidence and accuracy, averaged over all answers: 0 to 1.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", 2015; C. Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    gaps = np.nan_to_num(np.abs(found.accuracy - found.confidence))
    return float(np.average(gaps, weights=found.counts))


def temper(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Return softmax of scores, shape (n, classes), over a temperature: above 1 it is less sure.

    The likeliest class stays the same.

    Raises:
        ValueError: `temperature` is not above 0, or `scores` holds something else.
    """
    scores = expect.numbers("scores", scores, ("n", "classes"), dtype="float64")
    return softmax(_divided(scores, _checked_temperature(temperature)), axis=1)


def loss_at(temperature: float, scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of tempered scores: the loss that training minimises.

    Raises:
        ValueError: an argument is not as in `temper` and `fit_temperature`.
    """
    labels, scores = _checked(labels, scores, "scores")
    return _loss(_checked_temperature(temperature), scores, labels)


def fit_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature with the least loss, between 1/20 and 20 (Guo et al., 2017).

    The scores before softmax, shape (n, classes), and the labels, integers of shape (n,), should be
    those of images that the network was not trained on.

    Raises:
        ValueError: the two don't belong together, or hold something else.
    """
    labels, scores = _checked(labels, scores, "scores")
    # The loss is convex in 1 / temperature; on a log scale both directions are equally far.
    found = minimize_scalar(
        lambda logarithm: _loss(np.exp(logarithm), scores, labels),
        bounds=np.log([1 / 20, 20]),
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))


def _checked(labels, values, name):
    values = expect.numbers(name, values, ("answers", "classes"), dtype="float64")
    return expect.labels("labels", labels, *values.shape), values


def _checked_temperature(temperature):
    if not expect.numbers("temperature", temperature, ()) > 0:
        raise ValueError(f"temperature: got {temperature}, expected more than 0")
    return temperature


def _loss(temperature, scores, labels):
    log_probabilities = log_softmax(_divided(scores, temperature), axis=1)
    return float(-log_probabilities[np.arange(len(labels)), labels].mean())


def _divided(scores, temperature):
    """Return scores over a temperature, the largest moved to 0: softmax stays and none is huge."""
    with np.errstate(over="ignore"):  # minus infinity is right: a share of 0
        return (scores - scores.max(axis=1, keepdims=True)) / temperature
