"""Digits by other hands: those that a class collects with the drawing pad, and scikit-learn's."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.drawing.preparation import CANVAS
from helpers.drawing.strokes import render_strokes
from helpers.language import _

MOST, LARGEST = 300, 4_000_000  # digits and bytes of a file; the pad's thirty have a tenth of both
# The index of the first digit of each form but the first, in scikit-learn's digits: the labels
# start again with 0, 1, 2 there.
FORMS = (130, 256, 386, 516, 646, 776, 905, 1029, 1157, 1287, 1415, 1545, 1667)


def read(folder: Path | str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the digits that were collected with the drawing pad: every `*.json` of a folder.

    A file is a writer, numbered from 0 in the order of the names, which are not kept. Return the
    drawings, uint8 of shape (n, 280, 280), 255 for ink, their labels and their writers, int of
    shape (n,); n is 0 where there is no file.

    Raises:
        ValueError: a file is none that the pad has saved; the message names it.
    """
    files = map(_collected, sorted(Path(folder).glob("*.json")))
    rows = [(*digit, writer) for writer, digits in enumerate(files) for digit in digits]
    drawings, labels, writers = zip(*rows, strict=True) if rows else ((), (), ())
    drawings = np.array(drawings, np.uint8).reshape(len(rows), CANVAS, CANVAS)
    return drawings, np.array(labels, int), np.array(writers, int)


def _collected(path: Path) -> list[tuple[np.ndarray, int]]:
    """Return the drawings and labels in a file, which is not trusted."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(LARGEST))  # what is longer ends in the middle
        if content["hello-mnist digits"] != 1 or len(content["digits"]) > MOST:
            raise ValueError(_("another version, or too many"))
        pairs = [(digit["strokes"], digit["label"]) for digit in content["digits"]]
        digits = [(render_strokes(strokes), label) for strokes, label in pairs]
        if not all(drawing.any() and label in [*range(10)] for drawing, label in digits):
            raise ValueError(_("a digit without ink, or a label that is none of 0 to 9"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = _(
            "{name}: got another file ({error:.200}), expected my_digits.json as the drawing pad "
            "saves it, with at most {most} digits. Take it out of the folder.",
            name=path.name,
            error=str(error),
            most=MOST,
        )
        raise ValueError(problem) from error
    return digits


def from_scikit_learn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 1,797 digits, in the middle of the pad, with their labels and writers, as `read` does.

    They are the test part of *Optical Recognition of Handwritten Digits* by E. Alpaydin and
    C. Kaynak (UCI Machine Learning Repository, 1998, licence CC BY 4.0), by 13 writers, which
    scikit-learn brings along as images of 8x8 pixels; each is enlarged to 160x160. Who wrote which
    is not recorded, but the labels repeat one row of 130 digits fourteen times, some left out: as
    if a form had been copied. Each of these fourteen stands for a writer.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    writers = np.searchsorted(FORMS, np.arange(len(digits.images)), "right")
    return enlarged(digits.images * (255 / 16)), digits.target.astype(int), writers


def enlarged(images: np.ndarray) -> np.ndarray:
    """Enlarge images of 8x8 numbers, 0 to 255 for ink, to 160x160 in the middle of the pad.

    Return uint8 of shape (n, 280, 280).
    """
    drawings = np.zeros((len(images), CANVAS, CANVAS), np.uint8)
    for drawing, image in zip(drawings, images.astype(np.uint8), strict=True):
        drawing[60:220, 60:220] = np.array(Image.fromarray(image).resize((160, 160)))
    return drawings
