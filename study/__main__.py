"""Measure the recipes in rounds, each run in a process of its own: ten rounds, an hour.

    python -m study [--rounds 1] [--fold 0 to 5] [recipe ...]

When all have run and none has failed, the numbers go into the file of the lesson better. Fewer, or
those of a fold, which is held out of the training images to judge by, go into build/study.json.
"""

import argparse
import json
import os
import platform
import re
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from helpers.files import ROOT
from study.measure import PYTORCH, measure
from tools import write

FIVE_RUNS = "document, split batch with bfloat16", "document in PyTorch with bfloat16"
RECIPES = "document", "fast", "accurate", FIVE_RUNS[0], *PYTORCH
ROUNDS = 10
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
        "versions": {name: version(name) for name in ("keras", "numpy", "tensorflow", "torch")},
    }


def main(arguments: list[str] | None = None) -> str | None:
    """Measure and print; return what has failed, if anything has."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", nargs="*", help=f"{'; '.join(RECIPES)}; all if none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--fold", type=int, choices=range(6))
    chosen = parser.parse_args(arguments)
    recipes, failed = defaultdict(lambda: defaultdict(list)), []
    names = chosen.recipe or RECIPES
    jobs = [(name, seed) for seed in range(chosen.rounds) for name in names]
    for name, seed in tqdm([job for job in jobs if job[1] < 5 or job[0] not in FIVE_RUNS]):
        try:
            for key, number in measure_alone(name, seed, chosen.fold).items():
                recipes[name][key].append(number)
        except Exception as error:
            failed.append(f"{name}, seed {seed}: {error!r}")
    for name, runs in recipes.items():
        medians = ", ".join(f"{key} {np.median(numbers):.6g}" for key, numbers in runs.items())
        print(f"{name}: {medians}")
    whole = chosen.rounds >= ROUNDS and not (failed or chosen.recipe or chosen.fold is not None)
    path = LESSONS_FILE if whole else ROOT / "build" / "study.json"
    text = json.dumps({"machine": machine(), "recipes": recipes}, indent=1)
    row = r"\[\s+([^][{}]*?)\s+\]"  # a list of numbers, which goes on one line
    write(path, re.sub(row, lambda found: f"[{' '.join(found[1].split())}]", text) + "\n")
    print(f"written: {path}")
    return "\n".join(["Failed:", *failed]) if failed else None


if __name__ == "__main__":
    sys.exit(main())
