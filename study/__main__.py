"""Measure the recipes in rounds, each run in a process of its own: ten rounds, an hour.

    python -m study [--rounds 1] [--fold 0 to 5] [recipe ...]

Numbers go into build/study.json, and when all have run, into the file of the lesson better.
Those of a fold, which is held out of the training images to judge by, don't.
"""

import argparse
import json
import os
import platform
import re
import shutil
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from helpers.files import ROOT
from study.measure import PYTORCH, measure
from tools import write

ROUNDS = dict.fromkeys(("document", "fast", "accurate", *PYTORCH[1:]), 10)
ROUNDS |= {"document, split batch with bfloat16": 5, "document in PyTorch with bfloat16": 5}
PACKAGES = "keras", "numpy", "tensorflow", "torch"
FILE = ROOT / "build" / "study.json"
LESSONS_FILE = ROOT / "helpers" / "better" / "study.json"


def measure_alone(name: str, seed: int, fold: int | None = None) -> dict:
    """Call `measure` in a new process, with the threads that a split batch needs."""
    for setting, threads in (("TF_NUM_INTRAOP_THREADS", "1"), ("TF_NUM_INTEROP_THREADS", "2")):
        os.environ.pop(setting, None)
        if name != "document":
            os.environ[setting] = threads
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(measure, name, seed, fold).result()


def machine() -> dict:
    """Return what the seconds depend on: the processor, its 16-bit products, and versions."""
    cpu = Path("/proc/cpuinfo")
    about = cpu.read_text() if cpu.exists() else f"model name: {platform.processor()}"
    return {
        "processor": re.search(r"model name\s*: (.*)", about)[1],
        "flags": sorted({*re.findall(r"\b(?:avx|amx)\w*", about)}),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in filter(find_spec, PACKAGES)},
    }


def main(arguments: list[str] | None = None) -> None:
    """Measure and print; what was measured before an error or an interrupt is saved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", nargs="*", help=f"{'; '.join(ROUNDS)}; all if none is named")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--fold", type=int, choices=range(6))
    chosen = parser.parse_args(arguments)
    recipes, names = defaultdict(lambda: defaultdict(list)), chosen.recipe or ROUNDS
    jobs = [(name, seed) for seed in range(chosen.rounds) for name in names if seed < ROUNDS[name]]
    try:
        for name, seed in tqdm(jobs):
            for key, number in measure_alone(name, seed, chosen.fold).items():
                recipes[name][key].append(number)
    finally:
        write(FILE, json.dumps({"machine": machine(), "recipes": recipes}) + "\n")
    for name, runs in recipes.items():
        medians = ", ".join(f"{key} {np.median(numbers):.6g}" for key, numbers in runs.items())
        print(f"{name}: {medians}")
    if chosen.rounds >= 10 and not chosen.recipe and chosen.fold is None:
        shutil.copyfile(FILE, LESSONS_FILE)


if __name__ == "__main__":
    main()
