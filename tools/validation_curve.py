"""Measure loss and accuracy on a validation set, after each of twenty epochs.

    python -m tools.validation_curve

It trains the network by the recipe of notebook 3 on 50,000 training images, which takes several
minutes, looks at the other 10,000 after each epoch, and writes helpers/data/validation_curve.json.
"""

import json

from helpers import mnist
from helpers.backend import keras
from helpers.records import VALIDATION_CURVE_FILE
from tools import write
from tools.make_model import train


def main() -> None:
    """Train and write the file."""
    images, labels = mnist.load_data()[0]
    validation = mnist.prepare(images[50_000:]), labels[50_000:]
    model = train(0, 50_000, epochs=20, validation_data=validation, verbose=2)
    history = model.history.history
    record = {name: [round(value, 5) for value in values] for name, values in history.items()}
    record = {"keras": keras.__version__} | record
    write(VALIDATION_CURVE_FILE, json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
