import numpy as np
import pytest

from helpers.evaluation import accuracy_interval
from helpers.how_sure import calibration


def two_classes(confidences, right):
    """Make probabilities of two classes: class 0 is always the answer, `right` says if it is."""
    confidences = np.asarray(confidences)
    return np.where(right, 0, 1), np.stack([confidences, 1 - confidences], axis=1)


def test_bins_by_hand():
    labels, probabilities = two_classes([0.62, 0.68, 0.95, 0.97, 0.99], [1, 0, 1, 1, 0])
    found = calibration.reliability(labels, probabilities)
    assert found.counts.tolist() == [0, 0, 0, 0, 0, 0, 2, 0, 0, 3]
    assert found.confidence[[6, 9]] == pytest.approx([0.65, 0.97])
    assert found.accuracy[[6, 9]] == pytest.approx([1 / 2, 2 / 3])
    assert (found.low[9], found.high[9]) == accuracy_interval(2, 3)
    assert np.isnan(found.accuracy[0])
    assert np.isnan(found.low[0])
    error = (2 * abs(0.5 - 0.65) + 3 * abs(2 / 3 - 0.97)) / 5
    assert calibration.expected_calibration_error(found) == pytest.approx(error)


def test_bins_agree_with_a_loop():
    rng = np.random.default_rng(0)
    probabilities = calibration.temper(rng.normal(size=(300, 10)), 0.4)
    labels = rng.integers(0, 10, 300)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    found = calibration.reliability(labels, probabilities, bins=7)
    error = 0
    for number in range(7):
        inside = (number / 7 < confidence) & (confidence <= (number + 1) / 7)
        assert found.counts[number] == inside.sum()
        if inside.any():
            means = confidence[inside].mean(), right[inside].mean()
            assert (found.confidence[number], found.accuracy[number]) == pytest.approx(means)
            error += abs(means[0] - means[1]) * inside.mean()
    assert calibration.expected_calibration_error(found) == pytest.approx(error)


def test_perfect_and_worst_answers_and_a_value_on_a_border():
    sure = np.eye(10)
    assert calibration.expected_calibration_error(calibration.reliability(np.arange(10), sure)) == 0
    assert (
        calibration.expected_calibration_error(
            calibration.reliability((np.arange(10) + 1) % 10, sure)
        )
        == 1
    )
    labels, probabilities = two_classes([0.5, 1.0], [1, 1])
    assert calibration.reliability(labels, probabilities, bins=2).counts.tolist() == [1, 1]


@pytest.mark.parametrize("temperature", [0.3, 1, 1.6, 5])
@pytest.mark.parametrize("share", [[0.7, 0.2, 0.1], [0.8, 0.2]])
def test_the_temperature_that_made_the_labels_is_found(temperature, share):
    # Labels in exactly the proportions of softmax(scores / temperature): then the loss is least
    # at that temperature, because cross-entropy is least when both distributions are equal.
    scores = np.tile(np.log(share) * temperature, (1000, 1))
    labels = np.repeat(np.arange(len(share)), (np.array(share) * 1000).round().astype(int))
    assert calibration.fit_temperature(scores, labels) == pytest.approx(temperature, rel=1e-3)


def test_the_loss_by_hand():
    scores = np.array([[1.0, 3.0], [2.0, 0.0]])
    expected = -(np.log(1 / (1 + np.exp(1))) + np.log(1 / (1 + np.exp(-1)))) / 2
    assert calibration.loss_at(2, scores, np.array([0, 0])) == pytest.approx(expected)


def test_temperature_keeps_the_answer_and_lowers_the_confidence():
    scores = np.random.default_rng(2).normal(size=(50, 10)).astype("float32") * 5
    cold, hot = calibration.temper(scores, 1), calibration.temper(scores, 3)
    np.testing.assert_array_equal(cold.argmax(axis=1), hot.argmax(axis=1))
    assert (hot.max(axis=1) < cold.max(axis=1)).all()
    np.testing.assert_allclose(hot.sum(axis=1), 1)
    huge = np.array([[5000.0, 0.0], [0.0, 5000.0]])
    assert np.isfinite(calibration.temper(huge, 1)).all()
    assert np.isfinite(calibration.fit_temperature(huge, np.array([0, 0])))


def test_bad_arguments_are_named():
    labels, halves = np.array([0, 1]), np.full((2, 2), 0.5)
    for helper, arguments, message in [
        (calibration.reliability, (labels[:1], halves), "labels: got"),
        (calibration.reliability, (labels[:0], halves[:0]), "probabilities: got"),
        (
            calibration.reliability,
            (labels, 3 * halves),
            "probabilities: got 1.5 to 1.5, expected 0 to 1",
        ),
        (calibration.reliability, (labels, halves, 0), "bins: got 0"),
        (calibration.temper, (halves, 0), "temperature: got 0"),
        (calibration.temper, (halves[0], 1), "scores: got"),
        (calibration.loss_at, (-1, halves, labels), "temperature: got -1"),
        (calibration.fit_temperature, (halves, labels[None]), "labels: got"),
    ]:
        with pytest.raises(ValueError, match=message):
            helper(*arguments)
