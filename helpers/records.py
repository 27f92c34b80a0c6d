"""Results that took long to measure, or that others measured, and that come with the lesson."""

import json
from collections.abc import Sequence

import numpy as np

from helpers.files import DATA, ROOT

SEEDS_FILE = DATA / "seeds.json"
LABEL_ERRORS_FILE = DATA / "label_errors.json"
STUDY_FILE = ROOT / "study" / "results.json"
SEARCH_FILE = ROOT / "study" / "search.json"


def right_by_seed() -> np.ndarray:
    """Return which test images five networks get right that differ in their seed alone.

    bool, shape (5, 10000), seed 0 first. `python -m tools.seeds` trains them again; the file names
    the versions it was run with.
    """
    mistakes = json.loads(SEEDS_FILE.read_bytes())["mistakes"]
    right = np.ones((len(mistakes), 10_000), bool)
    for seed, wrong in mistakes.items():
        right[int(seed), wrong] = False
    return right


def doubtful_labels() -> np.ndarray:
    """Return which 15 test images have a label that most people would not give: int64, rising.

    Five people looked at each suspect; listed are those images whose label fewer than three
    confirmed. Source: C. G. Northcutt, A. Athalye, J. Mueller, "Pervasive Label Errors in Test
    Sets Destabilize Machine Learning Benchmarks", NeurIPS 2021.
    """
    images = json.loads(LABEL_ERRORS_FILE.read_bytes())["images"]
    return np.array([image["test_index"] for image in images], dtype=np.int64)


def study() -> dict:
    """Return the results of `make bench`, which `study/README.md` describes.

    Raises:
        OSError: the file is missing.
    """
    return _recorded(STUDY_FILE, "make bench PUBLISH=1")


def search() -> dict:
    """Return the search for better recipes, in the form of `study`, and with its error."""
    return _recorded(SEARCH_FILE, "python -m study.search")


def finished(result: dict) -> dict[str, dict]:
    """Return what a study found for the finished recipes, which met the test images.

    For each entrant, in the order of their first runs: `seconds` of training, `cold` seconds, and
    `accuracy`, 0 to 1, float64 of shape (runs,), round 0 first; `parameters`, an int.
    """
    return _by_entrant(run for run in result["runs"] if run["judged on"] == "test images")


def ladder(result: dict, name: str) -> dict[str, dict]:
    """Return what was found on held-out images for the steps of a ladder, or of a search.

    As `finished`; for each step `over`, the step that it changes in one thing, and, for all but the
    first, which has None there, `gain`, its accuracy less that step's, seed by seed, (runs,).
    """
    steps = _by_entrant(run for run in result["runs"] if run.get("ladder") == name)
    for step in steps.values():
        if over := steps.get(step["over"]):
            _, ours, theirs = np.intersect1d(step["seed"], over["seed"], return_indices=True)
            step["gain"] = step["accuracy"][ours] - over["accuracy"][theirs]
    return steps


def ratios(slow: Sequence[float], fast: Sequence[float]) -> np.ndarray:
    """Return how many times as long one took as the other in each round that both took part in.

    Both are seconds, round 0 first; the result is float64, as long as the shorter of the two.
    """
    rounds = min(len(slow), len(fast))
    return np.array(slow[:rounds]) / np.array(fast[:rounds])


def _recorded(path, command):
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise OSError(f"{path} is missing. `{command}` writes it anew.") from error


def _by_entrant(runs):
    grouped = {}
    for run in runs:
        grouped.setdefault(run["entrant"], []).append(run)
    measured = ("seed", "seconds", "cold", "accuracy")
    return {
        name: {
            key: np.array([run[key] for run in runs]) if key in measured else value
            for key, value in runs[0].items()
        }
        for name, runs in grouped.items()
    }
