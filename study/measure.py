"""Train once and note the mistakes: a recipe, *accurate* without one change, or a regularizer.

Each function is called in a process of its own.
"""

import ast
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np

from helpers import mnist
from helpers.common.files import ROOT

LESSON = ROOT / "notebooks" / "extras" / "better.ipynb"
PYTORCH = "document in PyTorch", "train_mnist_fast"
# Of test-time augmentation: an image, and it moved by a pixel each way, in rows and columns.
VIEWS = list(product((0, 1, -1), repeat=2))
FOLD = 10_000  # images


def choose_precision() -> str:
    """Return "bfloat16" if the processor multiplies such numbers itself, "float32" otherwise.

    A processor that has to imitate bfloat16 takes many times as long. Linux tells what it can do.
    """
    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text().split() if cpu.exists() else []
    return "bfloat16" if {"amx_bf16", "avx512_bf16"} & {*flags} else "float32"


def limit_threads(count: int) -> None:
    """Let TensorFlow and PyTorch, which aren't imported yet, use so many threads at most.

    In TensorFlow, each operation has one thread, and `count` operations run at once. With two,
    the two halves of a batch run at once. With one, the halves come after each other, and the
    network learns the same, so another run can use the other core.
    """
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": str(count)}
    os.environ["OMP_NUM_THREADS"] = str(count)  # of PyTorch


def use_onednn() -> None:
    """Let TensorFlow, which isn't imported yet, compute by the library oneDNN.

    Otherwise TensorFlow chooses by the processor. Without AVX-512 it then does without oneDNN, and
    takes a quarter more time for *accurate*.
    """
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"


def find_mistakes(log_probabilities: Callable, images, labels, views: int) -> list[int]:
    """Return the indices of the images that are misread, by the mean over so many views of each."""
    total = sum(log_probabilities(np.roll(images, move, (1, 2))) for move in VIEWS[:views])
    return np.flatnonzero(total.argmax(axis=1) != labels).tolist()


def prepare_recipe(name: str, seed: int, count: int):
    """Prepare to train a recipe on the first `count` training images.

    Return what the `prepare_training` of its library returns.
    """
    images, labels = mnist.load_data()[0]
    data = images[:count], labels[:count], seed, choose_precision()
    if name in PYTORCH:  # without TensorFlow in the same process, whose threads might disturb
        from study.pytorch_training import prepare_training

        return prepare_training(name, *data)
    from study.keras_training import prepare_training
    from study.recipes import RECIPES

    return prepare_training(RECIPES[name], *data)


def measure_recipe(name: str, seed: int, count: int = 60_000) -> dict:
    """Train a recipe on the first `count` training images and judge it on the test images.

    Return the number of `parameters`, the accuracy by `one_view` and by `nine_views`, and the
    `accuracy` and the `mistakes` of the recipe's own way to answer, which is by nine views for
    *accurate* and by one view for the others.
    """
    limit_threads(1)
    use_onednn()
    train, log_probabilities, parameters = prepare_recipe(name, seed, count)
    train()
    images, labels = mnist.load_data()[1]
    one_view = find_mistakes(log_probabilities, images, labels, 1)
    nine_views = find_mistakes(log_probabilities, images, labels, 9)
    mistakes = nine_views if name == "accurate" else one_view

    def accuracy(mistakes):
        return round(1 - len(mistakes) / len(labels), 4)

    return {
        "parameters": parameters,
        "one_view": accuracy(one_view),
        "nine_views": accuracy(nine_views),
        "accuracy": accuracy(mistakes),
        "mistakes": mistakes,
    }


def measure_seconds(name: str, seed: int, count: int = 6_000) -> dict:
    """Train a recipe on a tenth of the training images and return the `seconds` of it.

    The clock starts when the first steps are compiled. Nothing else should run on the machine.
    """
    use_onednn()
    if name != "document" and name not in PYTORCH:
        limit_threads(2)
    train, _log_probabilities, _parameters = prepare_recipe(name, seed, count)
    start = time.perf_counter()
    train()
    return {"seconds": round(time.perf_counter() - start, 3)}


def measure_ablation(name: str, seed: int, rate: float, count: int = FOLD) -> dict:
    """Train *accurate* without a change, at a rate, and judge it by one view on a fold.

    The 60,000 training images are six folds of 10,000. The fold with the number of the seed, 0 to
    5, judges, and the network learns from the first `count` images of the next fold. So the runs
    of different seeds share neither images to learn from nor images to judge by. Return the
    `mistakes`, as indices in the fold that judges.
    """
    limit_threads(1)
    use_onednn()
    from study.keras_training import prepare_training
    from study.recipes import ABLATIONS

    images, labels = mnist.load_data()[0]
    folds = np.arange(len(images)) // FOLD
    judging, learning = folds == seed, folds == (seed + 1) % (folds[-1] + 1)
    recipe = replace(ABLATIONS[name], rate=rate)
    known = images[learning][:count], labels[learning][:count]
    train, log_probabilities, _ = prepare_training(recipe, *known, seed, choose_precision())
    train()
    return {"mistakes": find_mistakes(log_probabilities, images[judging], labels[judging], 1)}


def read_lesson_functions() -> str:
    """Return the source of all functions that the notebook better defines."""
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    statements = [statement for source in sources for statement in ast.parse(source).body]
    return "\n".join(ast.unparse(s) for s in statements if isinstance(s, ast.FunctionDef))


def measure_budget(name: str, seed: int, epochs: int) -> dict:
    """Train a network of the notebook better, by its own functions, for so many epochs.

    The network is the lesson's with "moved images" or with "moved images and dropout". Return the
    `accuracy` on the notebook's validation set and on the `other_images`, 40,000 to 50,000.
    """
    limit_threads(1)
    from helpers.common.backend import keras
    from helpers.model import build_model

    train_images, labels = mnist.load_data()[0]
    images = mnist.prepare(train_images)
    lesson = {"keras": keras, "np": np, "build_model": build_model}
    lesson |= {"images": images, "labels": labels}
    exec(read_lesson_functions(), lesson)
    network = lesson["dropout_network"] if name == "moved images and dropout" else build_model
    model = lesson["train"](lambda: lesson["moved"](network()), seed, epochs).model
    accuracies = {}
    for key, start in ("accuracy", 50_000), ("other_images", 40_000):
        part = slice(start, start + FOLD)
        _, accuracy = model.evaluate(images[part], labels[part], verbose=0)
        accuracies[key] = round(accuracy, 4)
    return accuracies
