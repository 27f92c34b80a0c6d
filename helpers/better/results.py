"""What the study has measured: recipes that train to the end, judged on the test images."""

import json
from pathlib import Path

import numpy as np


def recipes() -> dict[str, dict[str, np.ndarray]]:
    """Return what `make bench` has recorded of each recipe, by name: arrays of shape (runs,).

    The first run has seed 0. `parameters` is their number, `seconds` those of training; `accuracy`,
    0 to 1, is that of the recipe's answers to the test images, `one_view` and `nine_views` that of
    its networks without and with test-time augmentation.
    """
    recipes = json.loads(Path(__file__).with_name("study.json").read_bytes())["recipes"]
    return {name: {key: np.array(runs[key]) for key in runs} for name, runs in recipes.items()}
