"""Train a recipe once and count its right answers, by one view of each image and by nine."""

import os
import time
from itertools import product

import numpy as np

from helpers import mnist

PYTORCH = "document in PyTorch with bfloat16", "train_mnist_fast", "train_mnist_fast with bfloat16"
# Of test-time augmentation: an image, and it moved by a pixel each way, in rows and columns.
VIEWS = list(product((0, 1, -1), repeat=2))


def measure(name: str, seed: int, fold: int | None = None) -> dict:
    """Return what `helpers.better.results` lists of a recipe, of one run.

    It learns from all training images and is judged on the test images; with a fold, 0 to 5, these
    10,000 training images are held out, and judge in their place.
    """
    if name in PYTORCH:  # without TensorFlow in the same process, whose threads might disturb
        from study.pytorch_training import prepare
    else:
        if name != "document":  # a split batch needs a thread for each half
            os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "2"}
        from study.keras_training import prepare
    (train_images, train_labels), (images, labels) = mnist.load_data()
    if fold is not None:
        held_out = np.arange(len(train_images)) // 10_000 == fold
        images, labels = train_images[held_out], train_labels[held_out]
        train_images, train_labels = train_images[~held_out], train_labels[~held_out]
    train, log_probabilities, parameters = prepare(name, train_images, train_labels, seed)
    start = time.perf_counter()
    train()
    run = {"parameters": parameters, "seconds": round(time.perf_counter() - start, 3)}
    for key, views in ("one_view", 1), ("nine_views", 9):
        total = sum(log_probabilities(np.roll(images, move, (1, 2))) for move in VIEWS[:views])
        run[key] = round(float((total.argmax(axis=1) == labels).mean()), 4)
    return run | {"accuracy": run["nine_views" if name == "accurate" else "one_view"]}
