"""The results of the study, which come with the lesson: `make bench` measures them again."""

import json

import numpy as np

from helpers.files import ROOT

STUDY_FILE = ROOT / "benchmarks" / "results.json"


def study() -> dict:
    """Return the results of `make bench`, an entry for each training run, or raise `OSError`."""
    try:
        return json.loads(STUDY_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OSError(f"{STUDY_FILE} is missing. `make bench PUBLISH=1` writes it anew.") from error


def study_points(result: dict, judged_on: str = "test images") -> dict[str, dict]:
    """Return training times and accuracies by entrant, in the order of their first runs.

    Of what `study()` returns, take the finished recipes (judged on "test images") or the choices
    ("held-out images"). Each entrant has `seconds` and `accuracy`, float64 of shape (runs,), and
    `parameters`, an int.
    """
    by_entrant = {}
    for run in result["runs"]:
        if run["judged on"] == judged_on:
            by_entrant.setdefault(run["entrant"], []).append(run)
    points = {}
    for name, runs in by_entrant.items():
        series = {key: np.array([run[key] for run in runs]) for key in ("seconds", "accuracy")}
        points[name] = series | {"parameters": runs[0]["parameters"]}
    return points
