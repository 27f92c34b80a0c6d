"""The data of the study: training images for every choice, test images for the last number."""

from dataclasses import dataclass

import numpy as np

from helpers import mnist

KNOWN = 50_000  # of the 60,000 training images; the other 10,000 are held out for choices


@dataclass(frozen=True)
class Digits:
    """Images as `load_data()` returns them: uint8 of shape (n, 28, 28), and labels (n,)."""

    images: np.ndarray
    labels: np.ndarray


def training() -> Digits:
    """Return the 60,000 training images."""
    (images, labels), _ = mnist.load_data()
    return Digits(images, labels)


def known() -> Digits:
    """Return the 50,000 training images that variants learn from when a choice is made."""
    digits = training()
    return Digits(digits.images[:KNOWN], digits.labels[:KNOWN])


def held_out() -> Digits:
    """Return the 10,000 training images that choices are made on."""
    digits = training()
    return Digits(digits.images[KNOWN:], digits.labels[KNOWN:])


def test() -> Digits:
    """Return the 10,000 test images; only one.py asks for them, when all training is over."""
    _, (images, labels) = mnist.load_data()
    return Digits(images, labels)
