"""Measure the recipes in rounds, each run in a process of its own: ten rounds, an hour.

    python -m study [--rounds 1] [--fold 0 to 5] [recipe ...]

Numbers go into build/study.json, and when all have run, into the file of the lesson better.
Those of a fold, which is held out of the training images to judge by, don't.
"""

import argparse
import json
import os
import platform
import shutil
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import distributions
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from helpers.files import ROOT
from study.measure import PYTORCH, measure
from tools import write

RECIPES = "document", "document, split batch with bfloat16", "fast", "accurate", *PYTORCH
FILE = ROOT / "build" / "study.json"
LESSONS_FILE = ROOT / "helpers" / "better" / "study.json"


def measure_alone(name: str, seed: int, fold: int | None = None) -> dict:
    """Call `measure` in a new process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(measure, name, seed, fold).result()


def main(arguments: list[str] | None = None) -> None:
    """Measure and print; what was measured before an error or an interrupt is saved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", nargs="*", help=f"{'; '.join(RECIPES)}; all if none is named")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--fold", type=int, choices=range(6))
    chosen = parser.parse_args(arguments)
    # What the seconds depend on; Linux has the file.
    cpu = Path("/proc/cpuinfo")
    processor = cpu.read_text().partition("\n\n")[0] if cpu.exists() else platform.processor()
    versions = {package.name: package.version for package in distributions()}
    machine = {"processor": processor, "cores": os.cpu_count(), "versions": versions}
    recipes = defaultdict(lambda: defaultdict(list))
    jobs = product(range(chosen.rounds), chosen.recipe or RECIPES)
    try:
        for seed, name in tqdm([*jobs]):
            for key, number in measure_alone(name, seed, chosen.fold).items():
                recipes[name][key].append(number)
    finally:
        write(FILE, json.dumps({"machine": machine, "recipes": recipes}) + "\n")
    for name, runs in recipes.items():
        print(name, {key: float(np.median(numbers)) for key, numbers in runs.items()})
    if chosen.rounds >= 10 and not chosen.recipe and chosen.fold is None:
        shutil.copyfile(FILE, LESSONS_FILE)


if __name__ == "__main__":
    main()
