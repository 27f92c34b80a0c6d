"""Pictures in the form of MNIST's that show no digit: what does a network say of them?"""

import numpy as np
from PIL import Image, ImageDraw

SCALE = 8  # drawn this much larger, then averaged down, which makes the grey edges of ink
SIDE, INK_SIDE, PEN = 28, 20, 2.4  # pixels: the image, the longest side of its ink, the pen


def _arc(x: float, y: float, radius: float, start: float, end: float) -> list[tuple[float, float]]:
    """Return points on a circle's arc, angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 60))
    return [(x + radius * np.cos(angle), y + radius * np.sin(angle)) for angle in angles]


# Each shape is a list of strokes, each stroke a list of points (to the right, down).
SHAPES = {
    "A": [[(0, 10), (4, 0), (8, 10)], [(1.6, 6), (6.4, 6)]],
    "E": [[(6, 0), (0, 0), (0, 10), (6, 10)], [(0, 5), (5, 5)]],
    "H": [[(0, 0), (0, 10)], [(7, 0), (7, 10)], [(0, 5), (7, 5)]],
    "K": [[(0, 0), (0, 10)], [(6.5, 0), (0, 6), (2.5, 3.8), (7, 10)]],
    "M": [[(0, 10), (0.8, 0), (4.5, 7), (8.2, 0), (9, 10)]],
    "X": [[(0, 0), (7, 10)], [(7, 0), (0, 10)]],
    "smiley": [
        _arc(0, 0, 5, 0, 360),
        [(-1.7, -1.8), (-1.7, -1.0)],
        [(1.7, -1.8), (1.7, -1.0)],
        _arc(0, 0, 2.9, 25, 155),
    ],
}


def blank() -> np.ndarray:
    """Return an empty sheet: uint8, shape (28, 28), all 0."""
    return np.zeros((SIDE, SIDE), dtype=np.uint8)


def noise(seed: int = 0) -> np.ndarray:
    """Return an image of pixels drawn at random: uint8, shape (28, 28), 0 to 255."""
    return np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)


def shape(name: str) -> np.ndarray:
    """Draw a letter or the smiley as MNIST would have it.

    The longest side of the ink is 20 pixels and its centre of mass lies in the pixel (14, 14),
    so nothing but the shape tells it from a digit.

    Returns:
        uint8, shape (28, 28), 0 to 255.

    Raises:
        ValueError: there is no shape of that name.
    """
    if name not in SHAPES:
        raise ValueError(f"name: got {name!r}, expected one of {', '.join(SHAPES)}")
    points = np.concatenate([np.array(stroke, dtype=float) for stroke in SHAPES[name]])
    low, high = points.min(axis=0), points.max(axis=0)
    zoom = (INK_SIDE - PEN) / (high - low).max()
    strokes = [(np.array(stroke) - (low + high) / 2) * zoom for stroke in SHAPES[name]]
    # Drawn in the middle first, to find where the centre of mass is.
    draft = _draw(strokes, np.full(2, SIDE / 2))
    rows, columns = np.indices(draft.shape)
    mass_x, mass_y = ((axis * draft).sum() / draft.sum() for axis in (columns, rows))
    return _draw(strokes, np.full(2, SIDE / 2) + 14 - (mass_x, mass_y)).round().astype(np.uint8)


def _draw(strokes: list[np.ndarray], middle: np.ndarray) -> np.ndarray:
    """Draw strokes around a point of the image; float, shape (28, 28), 0 to 255."""
    paper = Image.new("L", (SIDE * SCALE, SIDE * SCALE))
    pen, radius = ImageDraw.Draw(paper), PEN * SCALE / 2
    for stroke in strokes:
        dots = [tuple(map(float, point)) for point in (stroke + middle) * SCALE]
        pen.line(dots, fill=255, width=round(2 * radius))
        for x, y in dots:  # round ends and corners
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(paper, dtype=float).reshape(SIDE, SCALE, SIDE, SCALE).mean(axis=(1, 3))
