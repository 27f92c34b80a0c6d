"""Measure the numbers that the lesson better quotes; docs/maintain/better.md says how.

    python -m publish.better

When all networks have been measured, helpers/extras/better/lenet.json is written.
"""

import json
from collections.abc import Iterator
from datetime import date

import numpy as np

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.extras.better import results
from helpers.lenet import build_lenet5
from helpers.model import build_model
from publish.record import train_network
from tools.commands import write_or_exit

SEEDS = range(5)


def measure_accuracy(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of images that a model reads right, which is exact for 10,000 images.

    The images are uint8 of shape (n, 28, 28), and the labels are whole numbers of shape (n,).
    """
    probabilities = model.predict(mnist.prepare(images), batch_size=1000, verbose=0)
    return round(float((probabilities.argmax(axis=1) == labels).mean()), 4)


def measure_lenet() -> Iterator[dict]:
    """Train the lesson's network and LeNet-5 by the recipe of notebook 3.

    The first third of the training images teaches, and the last sixth judges.
    """
    images, labels = mnist.load_data()[0]
    known, validation = len(images) // 3, len(images) * 5 // 6
    for seed in SEEDS:
        for name, build in ("the lesson's network", build_model), ("LeNet-5", build_lenet5):
            model = train_network(seed, images[:known], labels[:known], build=build)
            accuracy = measure_accuracy(model, images[validation:], labels[validation:])
            yield {"name": name, "seed": seed, "accuracy": accuracy}


def write_runs(runs: list[dict]) -> None:
    """Write the runs, one a line, with the day and the versions of libraries."""
    head = {"measured": date.today().isoformat()}
    head |= {"keras": keras.__version__, "tensorflow": tf.__version__}
    rows = ",\n".join(map(json.dumps, runs))
    write_or_exit(results.FILE, f'{json.dumps(head)[:-1]}, "runs": [\n{rows}\n]}}\n')


def main() -> None:
    """Measure all networks, and write what came out."""
    runs = []
    for run in measure_lenet():
        print(*run.values(), flush=True)
        runs.append(run)
    write_runs(runs)


if __name__ == "__main__":
    main()
