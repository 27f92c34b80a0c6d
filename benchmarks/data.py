"""The data of the study: training images for every choice, test images for the last number."""

from typing import NamedTuple

import numpy as np

from helpers import mnist

KNOWN = 50_000  # of the 60,000 training images; the other 10,000 are held out for choices


class Digits(NamedTuple):
    """Images as `load_data()` returns them: uint8 of shape (n, 28, 28), and labels (n,)."""

    images: np.ndarray
    labels: np.ndarray


def training() -> Digits:
    """Return the 60,000 training images."""
    return Digits(*mnist.load_data()[0])


def known() -> Digits:
    """Return the 50,000 training images that variants learn from when a choice is made."""
    return Digits(*(array[:KNOWN] for array in training()))


def held_out() -> Digits:
    """Return the 10,000 training images that choices are made on."""
    return Digits(*(array[KNOWN:] for array in training()))


def test() -> Digits:
    """Return the 10,000 test images; only one.py asks for them, when all training is over."""
    return Digits(*mnist.load_data()[1])
