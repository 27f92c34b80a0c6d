"""From a drawing to the kind of image that the network learned from.

A drawing has the shape (height, width): 0 is paper, and its largest value is full ink. The
makers of MNIST scaled every digit to fit 20 pixels and put its centre of mass at the centre of
28x28 pixels. `to_mnist` does the same; `plain_resize` leaves it out, for comparison.
"""

import numpy as np
from PIL import Image

from helpers.common import arguments
from helpers.common.files import read_shared
from helpers.common.language import _

CANVAS_SIDE = read_shared("drawings")["side"]  # pixels a side of the drawing pad
IMAGE_SIDE = 28  # pixels a side of an MNIST image


def to_mnist(drawing: np.ndarray) -> np.ndarray:
    """Prepare a drawing as the makers of MNIST prepared theirs.

    The result is uint8, shape (28, 28), its darkest pixel 255. The digit's longest side becomes
    20 pixels, with grey edges, even if it is a single dot. Its centre of mass comes as near to
    row 14, column 14 as whole pixels allow while all of it stays inside. Raises ValueError where
    there is no ink, or the array is no drawing.
    """
    digit = _crop_digit(drawing, 20, Image.Resampling.BOX)
    digit *= 255 / digit.max()  # a thin pen comes out pale
    image = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    image[_centred_slice(digit.sum(axis=1)), _centred_slice(digit.sum(axis=0))] = digit.round()
    return image


def plain_resize(drawing: np.ndarray) -> np.ndarray:
    """Resize a whole drawing to 28x28 pixels, wherever on it the digit is.

    The result is uint8 of shape (28, 28), and full ink is 255. Raises ValueError where `to_mnist`
    does.
    """
    picture = Image.fromarray(_check_ink(drawing).astype(np.float32))
    small = np.array(picture.resize((IMAGE_SIDE, IMAGE_SIDE), Image.Resampling.BOX))
    return (255 * small).round().astype(np.uint8)


def put_anywhere(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put the digit of an MNIST image on a canvas, at a random size and place.

    It becomes a drawing: uint8, shape (280, 280), with all of the digit, whose longest side is
    60 to 140 pixels. Raises ValueError where `to_mnist` does.
    """
    digit = _crop_digit(image, rng.integers(60, 141), Image.Resampling.BICUBIC)
    height, width = digit.shape
    top, left = rng.integers(0, (CANVAS_SIDE - height + 1, CANVAS_SIDE - width + 1))
    canvas = np.zeros((CANVAS_SIDE, CANVAS_SIDE), np.uint8)
    canvas[top : top + height, left : left + width] = (255 * digit.clip(0, 1)).round()
    return canvas


def _check_ink(drawing: np.ndarray) -> np.ndarray:
    """Check a drawing and return its ink as float64 from 0 to 1."""
    drawing = arguments.check_numbers("drawing", drawing, ("height", "width"), dtype=np.float64)
    if not drawing.any():
        raise ValueError(_("drawing: it is blank. Draw a digit first; 0 is paper, more is ink."))
    low = drawing.min()
    if low < 0:
        raise ValueError(_("drawing: got values down to {low}, expected 0 or more", low=low))
    return drawing / drawing.max()


def _crop_digit(drawing: np.ndarray, longest: int, method: Image.Resampling) -> np.ndarray:
    """Return the ink in the smallest box that holds it, with so many pixels on its longest side."""
    ink = _check_ink(drawing)
    box = Image.fromarray(ink >= 0.1).getbbox()  # the faintest doesn't count for it
    digit = Image.fromarray(ink.astype(np.float32)).crop(box)
    scale = longest / max(digit.size)
    return np.array(digit.resize([max(1, round(side * scale)) for side in digit.size], method))


def _centred_slice(mass: np.ndarray) -> slice:
    """Return where along one axis a digit goes, given the ink of each of its rows or columns."""
    centre = (mass @ np.arange(len(mass))) / mass.sum()
    shift = round(float(14 - centre), 3)  # the last digits of a sum must not decide where it goes
    start = min(max(round(shift), 0), IMAGE_SIDE - len(mass))
    return slice(start, start + len(mass))
