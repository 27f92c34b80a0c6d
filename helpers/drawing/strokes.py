"""Strokes of a pen, as lists of points, and how they become a drawing."""

import json
from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw

from helpers.common import arguments
from helpers.common.files import DATA, read_shared
from helpers.common.language import _
from helpers.drawing.preparation import CANVAS_SIDE

PEN_WIDTH = read_shared("drawings")["pen_width"]  # pixels of the drawing pad


def render_strokes(strokes: list, pen: int = PEN_WIDTH) -> np.ndarray:
    """Draw strokes with a round pen, as the drawing pad shows them.

    A stroke is a list of points [x, y] in pixels of the pad, whose top left corner is [0, 0].
    `pen` is the width of the pen in pixels. A part of a stroke outside of the pad is not drawn.
    The drawing is uint8 of shape (280, 280), 255 for ink. Raises ValueError if `strokes` is no
    list, or if a stroke is no list of pairs of finite numbers.
    """
    if not isinstance(strokes, Iterable):
        kind = type(strokes).__name__
        raise ValueError(arguments.mismatch("strokes", kind, _("a list of strokes")))
    canvas = Image.new("L", (CANVAS_SIDE, CANVAS_SIDE))
    draw = ImageDraw.Draw(canvas)
    for stroke in strokes:
        points = arguments.check_numbers(
            _("strokes, one of them"), stroke, ("points", 2), dtype=float
        )
        points = [tuple(point) for point in points.clip(-CANVAS_SIDE, 2 * CANVAS_SIDE)]
        draw.line(points, fill=255, width=pen)
        for point in points:  # the line has no round ends or corners of its own
            draw.circle(point, pen / 2, fill=255)
    return np.array(canvas)


def recorded_strokes() -> list:
    """Return the strokes of a recorded 5, for places without a browser in which you could draw."""
    return json.loads((DATA / "recorded_drawing.json").read_text(encoding="utf-8"))["strokes"]
