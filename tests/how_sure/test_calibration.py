import numpy as np
import pytest

from helpers.evaluation import accuracy_interval
from helpers.how_sure.calibration import expected_calibration_error as calibration_error
from helpers.how_sure.calibration import fit_temperature, loss_at, reliability, temper


def test_bins_agree_with_a_loop():
    rng = np.random.default_rng(0)
    probabilities = temper(rng.normal(size=(300, 10)), 0.4)
    labels = rng.integers(0, 10, 300)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    found = reliability(labels, probabilities, bins=14)
    assert found.counts.sum() == 300 and found.counts[0] == 0
    error = 0
    for number, (count, *numbers) in enumerate(zip(*found, strict=True)):
        inside = (number / 14 < confidence) & (confidence <= (number + 1) / 14)
        assert count == inside.sum()
        if count:
            means = confidence[inside].mean(), right[inside].mean()
            assert numbers == pytest.approx(
                [*means, *accuracy_interval(right[inside].sum(), count)]
            )
            error += abs(means[0] - means[1]) * inside.mean()
        else:
            assert np.isnan(numbers).all()
    assert calibration_error(found) == pytest.approx(error)


def test_perfect_and_worst_answers_and_a_value_on_a_border():
    sure, digits = np.eye(10), np.arange(10)
    assert calibration_error(reliability(digits, sure)) == 0
    assert calibration_error(reliability((digits + 1) % 10, sure)) == 1
    assert reliability([0, 0], [[0.5, 0.5], [1, 0]], bins=2).counts.tolist() == [1, 1]


@pytest.mark.parametrize("temperature", [0.3, 1, 1.6, 5])
@pytest.mark.parametrize("share", [[0.7, 0.2, 0.1], [0.8, 0.2]])
def test_the_temperature_that_made_the_labels_is_found(temperature, share):
    # Labels in exactly the proportions of softmax(scores / temperature): then the loss is least
    # at that temperature, because cross-entropy is least when both distributions are equal.
    scores = np.tile(np.log(share) * temperature, (1000, 1))
    labels = np.repeat(np.arange(len(share)), (np.array(share) * 1000).round().astype(int))
    assert fit_temperature(scores, labels) == pytest.approx(temperature, rel=1e-3)


def test_the_loss_by_hand():
    scores = np.array([[1.0, 3.0], [2.0, 0.0]])
    expected = -(np.log(1 / (1 + np.exp(1))) + np.log(1 / (1 + np.exp(-1)))) / 2
    assert loss_at(2, scores, np.array([0, 0])) == pytest.approx(expected)


def test_temperature_keeps_the_answer_and_lowers_the_confidence():
    scores = np.random.default_rng(2).normal(size=(50, 10)).astype("float32") * 5
    cold, hot = temper(scores, 1), temper(scores, 3)
    np.testing.assert_array_equal(cold.argmax(axis=1), hot.argmax(axis=1))
    assert (hot.max(axis=1) < cold.max(axis=1)).all()
    np.testing.assert_allclose(hot.sum(axis=1), 1)
    huge = np.array([[5000.0, 0.0], [0.0, 5000.0]])
    assert np.isfinite(temper(huge, 1)).all()
    assert np.isfinite(fit_temperature(huge, np.array([0, 0])))


def test_bad_arguments_are_named():
    labels, halves = np.array([0, 1]), np.full((2, 2), 0.5)
    for helper, arguments, message in [
        (reliability, (labels[:1], halves), "labels: got"),
        (reliability, (labels[:0], halves[:0]), "probabilities: got"),
        (reliability, (labels, 3 * halves), "probabilities: got 1.5 to 1.5, expected 0 to 1"),
        (reliability, (labels, halves, 0), "bins: got 0"),
        (temper, (halves, 0), "temperature: got 0"),
        (temper, (halves[0], 1), "scores: got"),
        (loss_at, (-1, halves, labels), "temperature: got -1"),
        (fit_temperature, (halves, labels[None]), "labels: got"),
    ]:
        with pytest.raises(ValueError, match=message):
            helper(*arguments)
