"""What the figures of other_hands say."""

import numpy as np

from helpers.other_hands import plots
from helpers.plots.canvas import BLUE, PURPLE
from tests.figures import same


def test_writers_are_sorted_and_those_beyond_chance_stand_out():
    by_writer = np.array([(0.9, 0.8, 0.95), (0.7, 0.6, 0.8), (0.8, 0.7, 0.9)])
    figure = plots.accuracy_by_writer(by_writer, 0.8, (0.75, 0.92))
    (axes,) = figure.axes
    near, far = axes.containers
    same([near[0].get_xydata(), far[0].get_xydata()], [[(1, 0.8), (2, 0.9)], [(0, 0.7)]])
    same(far[2][0].get_segments(), [[(0, 0.6), (0, 0.8)]])
    assert (near[0].get_color(), far[0].get_color()) == (BLUE, PURPLE)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "0"]
