"""Results that took long to measure, or that others measured, and that come with the lesson."""

import json

import numpy as np

from helpers.files import DATA

SEEDS_FILE = DATA / "seeds.json"
LABEL_ERRORS_FILE = DATA / "label_errors.json"
STUDY_FILE = DATA / "study.json"
BY_ROUND = {"seconds", "cold", "accuracy"}  # lists of a number a round, null where one failed
VALIDATION_CURVE_FILE = DATA / "validation_curve.json"


def right_by_seed() -> np.ndarray:
    """Return which test images five networks get right that differ in their seed alone.

    bool, shape (5, 10000), seed 0 first. `python -m publish.record seeds` trains them again.
    """
    mistakes = json.loads(SEEDS_FILE.read_bytes())["mistakes"]
    right = np.ones((len(mistakes), 10_000), bool)
    for seed, wrong in mistakes.items():
        right[int(seed), wrong] = False
    return right


def validation_curve() -> dict[str, list[float]]:
    """Return loss and accuracy of twenty epochs on 50,000 images, and on the other 10,000.

    The keys are those of Keras's `History.history`, `val_` for the validation set; each has one
    number an epoch. `python -m publish.record validation_curve` measures them again.
    """
    record = json.loads(VALIDATION_CURVE_FILE.read_bytes())
    return {name: values for name, values in record.items() if name != "keras"}


def doubtful_labels() -> np.ndarray:
    """Return which 15 test images have a label that most people would not give: int64, rising.

    Five people looked at each suspect; listed are those images whose label fewer than three
    confirmed. Source: C. G. Northcutt, A. Athalye, J. Mueller, "Pervasive Label Errors in Test
    Sets Destabilize Machine Learning Benchmarks", NeurIPS 2021.
    """
    images = json.loads(LABEL_ERRORS_FILE.read_bytes())["images"]
    return np.array([image["test_index"] for image in images], dtype=np.int64)


def study() -> dict:
    """Return what `make bench PUBLISH=1` has recorded; study/README.md lists what it holds."""
    return json.loads(STUDY_FILE.read_bytes())


def finished(study: dict) -> dict[str, dict]:
    """Return what a study found for the finished recipes, which met the test images.

    For each entrant `seconds` of training, `cold` seconds, and `accuracy`, 0 to 1: float64 of shape
    (runs,), round 0 first, NaN where a run is missing; and `parameters`, an int.
    """
    return ladder(study, "finished")


def ladder(study: dict, name: str) -> dict[str, dict]:
    """Return what was found on held-out images for the steps of a ladder, formed as in `finished`.

    Each step names in `over` the step that it changes in one thing, None for the first. All others
    have a `gain`, their accuracy less that step's, seed by seed, of shape (seeds,).
    """
    steps = {step: dict(runs) for step, runs in study["runs"][name].items()}
    for step in steps.values():
        step |= {key: np.array(step[key], float) for key in BY_ROUND & step.keys()}  # null: NaN
        if over := steps.get(step["over"]):
            gains = [a - b for a, b in zip(step["accuracy"], over["accuracy"], strict=False)]
            step["gain"] = np.array([gain for gain in gains if not np.isnan(gain)])
    return steps
