"""A network that trains in the browser, and the digits that it learns from."""

import base64
import gzip

import anywidget
import numpy as np
from traitlets import Dict, List, Unicode

from helpers import mnist
from helpers.common.language import _
from helpers.drawing.strokes import recorded_strokes
from helpers.widgets import scripts, step_address

HELD_OUT_START = 50_000  # of the 60,000 training images; the others are held out


def pack_digits(images: np.ndarray, labels: np.ndarray, count: int = 6_000) -> dict:
    """Return `count` training images and 500 held-out images, as training_images.js unpacks them.

    `images` and `labels` are MNIST's 60,000, uint8 of shape (n, 28, 28) and (n,). The result is a
    dictionary. `images` has the bytes of the chosen images, packed by gzip and written in base64.
    `labels` is a text with one digit for each of these images. `known` is `count`, the number of
    images to learn from.
    """
    held_out = slice(HELD_OUT_START, HELD_OUT_START + 500)
    images = np.concatenate([images[:count], images[held_out]])
    labels = np.concatenate([labels[:count], labels[held_out]])
    # Level 9 makes the result half a percent shorter, and takes ten times as long.
    packed = base64.b64encode(gzip.compress(images.tobytes(), compresslevel=7, mtime=0)).decode()
    return {"images": packed, "labels": "".join(map(str, labels)), "known": count}


class TrainingView(anywidget.AnyWidget):
    """Networks that train in the browser: curves, filters, mistakes, and a pad that they read.

    It begins with a `network` ("one", "small" or "lesson"), with `images` ("mnist", "few" or
    "shuffled"), and with a `learning_rate`, a `batch_size` and a `seed` that the view offers. It
    makes as many steps as `step` says, at most 20. Then it shows *One step in numbers* for one of
    these. Layers count from 1, and layer 0 is the image.

    - `weight`: a layer and an index in its kernel, as in Keras. (1, 0, 0, 0, 5) is
      `layers[1].kernel[0, 0, 0, 5]`; a kernel of a convolution has the shape (rows, columns, maps
      before, filters), and one of a dense layer has the shape (inputs, units).
    - `bias`: a layer and a unit, such as (1, 5).
    - `number`: a layer and an index in its output. In (1, 12, 9, 5), 12 is the row, 9 the column
      and 5 the map. `image` says which image of the batch the output belongs to.

    Raises ValueError, which names the argument, for what the view doesn't have.
    """

    _esm = scripts.widget_script("training/training.js", "renderTraining")
    _css = scripts.bundle_styles("training/training.css")
    digits = Dict().tag(sync=True)
    strokes = List().tag(sync=True)
    address = Unicode().tag(sync=True)

    def __init__(self, network: str = "small", images: str = "mnist", **settings):
        address = step_address.write_address(network, images, **settings)
        known = pack_digits(*mnist.load_data()[0])
        super().__init__(digits=known, strokes=recorded_strokes(), address=address)

    def __repr__(self):
        return _("A network that trains in the page: run this cell, then press Train.")
