"""Measure what the lesson better quotes; docs/maintain/better.md says how.

    python -m publish.better [recipes] [ablation] [budget] [lenet] [--quick]

Without a name, all four parts. When a part has been measured, its file in helpers/extras/better/ is
written.
"""

import argparse
import ast
import json
import os
import platform
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np

from helpers import mnist
from helpers.common.backend import keras
from helpers.common.files import ROOT, write_or_exit
from helpers.extras.better import results
from helpers.lenet import build_lenet5
from helpers.model import build_model
from publish.better.accurate import ACCURATE, NEW_RATE, RATES, WITHOUT, replace, train_network
from publish.record import train_network as train_as_notebook_3

LESSON = ROOT / "notebooks" / "extras" / "better.ipynb"
TRIAL = ROOT / "build" / "better"  # where a trial of the program writes
SEEDS = range(5)
RATE_SEED = 5  # whose fold judges the rates, and nothing else
FOLD = 10_000  # images
FOLDS = 6
TRIAL_COUNT = 200  # images in a trial, both to learn from and to judge by


def fold(number: int, is_trial: bool) -> slice:
    """Return where a fold of the 60,000 training images stands. A trial has a part of it."""
    start = FOLD * number
    return slice(start, start + (TRIAL_COUNT if is_trial else FOLD))


def measure_accuracy(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """Return which share of images a model reads right, of 10,000 to the last digit.

    The images are uint8 of shape (n, 28, 28), and the labels are whole numbers of shape (n,).
    """
    probabilities = model.predict(mnist.prepare(images), batch_size=1000, verbose=0)
    return round(float((probabilities.argmax(axis=1) == labels).mean()), 4)


def measure_recipes(is_trial: bool = False) -> dict:
    """Train *document* and *accurate* on the training images, and judge them by the test images."""
    (images, labels), test = mnist.load_data()
    settings = {"epochs": 1} if is_trial else {}
    part = slice(TRIAL_COUNT if is_trial else None)
    known, test = (images[part], labels[part]), (test[0][part], test[1][part])
    runs = []
    for seed in SEEDS[:1] if is_trial else SEEDS:
        document = train_as_notebook_3(seed, *known, **settings)
        accurate = train_network(replace(ACCURATE, **settings), *known, seed)
        for name, model in ("document", document), ("accurate", accurate):
            runs.append({"name": name, "seed": seed, "accuracy": measure_accuracy(model, *test)})
            report(runs[-1])
    return {"runs": runs}


def measure_ablation(is_trial: bool = False) -> dict:
    """Train *accurate*, and *accurate* without each of its changes.

    The training images are six folds of 10,000. A seed learns from the fold after the one with its
    own number, and that one judges. So no two seeds share an image to learn from or an image to
    judge by. Without a change of `NEW_RATE`, four rates are tried with a sixth seed, and the best
    one is taken. In a trial, one rate is.
    """
    images, labels = mnist.load_data()[0]
    settings = {"epochs": 1} if is_trial else {}

    def measure_run(name, recipe, seed):
        known, judging = fold((seed + 1) % FOLDS, is_trial), fold(seed, is_trial)
        model = train_network(replace(recipe, **settings), images[known], labels[known], seed)
        accuracy = measure_accuracy(model, images[judging], labels[judging])
        return report({"name": name, "rate": recipe.rate, "seed": seed, "accuracy": accuracy})

    tried_rates = []
    recipes = {"nothing": ACCURATE, **WITHOUT}
    for name in NEW_RATE:
        tries = [
            measure_run(name, replace(WITHOUT[name], rate=rate), RATE_SEED)
            for rate in (RATES[:1] if is_trial else RATES)
        ]
        tried_rates += tries
        best = max(tries, key=lambda run: run["accuracy"])
        recipes[name] = replace(WITHOUT[name], rate=best["rate"])
    seeds = SEEDS[:1] if is_trial else SEEDS
    runs = [measure_run(name, recipes[name], seed) for seed in seeds for name in recipes]
    return {"tried_rates": tried_rates, "runs": runs}


def read_lesson_functions() -> str:
    """Return the source of all functions that the notebook better defines."""
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    statements = [statement for source in sources for statement in ast.parse(source).body]
    return "\n".join(ast.unparse(s) for s in statements if isinstance(s, ast.FunctionDef))


def measure_budget(is_trial: bool = False) -> dict:
    """Train on moved images, with dropout and without it, for twenty and for sixty epochs.

    The functions of the notebook better do it. `accuracy` is measured on the notebook's validation
    set, and `other_images` on the 10,000 images before it.
    """
    train_images, labels = mnist.load_data()[0]
    images = mnist.prepare(train_images)
    lesson = {"keras": keras, "np": np, "build_model": build_model}
    lesson |= {"images": images, "labels": labels}
    exec(read_lesson_functions(), lesson)  # the lines that learners run, so nothing can differ
    networks = {"moved images": build_model, "moved images and dropout": lesson["dropout_network"]}
    judging = {"accuracy": fold(5, is_trial), "other_images": fold(4, is_trial)}
    runs = []
    for seed in SEEDS[:1] if is_trial else SEEDS:
        for epochs in (1,) if is_trial else (20, 60):
            for name, network in networks.items():
                build = lambda network=network: lesson["moved"](network())  # noqa: E731
                model = lesson["train"](build, seed, epochs).model
                run = {"name": name, "epochs": epochs, "seed": seed}
                for key, part in judging.items():
                    run[key] = measure_accuracy(model, train_images[part], labels[part])
                runs.append(report(run))
    return {"runs": runs}


def measure_lenet(is_trial: bool = False) -> dict:
    """Train the lesson's network and LeNet-5 by the recipe of notebook 3 on 20,000 images.

    The last 10,000 training images judge.
    """
    images, labels = mnist.load_data()[0]
    settings = {"epochs": 1} if is_trial else {}
    known, judging = slice(TRIAL_COUNT if is_trial else 20_000), fold(5, is_trial)
    runs = []
    for seed in SEEDS[:1] if is_trial else SEEDS:
        for name, build in ("the lesson's network", build_model), ("LeNet-5", build_lenet5):
            model = train_as_notebook_3(seed, images[known], labels[known], build=build, **settings)
            accuracy = measure_accuracy(model, images[judging], labels[judging])
            runs.append(report({"name": name, "seed": seed, "accuracy": accuracy}))
    return {"runs": runs}


PARTS = {
    "recipes": measure_recipes,
    "ablation": measure_ablation,
    "budget": measure_budget,
    "lenet": measure_lenet,
}


def report(run: dict) -> dict:
    """Print a run, and return it."""
    print(*run.values(), flush=True)
    return run


def describe_circumstances() -> dict:
    """Return the day, and the machine and the versions on which the numbers of a part depend."""
    cpu = Path("/proc/cpuinfo")  # as on Linux
    model = re.search(r"model name\s*: (.*)", cpu.read_text() if cpu.exists() else "")
    versions = {library: version(library) for library in ("keras", "numpy", "tensorflow")}
    return {
        "measured": date.today().isoformat(),
        "processor": model[1] if model else platform.processor(),
        "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), **versions},
    }


def main(arguments: list[str] | None = None) -> None:
    """Measure the parts that a command line names, or all."""
    parser = argparse.ArgumentParser("python -m publish.better", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS], help="all, if none is named")
    help_quick = "try the program: one epoch on few images, written into build/better/"
    parser.add_argument("--quick", action="store_true", help=help_quick)
    chosen = parser.parse_args(arguments)
    folder = TRIAL if chosen.quick else results.FOLDER
    for part in chosen.parts or PARTS:
        record = describe_circumstances() | PARTS[part](chosen.quick)
        write_record(folder / f"{part}.json", record)


def write_record(path: Path, record: dict) -> None:
    """Write a record as JSON, with a line for each run; SystemExit says why it can't be written."""
    text = json.dumps(record)
    write_or_exit(path, re.sub(r'(\[|, )(?=\{"name")', lambda place: place[1].strip() + "\n", text) + "\n")
    print(f"{path.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
