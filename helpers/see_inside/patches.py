"""The images, and the places in them, that excite a channel most."""

from typing import NamedTuple

import numpy as np

from helpers.backend import keras


class Peaks(NamedTuple):
    """Where some channels answer most: each array has the shape (channels, count)."""

    images: np.ndarray
    rows: np.ndarray
    columns: np.ndarray


def exciting_patches(
    model: keras.Model, images: np.ndarray, layer: str, channels: list[int], count: int
) -> Peaks:
    """Find in which `count` images channels of a layer with feature maps answer most, and where.

    An image counts once for a channel, with its largest number; the strongest come first, equal
    ones in their order. The images are prepared: float32, shape (n, 28, 28, 1).
    """
    maps = model.get_layer(layer).output
    # The maps of all test images would fill 0.9 GB, so the largest numbers are found batchwise.
    flat = keras.layers.Reshape((-1, maps.shape[-1]))(maps)
    peaks = [keras.ops.max(flat, axis=1), keras.ops.argmax(flat, axis=1)]
    outputs = keras.Model(model.inputs[0], peaks).predict(images, batch_size=500, verbose=0)
    values, positions = (array.T[channels] for array in outputs)
    best = np.argsort(-values, axis=1, kind="stable")[:, :count]
    return Peaks(best, *np.divmod(np.take_along_axis(positions, best, axis=1), maps.shape[2]))
