"""What the study has measured: `python -m publish.better` writes the files of this folder."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from helpers.common.language import _

FOLDER = Path(__file__).parent


def runs(part: str) -> list[dict]:
    """Return the runs of a part, such as "recipes": name, seed and accuracy, 0 to 1, of each."""
    return json.loads((FOLDER / f"{part}.json").read_text(encoding="utf-8"))["runs"]


def recipes() -> dict[str, np.ndarray]:
    """Return the test accuracies of "document" and of "accurate": shape (5,), 0 to 1, by seed."""
    return _accuracies_by_name("recipes")


def lenet() -> dict[str, np.ndarray]:
    """Return the accuracies of "the lesson's network" and of "LeNet-5": shape (5,), 0 to 1.

    Both networks learned by the recipe of notebook 3 from the first 20,000 training images. The
    last 10,000 judged them.
    """
    accuracies = _accuracies_by_name("lenet")
    return {_shown_name(name): values for name, values in accuracies.items()}


def _shown_name(name: str) -> str:
    """Return the name of a network or of a change in the language in use.

    A name that isn't in the list, such as "Adam", is the same in all languages.
    """
    names = {
        "the lesson's network": _("the lesson's network"),
        "batch normalization": _("batch normalization"),
        "warm-up and decay": _("warm-up and decay"),
        "smoothed labels": _("smoothed labels"),
        "18 epochs in place of 5": _("18 epochs in place of 5"),
        "moves": _("moves"),
        "turns": _("turns"),
    }
    return names.get(name, name)


def _accuracies_by_name(part: str) -> dict[str, np.ndarray]:
    """Return the accuracies of a part's runs: shape (runs,), by the names of the runs."""
    collected = defaultdict(list)
    for run in runs(part):
        collected[run["name"]].append(run["accuracy"])
    return {name: np.array(accuracies) for name, accuracies in collected.items()}


def ablation() -> dict[str, np.ndarray]:
    """Return what each change brings to *accurate*: accuracy with it, minus accuracy without it.

    The differences have the shape (5,). Each seed learns from 10,000 training images of its own,
    and 10,000 others of its own judge it. So the differences vary by seed, by the images to learn
    from and by the images to judge by at once.
    """
    accuracies = _accuracies_by_name("ablation")
    whole = accuracies.pop("nothing")
    return {_shown_name(change): whole - without for change, without in accuracies.items()}


def budget() -> dict[str, np.ndarray]:
    """Return what dropout gains on top of moved images, at 20 and at 60 epochs: shape (5,).

    Each is judged on the validation set and on 10,000 other held-out images.
    """
    accuracies = defaultdict(list)
    for run in runs("budget"):
        for key in "accuracy", "other_images":
            accuracies[run["name"], run["epochs"], key].append(run[key])
    gains = {}
    for epochs in 20, 60:
        labels = {
            "accuracy": _("{epochs} epochs", epochs=epochs),
            "other_images": _("{epochs} epochs, other images", epochs=epochs),
        }
        for key, label in labels.items():
            with_dropout = np.array(accuracies["moved images and dropout", epochs, key])
            without = np.array(accuracies["moved images", epochs, key])
            gains[label] = with_dropout - without
    return gains
