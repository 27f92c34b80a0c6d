"""Out-of-distribution images: in the form of MNIST's, but they show no digit."""

import numpy as np

from helpers.drawing.preparation import to_mnist
from helpers.drawing.strokes import render_strokes

SCALE = 20  # pixels of the pad to a unit of the shapes below
MARGIN = 40  # pixels of the pad before 0
PEN_WIDTH = 26  # pixels of the pad: on the image as wide as the median stroke of MNIST


def _arc(radius: float, start: float, end: float) -> np.ndarray:
    """Return points on an arc around (5, 5), angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 60))
    return 5 + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


# Each shape is a list of strokes, each stroke a list of points (to the right, down), 0 to 10.
SHAPES = {
    "A": [[(0, 10), (4, 0), (8, 10)], [(1.6, 6), (6.4, 6)]],
    "H": [[(0, 0), (0, 10)], [(7, 0), (7, 10)], [(0, 5), (7, 5)]],
    "K": [[(0, 0), (0, 10)], [(6.5, 0), (0, 6), (2.5, 3.8), (7, 10)]],
    "M": [[(0, 10), (0.8, 0), (4.5, 7), (8.2, 0), (9, 10)]],
    "X": [[(0, 0), (7, 10)], [(7, 0), (0, 10)]],
    "☺": [_arc(5, 0, 360), [(3.3, 3.2), (3.3, 4)], [(6.7, 3.2), (6.7, 4)], _arc(2.9, 25, 155)],
}


def draw_shape(name: str) -> np.ndarray:
    """Draw one of SHAPES as MNIST would have it, so that only its shape is no digit's.

    It is prepared like the drawings on the pad: uint8, shape (28, 28), 0 to 255.
    """
    strokes = [SCALE * np.array(stroke) + MARGIN for stroke in SHAPES[name]]
    return to_mnist(render_strokes(strokes, PEN_WIDTH))
