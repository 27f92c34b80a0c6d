"""The images, and the places in them, that excite a channel most."""

import numpy as np

from helpers.backend import keras


def exciting_patches(
    model: keras.Model, images: np.ndarray, layer: str, channel: int, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find in which `count` images a channel of a layer answers most, and where.

    Return the indices of images, the rows and the columns, each of shape (count,). An image
    counts once, with its largest number; the strongest come first, equal ones in their order.
    The images are prepared: float32, shape (n, 28, 28, 1).
    """
    maps = model.get_layer(layer).output
    # The maps of all test images would fill 0.9 GB, so the largest numbers are found batchwise.
    flat = keras.layers.Reshape((-1, maps.shape[-1]))(maps)
    peaks = [keras.ops.max(flat, axis=1), keras.ops.argmax(flat, axis=1)]
    outputs = keras.Model(model.inputs[0], peaks).predict(images, batch_size=500, verbose=0)
    values, positions = (array[:, channel] for array in outputs)
    best = np.argsort(-values, kind="stable")[:count]
    return best, *np.divmod(positions[best], maps.shape[2])
