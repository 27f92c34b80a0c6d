"""What the figures of how_sure say, and the bins of a reliability diagram."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from helpers.common import language
from helpers.evaluation import accuracy_interval
from helpers.extras.how_sure import plots
from helpers.extras.how_sure.calibration import reliability
from tests.editions import needs_chinese
from tests.figures import assert_same, drawn_arrays, titles, widths


def test_mistakes_made_stand_over_those_expected_and_answers_beside_their_images():
    answers = np.array([(50, 0.1), (96, 3), (79, 1), (116, 9)])
    figure = plots.reliability({"before": answers, "after": np.zeros((4, 1))})
    data, _caps, (bars,) = figure.axes[0].containers[0]
    assert_same([data.get_xydata()], [[(50, 96), (0.1, 3)]])
    assert_same(bars.get_segments(), [[(50, 79), (50, 116)], [(0.1, 1), (0.1, 9)]])

    images, shares = np.random.default_rng(0).random((2, 28, 28)), np.eye(10)[[7, 1]]
    figure = plots.answers(dict(zip(["one", "two"], images, strict=True)), shares)
    assert_same(drawn_arrays(figure), images)
    assert_same([widths(axes) for axes in figure.axes[1::2]], shares)
    assert titles(figure) == ["one", "7: >0.999", "two", "1: >0.999"]


@needs_chinese
def test_an_answer_has_the_colon_of_chinese():
    with language.use_language("zh_CN"):
        figure = plots.answers({"one": np.zeros((28, 28))}, np.eye(10)[[7]])
    assert titles(figure) == ["one", "7：>0.999"]


def test_bins_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.3, 1, 300)
    right = rng.random(300) < 0.8
    expected, made, low, high = reliability(confidence, right) / 1000
    curve = calibration_curve(right, confidence, n_bins=10, strategy="quantile")
    np.testing.assert_allclose((1 - made, 1 - expected), curve)
    least_sure = right[confidence < np.sort(confidence)[30]]
    assert (low[0], high[0]) == pytest.approx(accuracy_interval((~least_sure).sum(), 30))
