"""The nearest neighbours of an image, the better of the two baselines of notebook 1."""

import numpy as np

from helpers.common import arguments
from helpers.common.language import _

BATCH_SIZE = 250  # images at once at most, because the distances of all of them need much memory


def nearest_neighbour(images, known_images, known_labels) -> np.ndarray:
    """Label images as their nearest neighbours are labelled, by the Euclidean distance.

    It takes what `find_nearest_labels` takes, and raises the same errors. The result has the shape
    (n,).
    """
    return find_nearest_labels(images, known_images, known_labels, k=1)[:, 0]


def find_nearest_labels(images, known_images, known_labels, k: int) -> np.ndarray:
    """Return the labels of the k known images that are nearest to each image, the nearest first.

    The squared distance of two images is (a - b)² = a² - 2ab + b². Its first part is the same for
    all neighbours b of an image a, so the nearest neighbours have the smallest b² - 2ab. All
    products ab at once are a product of matrices. All are float32, so of two neighbours whose
    squared distances differ by only a few units, either one may be taken for the nearer.
    Source: T. Cover and P. Hart, "Nearest neighbor pattern classification", 1967.

    Images are uint8 of shape (n, 28, 28), the known ones of shape (m, 28, 28) with labels of shape
    (m,). The result has the shape (n, k). ValueError is raised for arrays of other kinds, also for
    images that were prepared for a network, and for a `k` that isn't from 1 to m.
    """
    known_images = arguments.check_pixels("known_images", known_images, ("m", 28, 28))
    images = arguments.check_pixels("images", images, ("n", 28, 28))
    count = len(known_images)
    known_labels = arguments.check_numbers("known_labels", known_labels, (count,))
    if not isinstance(k, int | np.integer) or not 1 <= k <= count:
        wanted = _("a whole number from 1 to {count}", count=count)
        raise ValueError(arguments.mismatch("k", k, wanted))
    known = known_images.reshape(count, -1).astype("float32")
    squared_norms = (known**2).sum(axis=1)
    unknown = images.reshape(len(images), -1).astype("float32")
    nearest = []
    for batch in np.array_split(unknown, len(unknown) // BATCH_SIZE + 1):
        distances = -2 * batch @ known.T
        distances += squared_norms
        nearest.append(_find_smallest(distances, k))
    return known_labels[np.concatenate(nearest)]


def _find_smallest(distances: np.ndarray, k: int) -> np.ndarray:
    """Return the indices of the k smallest numbers of each row, the smallest first."""
    if k == 1:
        return distances.argmin(axis=1, keepdims=True)
    # The k smallest, in any order, are found much faster than the order of all.
    smallest = np.argpartition(distances, k - 1, axis=1)[:, :k]
    order = np.take_along_axis(distances, smallest, axis=1).argsort(axis=1)
    return np.take_along_axis(smallest, order, axis=1)
