"""Places in images: which an answer depends on, and which excite a channel most."""

import numpy as np

from helpers.backend import keras


def occlusion(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """Return the occlusion map of an image: the fall of the digit's probability by place.

    M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", 2014.
    From a prepared image, float32 of shape (height, width, 1), to float32 of shape (height,
    width): the fall when the middle of a square of blank paper, 5 pixels wide, lies on that
    pixel. At the edges it is cut off. Where covering makes the digit likelier, it is below 0.
    """
    height, width = image.shape[:2]
    covered = np.repeat(image[None], height * width, axis=0)
    for number, (row, column) in enumerate(np.ndindex(height, width)):
        covered[number, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 0
    before = model(image[None]).numpy()[0, digit]
    return before - model(covered).numpy()[:, digit].reshape(height, width)


def exciting_patches(model, images, layer: str, channel: int, count: int):
    """Find in which `count` images a channel of a layer answers most, and where.

    Return the indices of images, the rows and the columns, each of shape (count,). An image
    counts once, with its largest number; the strongest come first, equal ones in their order.
    The images are prepared: float32, shape (n, 28, 28, 1).
    """
    its_map = model.get_layer(layer).output[..., channel]  # those of all channels fill memory
    maps = keras.Model(model.inputs[0], its_map).predict(images, batch_size=500, verbose=0)
    flat = maps.reshape(len(maps), -1)
    best = np.argsort(-flat.max(axis=1), kind="stable")[:count]
    return best, *np.divmod(flat[best].argmax(axis=1), maps.shape[2])
