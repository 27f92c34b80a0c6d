"""What the study has measured: recipes that train to the end, judged on the test images."""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("study.json")


def recipes() -> dict[str, dict[str, np.ndarray]]:
    """Return what `make bench` has recorded of each recipe, by name: arrays of shape (runs,).

    The first run has seed 0. `parameters` is their number, `seconds` those of training; `accuracy`,
    0 to 1, is that of the recipe's answers to the test images, `one_view` and `nine_views` that of
    its networks without and with test-time augmentation.
    """
    record = json.loads(FILE.read_bytes())["recipes"]
    return {
        name: {key: np.array(numbers) for key, numbers in runs.items()}
        for name, runs in record.items()
    }
