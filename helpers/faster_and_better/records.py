"""The results of the study, which come with the lesson: `make bench` measures them again."""

import json

import numpy as np

from helpers.files import ROOT

STUDY_FILE = ROOT / "benchmarks" / "results.json"


def study() -> dict:
    """Return the results of `make bench`: its machine, and one entry a training run.

    Raises:
        OSError: the file is missing; `make bench PUBLISH=1` writes it, in half an hour or more.
    """
    try:
        return json.loads(STUDY_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OSError(f"{STUDY_FILE} is missing. `make bench PUBLISH=1` writes it anew.") from error


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
