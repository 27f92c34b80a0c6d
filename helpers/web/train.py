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


def digits(images: np.ndarray, labels: np.ndarray, count: int = 6_000) -> dict:
    """Return `count` training images and then 500 others, held out, as network.js unpacks them.

    They are MNIST's 60,000: uint8 images of shape (n, 28, 28) and labels, (n,). What is returned
    are `images`: their bytes, packed by gzip and written in base64; `labels`: one digit an image;
    and how many are `known`, to learn from.
    """
    images, labels = (np.concatenate([a[:count], a[FIT:][:500]]) for a in (images, labels))
    packed = base64.b64encode(gzip.compress(images.tobytes(), mtime=0)).decode()
    return {"images": packed, "labels": "".join(map(str, labels)), "known": count}


class TrainingView(anywidget.AnyWidget):
    """Networks that train in the browser: curves, filters, mistakes, and a pad that they read."""

    _esm, _css = scripts.widget("train.js", "renderTraining"), scripts.styles("train.css")
    digits = Dict().tag(sync=True)
    strokes = List().tag(sync=True)

    def __init__(self):
        super().__init__(digits=digits(*mnist.load_data()[0]), strokes=recorded_strokes())

    def __repr__(self):
        return _("A network that trains in the page: run this cell, then press Train.")
