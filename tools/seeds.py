"""Measure how much the accuracy varies from training run to training run.

    python -m tools.seeds

It trains by the recipe of notebook 3 from the seeds 0 to 4, for several minutes, and writes which
test images each network gets wrong to helpers/data/seeds.json. No choice hangs on it.
"""

import json

import numpy as np

from helpers import mnist
from helpers.backend import keras, tf
from helpers.records import SEEDS_FILE
from tools import write
from tools.make_model import train


def main() -> None:
    """Train once from each seed and write the file."""
    _, (test_images, test_labels) = mnist.load_data()
    prepared = mnist.prepare(test_images)
    record = {
        "command": "python -m tools.seeds",
        "measured": "which of the 10,000 test images are answered wrongly after 5 epochs, by seed",
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "mistakes": {},
    }
    for seed in range(5):
        guesses = train(seed).predict(prepared, batch_size=1000, verbose=0).argmax(axis=1)
        wrong = record["mistakes"][str(seed)] = np.flatnonzero(guesses != test_labels).tolist()
        print(f"seed {seed}: {len(wrong)} mistakes", flush=True)
    write(SEEDS_FILE, json.dumps(record) + "\n")
    print(f"written: {SEEDS_FILE}")


if __name__ == "__main__":
    main()
