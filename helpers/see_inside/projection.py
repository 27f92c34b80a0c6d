"""Many numbers for each image, drawn as one point in the plane."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from helpers import expect


def neighbours_in_plane(values: np.ndarray) -> np.ndarray:
    """Return a t-SNE embedding in the plane, where images with similar numbers are neighbours.

    L. van der Maaten and G. Hinton, "Visualizing Data using t-SNE", 2008; as they advise, PCA
    first keeps the 50 most telling directions. Only who is near whom means something in the
    result: the axes, the distances between clouds and their sizes do not.

    From a row of numbers for each image, shape (n, numbers), to float32 of shape (n, 2). ValueError
    if there are fewer than 50 rows or columns.
    """
    values = expect.numbers("values", values, ("images", "numbers"), dtype="float32")
    if min(values.shape) < 50:
        raise ValueError(f"values: got shape {values.shape}, expected at least (50, 50)")
    directions = PCA(50, random_state=0).fit_transform(values)
    # On a machine with few cores, its threads wait for each other; one is several times as fast.
    with threadpool_limits(1):
        return TSNE(init="pca", random_state=0).fit_transform(directions)
