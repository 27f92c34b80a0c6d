"""Receptive fields, and the images and patches that excite a channel most."""

from typing import NamedTuple

import numpy as np

from helpers import expect
from helpers.backend import keras


class Peaks(NamedTuple):
    """Where some channels answer most: each array has the shape (channels, count)."""

    images: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


def receptive_field(model: keras.Model, layer: str) -> tuple[int, int]:
    """Return the size and the step, in pixels, of a layer's receptive fields, which are squares.

    The number in (row, column) of a feature map sees the pixels from `row * step` to
    `row * step + size - 1` down, and likewise to the right. Each layer widens the field by its
    kernel's side less one, counted in the steps so far, and its stride multiplies the step. The
    model is a row of convolutions and pools, with square windows and no padding.
    ValueError if there is no such layer, or a layer before it is of another kind.
    """
    size, step = 1, 1
    for known in model.layers[: model.layers.index(model.get_layer(layer)) + 1]:
        if isinstance(known, keras.layers.InputLayer):
            continue
        window = getattr(known, "kernel_size", getattr(known, "pool_size", ()))
        dilated = set(getattr(known, "dilation_rate", (1,))) != {1}
        if len({*window}) != 1 or len({*known.strides}) != 1 or known.padding != "valid" or dilated:
            text = "is no convolution or pool with a square window, without padding and dilation"
            raise ValueError(f"model: {known.name} {text}")
        size, step = size + (window[0] - 1) * step, step * known.strides[0]
    return size, step


def exciting_patches(
    model: keras.Model, images: np.ndarray, layer: str, channels: list[int], count: int
) -> Peaks:
    """Find in which `count` images channels of a layer with feature maps answer most, and where.

    An image counts once for a channel, with its largest number; the strongest come first, equal
    ones in their order. The images are prepared: float32, shape (n, 28, 28, 1).
    ValueError if `count` is not from 1 to n, or a channel not one of the layer's.
    """
    images = expect.numbers("images", images, ("images", *model.input_shape[1:]), dtype="float32")
    count = expect.integer("count", count, 1, len(images))
    maps = model.get_layer(layer).output
    channels = expect.numbers("channels", channels, ("channels",), "ui")
    channels = expect.labels("channels", channels, len(channels), maps.shape[-1])
    # The maps of all test images would fill 0.9 GB, so the largest numbers are found batchwise.
    flat = keras.layers.Reshape((-1, maps.shape[-1]))(maps)
    peaks = [keras.ops.max(flat, axis=1), keras.ops.argmax(flat, axis=1)]
    found = keras.Model(model.inputs[0], peaks).predict(images, batch_size=500, verbose=0)
    values, places = (array.T[channels] for array in found)
    best = np.argsort(-values, axis=1, kind="stable")[:, :count]
    return Peaks(best, *np.divmod(np.take_along_axis(places, best, axis=1), maps.shape[2]))
