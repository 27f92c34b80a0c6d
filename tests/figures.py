"""What stands on a figure, as a reader would find it."""

import numpy as np


def arrays(figure):
    """Return what is drawn as images, in the order of the axes."""
    return [np.asarray(image.get_array()) for axes in figure.axes for image in axes.images]


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def lines(axes):
    """Return the points of each line, under the name that a legend gives it."""
    return {line.get_label(): line.get_xydata().tolist() for line in axes.lines}


def widths(axes):
    return [bar.get_width() for bar in axes.patches]


def same(given, expected):
    for drawn, array in zip(given, expected, strict=True):
        np.testing.assert_allclose(drawn, array, atol=1e-9)
