"""The nearest neighbours: against distances in whole numbers, and what arrays they refuse."""

import numpy as np
import pytest

from helpers import mnist
from helpers.nearest_neighbour import find_nearest_labels, nearest_neighbour


@pytest.fixture(scope="module")
def known(mnist_data):
    (images, labels), _ = mnist_data
    return images[:2000], labels[:2000]


def test_the_nearest_are_those_of_the_smallest_distances_in_their_order(mnist_data, known):
    images = mnist_data[1][0][:50]
    known_images, known_labels = known
    found = find_nearest_labels(images, *known, k=9)
    for image, labels in zip(images, found, strict=True):
        squares = (known_images.astype(int) - image) ** 2
        nearest = squares.sum(axis=(1, 2)).argsort()[:9]
        np.testing.assert_array_equal(labels, known_labels[nearest])
    np.testing.assert_array_equal(nearest_neighbour(images, *known), found[:, 0])


def test_images_that_were_prepared_and_raw_ones_are_not_compared(known):
    images, labels = known
    prepared = mnist.prepare(images)
    wanted = "expected uint8 of shape"
    with pytest.raises(ValueError, match=rf"^images: got float32 .*, {wanted} \(n, 28, 28\)"):
        nearest_neighbour(prepared, images, labels)
    with pytest.raises(ValueError, match=rf"^known_images: got float32 .*, {wanted} \(m, 28, 28\)"):
        nearest_neighbour(images, prepared, labels)
    with pytest.raises(ValueError, match=r"^images: got uint8 of shape \(28, 28\)"):
        nearest_neighbour(images[0], images, labels)


def test_labels_of_other_images_and_too_many_neighbours_are_refused(known):
    images, labels = known
    with pytest.raises(ValueError, match=r"^known_labels: got uint8 of shape \(1999,\)"):
        find_nearest_labels(images, images, labels[1:], k=1)
    for k in (0, 2001, 1.0, 1.5, "3"):
        with pytest.raises(ValueError, match=f"^k: got {k}, expected a whole number from 1 to"):
            find_nearest_labels(images, images, labels, k=k)
    assert find_nearest_labels(images[:3], images, labels, k=2000).shape == (3, 2000)
