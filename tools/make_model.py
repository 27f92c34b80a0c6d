"""Make helpers/data/mnist_cnn.keras, the trained model that comes with the lesson.

    python -m tools.make_model
    python -m tools.make_model --images 50000 --output helpers/data/mnist_cnn_50000.keras

It trains the network of notebook 2 by the recipe of notebook 3, from the same seed, so it is the
model that a learner gets. Only the weights are kept; the optimizer's memory would double the size.
Run it with the oldest Keras that the project supports; newer ones read older files.
"""

import argparse
from pathlib import Path

from helpers import mnist
from helpers.backend import keras
from helpers.files import replacing
from helpers.model import SHIPPED_MODEL, build_model, compile_model

SEED = 0


def train(seed: int, images: int = 60_000) -> keras.Model:
    """Train the network by the recipe of notebook 3, on the first so many training images."""
    (train_images, train_labels), _ = mnist.load_data()
    keras.utils.set_random_seed(seed)
    model = build_model()
    compile_model(model)
    prepared = mnist.prepare(train_images[:images])
    model.fit(prepared, train_labels[:images], epochs=5, batch_size=64, verbose=0)
    return model


def main(arguments: list[str] | None = None) -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=SHIPPED_MODEL, help="default: %(default)s")
    parser.add_argument("--images", type=int, default=60_000, help="default: %(default)s")
    options = parser.parse_args(arguments)
    light = build_model()
    light.set_weights(train(SEED, options.images).get_weights())
    with replacing(options.output) as path:
        light.save(path)
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
