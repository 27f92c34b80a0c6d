"""Results that took long to measure, or that others measured, and that come with the lesson."""

import json

import numpy as np

from helpers.files import DATA

SEEDS_FILE = DATA / "seeds.json"
LABEL_ERRORS_FILE = DATA / "label_errors.json"


def seed_accuracies() -> np.ndarray:
    """Return the test accuracies of five networks that differ in their seed alone, seed 0 first.

    float64, shape (5,), 0 to 1. `python -m tools.seeds` measures them again; the file names the
    versions it was run with.
    """
    accuracies = json.loads(SEEDS_FILE.read_bytes())["accuracies"]
    return np.array([accuracies[seed] for seed in sorted(accuracies, key=int)])


def doubtful_labels() -> np.ndarray:
    """Return which 15 test images have a label that most people would not give: int64, rising.

    Five people looked at each suspect; listed are those images whose label fewer than three
    confirmed. Source: C. G. Northcutt, A. Athalye, J. Mueller, "Pervasive Label Errors in Test
    Sets Destabilize Machine Learning Benchmarks", NeurIPS 2021.
    """
    images = json.loads(LABEL_ERRORS_FILE.read_bytes())["images"]
    return np.array([image["test_index"] for image in images], dtype=np.int64)
