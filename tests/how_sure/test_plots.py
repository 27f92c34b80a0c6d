"""What the figures of how_sure say, and the bins of a reliability diagram."""

import numpy as np
from sklearn.calibration import calibration_curve

from helpers.evaluation import accuracy_interval
from helpers.how_sure import plots
from helpers.how_sure.calibration import reliability
from tests.figures import arrays, same, widths


def test_reliability_draws_accuracy_over_confidence_and_names_the_fullest_bin():
    answers = [0.5, 0.9], [0.3, 0.8], [0.2, 0.7], [0.6, 0.85], [3, 97]
    figure = plots.reliability({"before": answers, "after": np.ones((5, 1))})
    data, _caps, (bars,) = figure.axes[0].containers[0]
    same([data.get_xydata()], [[(0.5, 0.3), (0.9, 0.8)]])
    same(bars.get_segments(), [[(0.5, 0.2), (0.5, 0.6)], [(0.9, 0.7), (0.9, 0.85)]])
    (note,) = figure.axes[0].texts
    assert note.xy == (0.9, 0.8) and note.get_text().startswith("97 of 100:\n")
    figure.draw_without_rendering()
    assert note.get_window_extent().x1 < figure.axes[0].bbox.x1  # beside is the other panel


def test_answers_stand_beside_their_images():
    images, shares = np.random.default_rng(0).random((2, 28, 28)), np.eye(10)[[7, 1]]
    figure = plots.answers(images, ["one", "two"], shares)
    same(arrays(figure), images)
    same([widths(axes) for axes in figure.axes[1::2]], shares)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["one", "7: >0.999", "two", "1: >0.999"]


def test_bins_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    confidence = np.append(rng.uniform(0.3, 1, 300), [0.15, 1])
    right = rng.random(302) < 0.8
    means, accuracies, low, high, counts = reliability(confidence, right)
    expected = calibration_curve(right, confidence, n_bins=10)  # without the empty ones
    np.testing.assert_allclose((accuracies, means), expected)
    assert counts.tolist() == [n for n in np.histogram(confidence, 10, (0, 1))[0] if n]
    last = right[confidence >= 0.9]
    assert (low[-1], high[-1]) == accuracy_interval(last.sum(), len(last))
