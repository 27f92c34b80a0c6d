"""The Chinese pages for a final, and the mathematics with which their tests compute them anew."""

import numpy as np

from helpers.common.files import ROOT


def read_page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.zh-CN.md").read_text(encoding="utf-8")


def correlate(image, kernel):
    """Return the valid cross-correlation of two matrices."""
    windows = np.lib.stride_tricks.sliding_window_view(image, np.shape(kernel))
    return (windows * kernel).sum(axis=(2, 3))


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()


def matrix(array) -> str:
    """Return a matrix as a page writes it in LaTeX."""
    return r" \\ ".join(" & ".join(f"{value:g}" for value in row) for row in np.asarray(array))
