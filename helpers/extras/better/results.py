"""What the study has measured; `make bench` writes the files, `study/README.md` explains them."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from helpers.common.language import _

FOLDER = Path(__file__).parent
ACCURACIES = "one_view", "nine_views", "accuracy"


def is_measured(part: str) -> bool:
    """Return whether a part of the study, such as "recipes" or "ablation", has its file."""
    return (FOLDER / f"{part}.json").exists()


def record(part: str) -> dict:
    """Return the `circumstances` of a part, such as its machine and versions, and its `runs`."""
    return json.loads((FOLDER / f"{part}.json").read_text(encoding="utf-8"))


def runs(part: str) -> list[dict]:
    """Return the runs of a part without the runs that only chose a learning rate."""
    return [run for run in record(part)["runs"] if run["step"] == part]


def recipes() -> dict[str, dict[str, np.ndarray]]:
    """Return the runs of each recipe, by its name: arrays of shape (runs,), first of seed 0.

    `parameters` is their number. `one_view` and `nine_views` are the accuracies on the test images,
    0 to 1, without and with test-time augmentation. `accuracy` is the one that the recipe itself
    uses, which is `nine_views` for "accurate" alone.
    """
    return {
        name: {key: _numbers(runs, key) for key in ("parameters", *ACCURACIES)}
        for name, runs in _runs_by_name("recipes").items()
    }


def seconds() -> dict[str, np.ndarray]:
    """Return how many seconds each recipe trains on 6,000 images: shape (runs,), by its name."""
    return {name: _numbers(runs, "seconds") for name, runs in _runs_by_name("seconds").items()}


def lenet() -> dict[str, np.ndarray]:
    """Return the accuracies of "the lesson's network" and of "LeNet-5": shape (5,), 0 to 1.

    Both networks learned by the recipe of notebook 3 from the first 20,000 training images. The
    last 10,000 judged them.
    """
    return {
        _shown_name(name): _numbers(runs, "accuracy")
        for name, runs in _runs_by_name("lenet").items()
    }


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


def _runs_by_name(part: str) -> dict[str, list[dict]]:
    """Return the runs of a part, in lists by their names."""
    collected = defaultdict(list)
    for run in runs(part):
        collected[run["name"]].append(run)
    return dict(collected)


def _numbers(runs: list[dict], key: str) -> np.ndarray:
    """Return what runs hold under a key: shape (runs,)."""
    return np.array([run[key] for run in runs])


def ablation() -> dict[str, np.ndarray]:
    """Return what each change brings to *accurate*: accuracy with it, minus accuracy without it.

    The differences have the shape (5,). Each seed learns from 10,000 training images of its own,
    and 10,000 others of its own judge it. So the differences vary by seed, by the images to learn
    from and by the images to judge by at once.
    """
    accuracies = {
        name: np.array([1 - len(run["mistakes"]) / 10_000 for run in runs])
        for name, runs in _runs_by_name("ablation").items()
    }
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
