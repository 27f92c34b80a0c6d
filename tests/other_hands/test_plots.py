"""What the figures of other_hands say."""

import numpy as np

from helpers.evaluation import accuracy_interval
from helpers.other_hands import plots
from helpers.plots.canvas import BLUE, PURPLE
from tests.figures import same


def test_forms_are_sorted_and_those_beyond_chance_stand_out():
    right, forms = np.array([1, 1, 1, 0, 0, 0, 1, 0, 1, 1]) > 0, np.repeat([0, 1, 2], (4, 2, 4))
    figure = plots.accuracy_by_form(right, forms, (0.5, 0.9))
    (axes,) = figure.axes
    near, far = axes.containers
    same([near[0].get_xydata(), far[0].get_xydata()], [[(1, 0.75), (2, 0.75)], [(0, 0)]])
    low, high = accuracy_interval(3, 4)
    same(near[2][0].get_segments(), [[(1, low), (1, high)], [(2, low), (2, high)]])
    assert (near[0].get_color(), far[0].get_color()) == (BLUE, PURPLE)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "0", "2"]
