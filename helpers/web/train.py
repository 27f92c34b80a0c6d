"""A network that trains in the browser, and the digits that it learns from."""

import base64
import gzip

import anywidget
import numpy as np
from traitlets import Dict, List

from helpers import mnist
from helpers.drawing.strokes import recorded_strokes
from helpers.language import _
from helpers.web import scripts

FIT = 50_000  # of the 60,000 training images; the others are held out


def digits(images, labels, training: int = 6_000, validation: int = 500) -> dict:
    """Return some of the training images and then others, held out, as `pack` packs them."""
    numbers = [*range(training), *range(FIT, FIT + validation)]
    return pack(images[numbers], labels[numbers], training)


def rehearsal(known: tuple, test: tuple, rehearsed: int = 300, tests: int = 500) -> dict:
    """Return training images to rehearse and then test images, as teach.js wants them, packed.

    Both are images and labels, as of `mnist.load_data()`.
    """
    pairs = zip(known, test, strict=True)
    return pack(*(np.concatenate([a[:rehearsed], b[:tests]]) for a, b in pairs), rehearsed)


def pack(images: np.ndarray, labels: np.ndarray, known: int) -> dict:
    """Return uint8 images of shape (n, 28, 28) and labels, (n,), as network.js unpacks them.

    `images` are their bytes, packed by gzip and written in base64; `labels` one digit an image;
    the first `known` are to learn from.
    """
    packed = base64.b64encode(gzip.compress(images.tobytes(), mtime=0)).decode()
    return {"images": packed, "labels": "".join(map(str, labels)), "known": known}


class TrainingView(anywidget.AnyWidget):
    """Networks that train in the browser: curves, filters, mistakes, and a pad that they read."""

    # In the language of the moment in which a view is made.
    _esm = property(lambda view: scripts.widget("train.js", "renderTraining"))
    _css = scripts.styles("train.css")
    digits = Dict().tag(sync=True)
    strokes = List().tag(sync=True)

    def __init__(self):
        super().__init__(digits=digits(*mnist.load_data()[0]), strokes=recorded_strokes())

    def __repr__(self):
        return _("A network that trains in the page: run this cell, then press Train.")
