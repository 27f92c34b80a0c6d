"""The accuracies that the lesson better quotes: `python -m publish.better` writes the file."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from helpers.common.language import _

FILE = Path(__file__).parent / "lenet.json"


def runs() -> list[dict]:
    """Return the runs: name of the network, seed, and accuracy, 0 to 1, of each."""
    return json.loads(FILE.read_text(encoding="utf-8"))["runs"]


def lenet() -> dict[str, np.ndarray]:
    """Return the accuracies of "the lesson's network" and of "LeNet-5": shape (5,), 0 to 1.

    Both networks learned by the recipe of notebook 3 from the first 20,000 training images. The
    last 10,000 judged them.
    """
    accuracies = defaultdict(list)
    for run in runs():
        accuracies[run["name"]].append(run["accuracy"])
    names = {"the lesson's network": _("the lesson's network")}
    return {names.get(name, name): np.array(values) for name, values in accuracies.items()}
