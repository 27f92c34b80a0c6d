"""Results that took long to measure, or that others measured, and that come with the lesson."""

import json
from pathlib import Path

import numpy as np

from helpers.files import ROOT

STUDY_FILE = ROOT / "benchmarks" / "results.json"
SEEDS_FILE = Path(__file__).with_name("seeds.json")
MEMORY_FILE = Path(__file__).with_name("memory.json")
LABEL_ERRORS_FILE = Path(__file__).with_name("label_errors.json")


def seed_accuracies() -> np.ndarray:
    """Return the test accuracies of five networks that differ in their seed alone.

    `python -m tools.seeds` measures them again; the file names the versions it was run with.

    Returns:
        float64, shape (5,), 0 to 1: seed 0 first.
    """
    accuracies = json.loads(SEEDS_FILE.read_text(encoding="utf-8"))["accuracies"]
    return np.array([accuracies[seed] for seed in sorted(accuracies, key=int)])


def memory() -> dict:
    """Return what one learner takes, as `python -m tools.memory` has measured it.

    Returns:
        `server_mb`: megabytes of a JupyterLab server; `notebooks`: by name `peak_mb`, the most
        megabytes of its kernel, and `start_seconds` and `run_seconds`; and how it was measured.
    """
    return json.loads(MEMORY_FILE.read_text(encoding="utf-8"))


def doubtful_labels() -> np.ndarray:
    """Return which test images have a label that most people would not give.

    Five people looked at each suspect; listed are those images whose label fewer than three
    confirmed. Source: C. G. Northcutt, A. Athalye, J. Mueller, "Pervasive Label Errors in Test
    Sets Destabilize Machine Learning Benchmarks", NeurIPS 2021.

    Returns:
        Indices into the test images, int64, rising, shape (15,).
    """
    images = json.loads(LABEL_ERRORS_FILE.read_text(encoding="utf-8"))["images"]
    return np.array([image["test_index"] for image in images], dtype=np.int64)


def study() -> dict:
    """Return the results of `make bench`: its machine, and one entry a training run.

    Raises:
        OSError: the file is missing; `make bench` writes it anew, in half an hour or more.
    """
    try:
        return json.loads(STUDY_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OSError(f"{STUDY_FILE} is missing. `make bench` writes it anew.") from error


def study_points(result: dict, judged_on: str = "test images") -> dict[str, dict[str, np.ndarray]]:
    """Return training times and accuracies by entrant.

    Args:
        result: what `study()` returns.
        judged_on: "test images" for the finished recipes, "held-out images" for the choices.

    Returns:
        For each entrant, in the order of its first run: `seconds` and `accuracy`, float64 of
        shape (runs,), and `parameters`, an int.
    """
    points = {}
    for run in result["runs"]:
        if run["judged on"] == judged_on:
            points.setdefault(run["entrant"], []).append(run)
    return {
        name: {
            "seconds": np.array([run["seconds"] for run in runs]),
            "accuracy": np.array([run["accuracy"] for run in runs]),
            "parameters": runs[0]["parameters"],
        }
        for name, runs in points.items()
    }
