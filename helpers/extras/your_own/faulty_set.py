"""A data set with three faults, such as a class meets when it puts its drawings together."""

from functools import cache

import numpy as np

from helpers.extras.your_own.signs import print_signs

LETTERS = "ABCDE"
INVERTED = 13  # The paper of this writer has the large numbers, and the ink the small ones.
SHIFTED = 6  # The label of each image of this writer is the label of the next class.
COPIED = 17  # The file of this writer came twice. The copy counts as one more writer.


@cache
def sound_set() -> tuple[np.ndarray, ...]:
    """Return the images, the labels and the writers of the data set before anything went wrong.

    The images are uint8 of shape (400, 28, 28), and no two of them are equal. The labels and the
    writers are int of shape (400,). Each of the twenty writers is a face of Matplotlib. The images
    are drawn once, so don't change the arrays.
    """
    return print_signs(LETTERS, copies=4)


def load_faulty_set() -> tuple[np.ndarray, ...]:
    """Return the images, the labels and the writers of the data set with its three faults.

    There are 420 images by 21 writers. Shapes and dtypes are as in `sound_set`.
    """
    images, labels, writers = sound_set()
    copied = writers == COPIED
    images = np.concatenate([images, images[copied]])
    labels = np.concatenate([labels, labels[copied]])
    writers = np.concatenate([writers, np.full(copied.sum(), writers.max() + 1)])
    images[writers == INVERTED] = 255 - images[writers == INVERTED]
    labels[writers == SHIFTED] = (labels[writers == SHIFTED] + 1) % len(LETTERS)
    return images, labels, writers
