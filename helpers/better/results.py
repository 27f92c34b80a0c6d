"""What the study has measured; `make bench` writes the files, `study/README.md` explains them."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def is_measured(part: str) -> bool:
    """Return whether a part of the study, "recipes", "ablation" or "budget", has its file."""
    return (FOLDER / f"{part}.json").exists()


def record(part: str) -> dict:
    """Return the `circumstances` of a part, such as its machine and versions, and its `runs`."""
    return json.loads((FOLDER / f"{part}.json").read_text(encoding="utf-8"))


def runs(part: str) -> list[dict]:
    """Return the runs of a part without the runs that only chose a learning rate."""
    return [run for run in record(part)["runs"] if run["step"] == part]


def earlier_recipes() -> dict[str, dict[str, np.ndarray]]:
    """Return what an earlier program measured in two sessions, by the recipe's name.

    The first session measured `accuracy` and the `seconds` of training, in ten or five runs of each
    recipe. The second measured `one_view` and `nine_views` of "document" and "accurate", in five
    runs. All accuracies are from 0 to 1, and each array has the shape (runs,).
    """
    recipes = json.loads((FOLDER / "earlier_recipes.json").read_text(encoding="utf-8"))["recipes"]
    return {
        name: {key: np.array(numbers) for key, numbers in columns.items()}
        for name, columns in recipes.items()
    }


def recipes() -> dict[str, dict[str, np.ndarray]]:
    """Return the runs of each recipe, by its name: arrays of shape (runs,), first of seed 0.

    `parameters` is their number, `seconds` are those of training. `one_view` and `nine_views` are
    the accuracies on the test images, 0 to 1, without and with test-time augmentation; `accuracy`
    is the one that the recipe itself uses, which is `nine_views` for "accurate" alone.
    """
    collected = defaultdict(lambda: defaultdict(list))
    for run in runs("recipes"):
        for key in "parameters", "seconds", "one_view", "nine_views", "accuracy":
            collected[run["name"]][key].append(run[key])
    return {
        name: {key: np.array(numbers) for key, numbers in columns.items()}
        for name, columns in collected.items()
    }


def ablation() -> dict[str, np.ndarray]:
    """Return what each change brings to *accurate*: accuracy with it, minus accuracy without it.

    The differences have the shape (5,). Seed i is judged on fold i, 10,000 held-out training
    images of its own, so the differences vary by seed and by images at once.
    """
    accuracies = defaultdict(list)
    for run in runs("ablation"):
        accuracies[run["name"]].append(1 - len(run["mistakes"]) / 10_000)
    whole = np.array(accuracies.pop("nothing"))
    return {change: whole - np.array(without) for change, without in accuracies.items()}


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
        for key, label in ("accuracy", ""), ("other_images", ", other images"):
            with_dropout = np.array(accuracies["moved images and dropout", epochs, key])
            without = np.array(accuracies["moved images", epochs, key])
            gains[f"{epochs} epochs{label}"] = with_dropout - without
    return gains
