"""Record what comes with the lesson: trained models, measured numbers, the page to try.

    python -m publish.record [models] [seeds] [validation_curve] [moved] [try_it]

Without a name, all of it, in about 40 minutes. All networks are trained by the recipe of
notebook 3 from fixed seeds. Record models with the oldest Keras that the project supports;
newer ones read older files.
"""

import json
from pathlib import Path

import numpy as np
from markdown_it import MarkdownIt

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.common.files import DATA, ROOT, atomic_write
from helpers.common.language import translated_languages, use_language
from helpers.model import build_model, compile_model
from helpers.saved.models import HELD_OUT_MODEL, MOVED_MODEL, SHIPPED_MODEL, load_model
from helpers.widgets import take_home
from helpers.widgets.described_network import describe
from helpers.widgets.reader import NETWORK_FILE
from publish.named import call_named
from teach import quiz
from tools import translated_path
from tools.commands import write_or_exit

SEEDS = range(5)
# How many pixels an image is moved down and to the right, by the name of the move.
MOVES = {"0": (0, 0)}
for pixels in (2, 4):
    MOVES |= {f"{pixels} right": (0, pixels), f"{pixels} left": (0, -pixels)}
    MOVES |= {f"{pixels} down": (pixels, 0), f"{pixels} up": (-pixels, 0)}


def dense_network():
    """Return a network of `Dense` layers with about as many parameters as the lesson's."""
    ends = keras.layers.Dense(128, "relu"), keras.layers.Dense(10, "softmax")
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), *ends])


def averaging_network():
    """Return the lesson's network with `GlobalAveragePooling2D` in place of `Flatten`."""
    network = build_model()
    means = keras.layers.GlobalAveragePooling2D()(network.layers[-3].output)
    return keras.Model(network.inputs, keras.layers.Dense(10, activation="softmax")(means))


def train_network(seed: int, images, labels, shift: int = 0, build=None, **settings):
    """Train a network by the recipe of notebook 3, and return it with its `history`.

    `build` makes the network. Without it, the network is the lesson's. The images are uint8 of
    shape (n, 28, 28), and the labels are whole numbers of shape (n,). Each time that the network
    sees an image, the image is moved by up to `shift` pixels along each axis. `settings` are
    arguments of `fit`, which are added to those of the recipe or take their place.
    """
    keras.utils.set_random_seed(seed)
    network = model = (build or build_model)()
    if shift:
        inputs = keras.Input((28, 28, 1))
        share = shift / 28
        moved = keras.layers.RandomTranslation(share, share, fill_mode="constant")(inputs)
        model = keras.Model(inputs, network(moved))
    compile_model(model)
    settings = {"epochs": 5, "batch_size": 64, "verbose": 0} | settings
    network.history = model.fit(mnist.prepare(images), labels, **settings)
    return network


def write_record(path: Path, measured: str, **results) -> None:
    """Write results as JSON, with what was measured, the command, and the versions of libraries.

    SystemExit says why the file can't be written.
    """
    record = {"command": f"python -m publish.record {path.stem}", "measured": measured}
    record |= {"keras": keras.__version__, "tensorflow": tf.__version__} | results
    write_or_exit(path, json.dumps(record) + "\n")


def record_models(data: Path = DATA) -> None:
    """Train the three models, and write the first also as JSON, which needs no Keras.

    The first is the one that a learner gets in notebook 3; the second, for how_sure, sees
    50,000 images; the third, for notebook 4, images that are moved by up to four pixels. The
    weights alone are kept: the optimizer's memory would double the size.
    """
    images, labels = mnist.load_data()[0]
    known = len(images) * 5 // 6
    for path, count, shift in (
        (SHIPPED_MODEL.name, len(images), 0),
        (HELD_OUT_MODEL.name, known, 0),
        (MOVED_MODEL.name, len(images), 4),
    ):
        light = build_model()
        light.set_weights(train_network(0, images[:count], labels[:count], shift).get_weights())
        with atomic_write(data / path) as temporary:
            light.save(temporary)
    described = describe(load_model(data / SHIPPED_MODEL.name))
    write_or_exit(data / NETWORK_FILE.name, json.dumps(described) + "\n")


def record_seeds(data: Path = DATA) -> None:
    """Train from several seeds, and write which test images each network gets wrong.

    They show how much the accuracy varies from run to run; no choice hangs on them.
    """
    known, (images, labels) = mnist.load_data()
    prepared = mnist.prepare(images)
    mistakes = {}
    for seed in SEEDS:
        probabilities = train_network(seed, *known).predict(prepared, batch_size=1000, verbose=0)
        mistakes[str(seed)] = np.flatnonzero(probabilities.argmax(axis=1) != labels).tolist()
    measured = "which of the 10,000 test images are answered wrongly after 5 epochs, by seed"
    write_record(data / "seeds.json", measured, mistakes=mistakes)


def record_validation_curve(data: Path = DATA) -> None:
    """Train on 50,000 images for twenty epochs, and write the loss and accuracy after each epoch.

    The loss and the accuracy are of these images and of the other 10,000.
    """
    images, labels = mnist.load_data()[0]
    known = len(images) * 5 // 6
    held_out = mnist.prepare(images[known:]), labels[known:]
    settings = {"epochs": 20, "validation_data": held_out, "verbose": 2}
    history = train_network(0, images[:known], labels[:known], **settings).history.history
    record = {name: [round(value, 5) for value in values] for name, values in history.items()}
    record = {"keras": keras.__version__} | record
    write_or_exit(data / "validation_curve.json", json.dumps(record, indent=1) + "\n")


def record_moved_images(data: Path = DATA) -> None:
    """Train networks with and without convolutions, and write how well they read moved images.

    Each of three networks is trained from five seeds on 50,000 images, and judged on the other
    10,000 of the training set: as they are, and moved by 2 and 4 pixels in four directions.
    """
    images, labels = mnist.load_data()[0]
    known = len(images) * 5 // 6
    held_out = mnist.prepare(images[known:])
    networks = {}
    builds = {"dense": dense_network, "lesson": build_model, "averaged": averaging_network}
    for name, build in builds.items():
        accuracy = {move: [] for move in MOVES}
        for seed in SEEDS:
            network = train_network(seed, images[:known], labels[:known], build=build)
            for move, shift in MOVES.items():
                moved_images = np.roll(held_out, shift, (1, 2))
                _loss, right = network.evaluate(moved_images, labels[known:], 1000, verbose=0)
                accuracy[move].append(round(right, 4))
        networks[name] = {"parameters": network.count_params(), "accuracy": accuracy}
    measured = "accuracy after 5 epochs on 10,000 images of the training set that were kept back"
    write_record(data / "moved.json", measured, networks=networks)


def write_try_it(root: Path = ROOT) -> None:
    """Write docs/try_it.html in each language: the first model to take home, and the quiz."""
    network = load_model(SHIPPED_MODEL)
    for language in ["", *translated_languages()]:
        with use_language(language):
            title, text = quiz.quiz_page().removeprefix("# ").split("\n", 1)
            fold = f"<details><summary>{title}</summary>{MarkdownIt().render(text)}</details>\n"
            page = take_home.page_text(network, quiz=fold)
            write_or_exit(root / translated_path("docs/try_it.html", language), page)


RECORDS = {
    "models": record_models,
    "seeds": record_seeds,
    "validation_curve": record_validation_curve,
    "moved": record_moved_images,
    "try_it": write_try_it,
}


if __name__ == "__main__":
    call_named(RECORDS, "publish.record", __doc__.splitlines()[0])
