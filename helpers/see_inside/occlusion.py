"""Which parts of an image an answer depends on: occlusion sensitivity."""

import numpy as np

from helpers.backend import keras


def occlusion(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """Return the occlusion map of an image: how far the digit's probability falls at each place.

    M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", 2014. From a
    prepared image, float32 of shape (height, width, 1), to float32 of shape (height, width): the
    fall when the middle of a square of blank paper, 5 pixels wide, lies on that pixel. At the edges
    the square is cut off. Where covering makes the digit likelier, it is below 0.
    """
    height, width = image.shape[:2]
    covered = np.repeat(image[None], height * width, axis=0)
    for number, (row, column) in enumerate(np.ndindex(height, width)):
        covered[number, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 0
    before = model(image[None]).numpy()[0, digit]
    return before - model(covered).numpy()[:, digit].reshape(height, width)
