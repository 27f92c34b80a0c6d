"""Measure the numbers that the lesson better quotes; docs/maintain/better.md says how.

    python -m publish.better [recipes] [ablation] [budget] [lenet]

Without a name, all four parts. As soon as a part has been measured, its file in
helpers/extras/better/ is written.
"""

import argparse
import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.common.files import ROOT
from helpers.extras.better import results
from helpers.lenet import build_lenet5
from helpers.model import build_model
from publish.better.accurate import ACCURATE, NEW_RATE, RATES, WITHOUT, train_accurate
from publish.record import train_network
from tools.commands import write_or_exit

LESSON = ROOT / "notebooks" / "extras" / "better.ipynb"
SEEDS = range(5)
RATE_SEED = 5  # whose fold judges the rates, and nothing else
FOLDS = 6  # of 10,000 images each
BUDGETS = 20, 60  # epochs


def read_folds() -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the training images in six folds: uint8 of shape (n, 28, 28), and their labels."""
    images, labels = mnist.load_data()[0]
    return list(zip(np.split(images, FOLDS), np.split(labels, FOLDS), strict=True))


def measure_accuracy(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of images that a model reads right, which is exact for 10,000 images.

    The images are uint8 of shape (n, 28, 28), and the labels are whole numbers of shape (n,).
    """
    probabilities = model.predict(mnist.prepare(images), batch_size=1000, verbose=0)
    return round(float((probabilities.argmax(axis=1) == labels).mean()), 4)


def measure_recipes() -> Iterator[dict]:
    """Train *document* and *accurate* on the training images, and judge them by the test images."""
    known, test = mnist.load_data()
    for seed in SEEDS:
        document = train_network(seed, *known)
        accurate = train_accurate(ACCURATE, seed, *known)
        for name, model in ("document", document), ("accurate", accurate):
            yield {"name": name, "seed": seed, "accuracy": measure_accuracy(model, *test)}


def measure_ablation() -> Iterator[dict]:
    """Train *accurate*, and *accurate* without each of its changes.

    A seed learns from the fold after the one with its own number, and that one judges. So no two
    seeds share an image to learn from or an image to judge by. Without a change of `NEW_RATE`, each
    of the `RATES` is tried with a sixth seed, and the best one is taken.
    """
    folds = read_folds()

    def measure(recipe, seed):
        model = train_accurate(recipe, seed, *folds[(seed + 1) % FOLDS])
        return measure_accuracy(model, *folds[seed])

    recipes = {"nothing": ACCURATE, **WITHOUT}
    for name in NEW_RATE:
        tries = [replace(recipes[name], rate=rate) for rate in RATES]
        recipes[name] = max(tries, key=lambda recipe: measure(recipe, RATE_SEED))
    for seed in SEEDS:
        for name, recipe in recipes.items():
            accuracy = measure(recipe, seed)
            yield {"name": name, "rate": recipe.rate, "seed": seed, "accuracy": accuracy}


def read_lesson_functions() -> str:
    """Return the source of all functions that the notebook better defines."""
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    statements = [statement for source in sources for statement in ast.parse(source).body]
    return "\n".join(ast.unparse(s) for s in statements if isinstance(s, ast.FunctionDef))


def measure_budget() -> Iterator[dict]:
    """Train on moved images, with dropout and without it, for twenty and for sixty epochs.

    The functions of the notebook better do it. `accuracy` is measured on the notebook's validation
    set, and `other_images` on the 10,000 images before it.
    """
    images, labels = mnist.load_data()[0]
    *_, other_images, validation = read_folds()
    lesson = {"keras": keras, "np": np, "build_model": build_model}
    lesson |= {"images": mnist.prepare(images), "labels": labels}
    exec(read_lesson_functions(), lesson)  # so that these are the lines that learners run
    networks = {"moved images": build_model, "moved images and dropout": lesson["dropout_network"]}
    for seed in SEEDS:
        for epochs in BUDGETS:
            for name, build in networks.items():
                network = lambda build=build: lesson["moved"](build())  # noqa: E731
                model = lesson["train"](network, seed, epochs).model
                yield {
                    "name": name,
                    "epochs": epochs,
                    "seed": seed,
                    "accuracy": measure_accuracy(model, *validation),
                    "other_images": measure_accuracy(model, *other_images),
                }


def measure_lenet() -> Iterator[dict]:
    """Train the lesson's network and LeNet-5 by the recipe of notebook 3 on 20,000 images.

    The last 10,000 training images judge.
    """
    images, labels = mnist.load_data()[0]
    *_, validation = read_folds()
    count = len(images) * 2 // FOLDS
    for seed in SEEDS:
        for name, build in ("the lesson's network", build_model), ("LeNet-5", build_lenet5):
            model = train_network(seed, images[:count], labels[:count], build=build)
            accuracy = measure_accuracy(model, *validation)
            yield {"name": name, "seed": seed, "accuracy": accuracy}


PARTS = {
    "recipes": measure_recipes,
    "ablation": measure_ablation,
    "budget": measure_budget,
    "lenet": measure_lenet,
}


def write_part(part: str, runs: list[dict]) -> None:
    """Write the runs of a part, one a line, with the day and the versions of libraries."""
    head = {"measured": date.today().isoformat()}
    head |= {"keras": keras.__version__, "tensorflow": tf.__version__}
    rows = ",\n".join(map(json.dumps, runs))
    text = f'{json.dumps(head)[:-1]}, "runs": [\n{rows}\n]}}\n'
    write_or_exit(results.FOLDER / f"{part}.json", text)


def main(arguments: list[str] | None = None) -> None:
    """Measure the parts that a command line names, or all."""
    parser = argparse.ArgumentParser("publish.better", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; all if none is named")
    chosen = parser.parse_args(arguments).parts or [*PARTS]
    if unknown := {*chosen} - {*PARTS}:
        parser.error(f"there is no part {', '.join(unknown)}: name {', '.join(PARTS)}")
    for part in chosen:
        runs = []
        for run in PARTS[part]():
            print(part, *run.values(), flush=True)
            runs.append(run)
        write_part(part, runs)


if __name__ == "__main__":
    main()
