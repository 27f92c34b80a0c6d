"""Results that come with the lesson. Some take long to measure, and others measured the rest."""

import json

import numpy as np

from helpers.common.files import DATA


def right_by_seed() -> np.ndarray:
    """Return which test images each of five networks reads right: bool of shape (5, 10000).

    The networks differ only in their seed. The first row belongs to seed 0.
    `python -m publish.record seeds` trains them again.
    """
    mistakes = json.loads((DATA / "seeds.json").read_bytes())["mistakes"]
    right = np.ones((len(mistakes), 10_000), bool)
    for seed, images in mistakes.items():
        right[int(seed), images] = False
    return right


def validation_curve() -> dict[str, list[float]]:
    """Return loss and accuracy of twenty epochs on 50,000 images, and on the other 10,000.

    The keys are the same as in Keras's `History.history`: `val_` stands for the validation set.
    Each key has one number an epoch. `python -m publish.record validation_curve` measures them
    again.
    """
    record = json.loads((DATA / "validation_curve.json").read_bytes())
    return {name: values for name, values in record.items() if name != "keras"}


def moved_image_accuracies() -> dict[str, dict[str, list[float]]]:
    """Return how well three networks, each trained from five seeds, read held-out moved images.

    The keys are a network ("dense", "lesson" or "averaged") and a move ("0", "2 right", ...). Under
    them are the five accuracies, 0 to 1.
    `python -m publish.record moved` trains the networks again.
    """
    networks = json.loads((DATA / "moved.json").read_bytes())["networks"]
    return {name: network["accuracy"] for name, network in networks.items()}


def doubtful_labels() -> np.ndarray:
    """Return the indices of the 15 test images with a doubtful label: int64 of shape (15,), rising.

    Five people looked at each image that a program had suspected. Fewer than three of them
    confirmed the labels of these 15 images. Source: C. G. Northcutt, A. Athalye, J. Mueller,
    "Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks", NeurIPS 2021.
    """
    images = json.loads((DATA / "label_errors.json").read_bytes())["images"]
    return np.array([image["test_index"] for image in images], dtype=np.int64)
