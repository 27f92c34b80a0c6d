"""Digits by other hands, which scikit-learn brings along."""

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from helpers.drawing.preparation import CANVAS_SIDE

# The index of the first digit of each form but the first, in scikit-learn's digits. The labels
# start again with 0, 1, 2 there. At 906 they start with 1, because this form lacks its first 0. The
# 8 before it is the last digit of the form before, as it is of twelve other forms.
FORM_STARTS = (130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)


def load_scikit_learn_digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 1,797 digits, in the middle of the pad, with their labels and writers.

    They are the test part of *Optical Recognition of Handwritten Digits* by E. Alpaydin and
    C. Kaynak (UCI Machine Learning Repository, 1998, licence CC BY 4.0), by 13 writers.
    Scikit-learn brings them along as images of 8x8 pixels, which are made larger here. Nobody has
    recorded who wrote which digit. But the labels repeat nearly the same row of 130 digits
    fourteen times, as if a form had been copied. Some digits are left out, and one is another.
    Each of these fourteen stands for a writer.
    """
    digits = load_digits()
    writers = np.searchsorted(FORM_STARTS, np.arange(len(digits.images)), "right")
    return enlarge(digits.images * (255 / 16)), digits.target.astype(int), writers


def enlarge(images: np.ndarray) -> np.ndarray:
    """Enlarge images, 0 to 255 for ink, to 160x160 in the middle of pads, uint8 (n, 280, 280)."""
    drawings = np.zeros((len(images), CANVAS_SIDE, CANVAS_SIDE), np.uint8)
    for drawing, image in zip(drawings, images.astype(np.uint8), strict=True):
        drawing[60:220, 60:220] = np.array(Image.fromarray(image).resize((160, 160)))
    return drawings
