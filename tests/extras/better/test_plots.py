import numpy as np
import pytest

from helpers.extras.better import plots


def test_gains_and_their_intervals():
    axes = plots.gains({"idea": [0.001, 0.003, 0.002], "b": np.array([-0.1, 0.1])}).axes[0]
    interval, mean = axes.lines[2].get_xdata(), axes.lines[3].get_xdata()
    assert interval == pytest.approx((-0.000484, 0.004484), abs=1e-6)  # Student's t
    assert mean == pytest.approx(0.002) and axes.texts[0].get_text() == "+0.0020"
    assert axes.figure.alt.endswith("above 0 for none, and below 0 for none.")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["idea", "b"]


def test_the_text_of_the_figure_says_which_intervals_are_above_0_and_which_below():
    gains = {"up": np.array([0.01, 0.011]), "down": np.array([-0.01, -0.011])}
    alt = plots.gains(gains).axes[0].figure.alt
    assert alt.startswith("2 rows of gains, each with a line")
    assert alt.endswith("above 0 for up, and below 0 for down.")
    assert plots.gains({"up": gains["up"]}).axes[0].figure.alt.startswith("1 row of gains with a")
