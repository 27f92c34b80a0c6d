"""Digits by other hands: those that a class collects with the drawing pad, and scikit-learn's."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.drawing.preparation import CANVAS
from helpers.drawing.strokes import render_strokes

LARGEST = 4_000_000  # bytes of a file; thirty digits have a tenth of it
# Where scikit-learn's labels begin anew with 0, 1, 2, after the first time.
SHEETS = (130, 256, 386, 516, 646, 776, 905, 1029, 1157, 1287, 1415, 1545, 1667)
MOST = 300  # digits in a file; the pad asks for thirty


def read(folder: Path | str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the digits that were collected with the drawing pad: every `*.json` of a folder.

    A file is a writer, numbered from 0 in the order of the names, which are not kept. Return the
    drawings, uint8 of shape (n, 280, 280), 255 for ink, their labels and their writers, int of
    shape (n,); n is 0 where there is no file.

    Raises:
        ValueError: a file is none that the pad has saved; the message names it.
    """
    drawings, labels, writers = [], [], []
    for writer, path in enumerate(sorted(Path(folder).glob("*.json"))):
        for label, strokes in _collected(path):
            drawings.append(strokes)
            labels.append(label)
            writers.append(writer)
    shape = (len(drawings), CANVAS, CANVAS)
    return (
        np.array(drawings, np.uint8).reshape(shape),
        np.array(labels, int),
        np.array(writers, int),
    )


def _collected(path: Path) -> list[tuple[int, np.ndarray]]:
    """Return the labels and drawings in a file, which is not trusted."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        found = json.loads(path.read_bytes())
        if found["hello-mnist digits"] != 1 or len(found["digits"]) > MOST:
            raise ValueError(f"it is of another version, or has more than {MOST} digits")
        digits = [(one["label"], render_strokes(one["strokes"])) for one in found["digits"]]
        for label, drawing in digits:
            if type(label) is not int or not 0 <= label <= 9 or not drawing.any():
                raise ValueError(f"label {label!r:.20} without ink, or not a digit from 0 to 9")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = (
            f"{path.name}: got another file ({error!s:.200}), expected my_digits.json as the "
            "drawing pad saves it. Take it out of the folder, or let it be collected again."
        )
        raise ValueError(problem) from error
    return digits


def from_scikit_learn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 1,797 digits as drawings in the middle of the pad, as `read` does.

    They are the test part of *Optical Recognition of Handwritten Digits* by E. Alpaydin and
    C. Kaynak (UCI Machine Learning Repository, 1998, licence CC BY 4.0), by 13 writers, which
    scikit-learn brings along as images of 8x8 pixels; each is enlarged to 160x160. Who wrote which
    is not recorded, but the labels repeat one row of 130 digits fourteen times, some left out: as
    if a form had been copied on fourteen sheets. Each of these stands for a writer.
    """
    from sklearn.datasets import load_digits

    found, size = load_digits(), (160, 160)
    drawings = np.zeros((len(found.images), CANVAS, CANVAS), np.uint8)
    for drawing, image in zip(drawings, found.images, strict=True):
        enlarged = Image.fromarray((image * 255 / 16).astype(np.uint8)).resize(size)
        drawing[60:220, 60:220] = np.array(enlarged)
    writers = np.searchsorted(SHEETS, np.arange(len(drawings)), "right")
    return drawings, found.target.astype(int), writers
