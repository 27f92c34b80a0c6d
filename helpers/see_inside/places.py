"""Places in images: which an answer depends on, and which excite a channel most."""

import numpy as np

from helpers.backend import keras


def occlusion(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """Return the occlusion map of an image: the fall of the digit's probability by place.

    The image is prepared, float32 of shape (height, width, 1), and the map is float32 of shape
    (height, width). A number of the map is the fall when a square of blank paper, 5 pixels wide,
    covers the image around that pixel. At the edges, the square is cut off. Where covering makes
    the digit likelier, the number is below 0. Source: M. D. Zeiler and R. Fergus, "Visualizing
    and Understanding Convolutional Networks", 2014.
    """
    height, width = image.shape[:2]
    covered = np.repeat(image[None], height * width, axis=0)
    for number, (row, column) in enumerate(np.ndindex(height, width)):
        covered[number, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 0
    uncovered_probability = model(image[None]).numpy()[0, digit]
    probabilities = model(covered).numpy()[:, digit]
    return uncovered_probability - probabilities.reshape(height, width)


def exciting_patches(model, images, layer: str, channel: int, count: int):
    """Find the `count` images in which a channel of a layer has its largest numbers, and where.

    Return the indices of the images, the rows and the columns, each of shape (count,). An image
    counts once, with its largest number. The strongest images come first, equal ones in their
    order. The images are prepared: float32 of shape (n, 28, 28, 1).
    """
    # The maps of all channels together would fill the memory.
    output = model.get_layer(layer).output[..., channel]
    maps = keras.Model(model.inputs[0], output).predict(images, batch_size=500, verbose=0)
    flat_maps = maps.reshape(len(maps), -1)
    strongest = np.argsort(-flat_maps.max(axis=1), kind="stable")[:count]
    rows, columns = np.divmod(flat_maps[strongest].argmax(axis=1), maps.shape[2])
    return strongest, rows, columns
