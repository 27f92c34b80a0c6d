"""The study: the recipes and ladders behind the claims about speed and accuracy, side by side.

    python -m study.run [--quick | --publish]

`README.md` in this folder says what is measured and what the results mean. They go into
build/study/; `--publish` puts a whole study that is there in place of the committed one.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from helpers import records
from helpers.backend import tf
from helpers.files import ROOT, replacing
from study.one import TORCH
from study.ranking import ranking
from study.recipes import GROUPS
from tools import write

RESULT_FILE = ROOT / "build" / "study" / "study.json"
PICTURE_FILE = ROOT / "study" / "results.png"
# How often each entrant runs: in round r, counted from 0 as its seed is, those with more than r.
TIMES = dict.fromkeys((*GROUPS["finished"], *TORCH), 5)
TIMES |= dict.fromkeys(("PyTorch, compiled", "Keras example"), 2)
OFTEN = "document", "fast", "accurate", "train_mnist_fast", "train_mnist_fast, executed well"
TIMES |= dict.fromkeys(OFTEN, 10)
LADDERS = "better", "faster"
ONE_THREAD_AN_OPERATION = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "2"}


class Job(NamedTuple):
    """One run of a finished recipe or of a step of a ladder, its round as the seed."""

    group: str
    name: str
    round: int


def jobs(quick: bool = False, skipped: Collection[str] = ()) -> list[Job]:
    """Return the jobs of a study; a quick one has one round, and two steps of each ladder."""
    rounds, seeds, most = (1, 1, 2) if quick else (max(TIMES.values()), 5, None)
    turns = [(name, number) for number in range(rounds) for name in TIMES if name not in skipped]
    found = [Job("finished", name, number) for name, number in turns if number < TIMES[name]]
    steps = [(group, name) for group in LADDERS for name in list(GROUPS[group])[:most]]
    return found + [Job(*step, seed) for seed in range(seeds) for step in steps]


def skipped() -> dict[str, str]:
    """Return the entrants that can't run here, and why."""
    if importlib.util.find_spec("torch") is None:
        return dict.fromkeys(TORCH, "PyTorch is not installed here")
    if " " in sys.prefix or not (shutil.which("g++") or shutil.which("clang++")):
        return {"PyTorch, compiled": "it needs a C++ compiler and a path without a space"}
    return {}


def is_recorded(study: dict, job: Job) -> bool:
    """Say whether a study holds the numbers of a job."""
    rounds = study["runs"].get(job.group, {}).get(job.name, {}).get("seconds", [])
    return job.round < len(rounds) and rounds[job.round] is not None


def process(job: Job, *options: str) -> dict | None:
    """Run a job in a process of its own; return what its line of JSON says, None if it fails."""
    halves = job.name not in TORCH and GROUPS[job.group][job.name].recipe.halves
    environment = os.environ | (ONE_THREAD_AN_OPERATION if halves else {})
    place = ["--group", job.group, "--seed", str(job.round), "--started", str(time.time())]
    command = [sys.executable, "-m", "study.one", *place, *options, "--", job.name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        tqdm.write(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def carry_out(jobs: list[Job], study: dict, *options: str) -> list[Job]:
    """Run jobs, put the numbers of each into a study and its file, and return those that failed."""
    failed = []
    for job in (bar := tqdm(jobs, unit="run", dynamic_ncols=True)):
        bar.set_postfix_str(job.name)
        if (numbers := process(job, *options)) is None:
            failed.append(job)
            continue
        runs = study["runs"].setdefault(job.group, {}).setdefault(job.name, {})
        for key in records.BY_ROUND:
            before = runs.get(key, [])
            numbers[key] = before + [None] * (job.round - len(before)) + [numbers[key]]
        runs |= numbers
        save(study, RESULT_FILE)
    return failed


def save(study: dict, path: Path) -> None:
    """Write a study as JSON, a list of numbers on one line."""
    text = json.dumps(study, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    write(path, text + "\n")


def matrix_products() -> dict[str, float]:
    """Return the highest of 50 rates, in GFLOP/s, for matrices of 2048x2048, by dtype."""
    rates = {}
    multiply = tf.function(lambda matrix: tf.reduce_sum(tf.matmul(matrix, matrix)))
    for dtype in ("float32", "bfloat16"):
        matrix, times = tf.cast(tf.random.normal((2048, 2048)), dtype), []
        for _call in range(50):
            start = time.perf_counter()
            float(multiply(matrix))  # waits for the result
            times.append(time.perf_counter() - start)
        rates[dtype] = round(2 * 2048**3 / min(times) / 1e9, 1)
    return rates


def table(study: dict) -> str:
    """Return a line for each entrant and step: median times and mean accuracy."""
    lines = []
    for group in study["runs"]:
        for name, runs in records.ladder(study, group).items():
            seconds, cold = (np.nanmedian(runs[key]) for key in ("seconds", "cold"))
            times = f"{seconds:6.2f} s, cold {cold:6.2f} s"
            accuracy = np.nanmean(runs["accuracy"])
            lines.append(f"{f'{group}: {name}':42} {times}, accuracy {accuracy:.4f}")
    return "\n".join(lines)


def publish() -> str:
    """Put the study in build/ in place of the committed one, and draw it; or return why not."""
    study = json.loads(RESULT_FILE.read_bytes()) if RESULT_FILE.exists() else {"runs": {}}
    if lacking := {job.name: None for job in jobs() if not is_recorded(study, job)}:
        return f"{RESULT_FILE} is not published: it lacks runs of {'; '.join(lacking)}."
    committed = records.study()  # with what is no longer measured here
    study = committed | study | {"runs": committed["runs"] | study["runs"]}
    figure = ranking(records.finished(study), ("fast", "accurate"))
    with replacing(PICTURE_FILE) as beside:
        beside.write_bytes(figure._repr_mimebundle_()[0]["image/png"])
    save(study, records.STUDY_FILE)
    print(f"written: {records.STUDY_FILE}. Lessons show its numbers: `make notebooks ONLY=extras`.")
    return ""


def main(arguments: list[str] | None = None) -> int | str:
    """Run the study and print what it has found, or publish the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="five minutes, for a first look")
    parser.add_argument("--publish", action="store_true", help="replace the committed study")
    options = parser.parse_args(arguments)
    if options.publish:
        return publish()
    cpu = Path("/proc/cpuinfo")
    about = cpu.read_text() if cpu.exists() else ""
    models = re.findall(r"model name\s*: (.+)", about)
    packages = filter(importlib.util.find_spec, ("keras", "numpy", "tensorflow", "torch"))
    machine = {
        "processor": models[0] if models else platform.processor(),
        "flags": sorted({*re.findall(r"\b(?:avx|amx)\w*", about)}),  # of wide and 16-bit products
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }
    study = {"command": "make bench" + " QUICK=1" * options.quick, "machine": machine}
    study |= {"matrix products, GFLOP/s": matrix_products(), "runs": {}}
    left_out, epochs = skipped(), ["--epochs", "1"] if options.quick else []
    failed = carry_out(jobs(options.quick, left_out), study, *epochs)
    print(table(study))
    for job in failed:
        print(f"failed: {job.group}: {job.name}, round {job.round}")
    for name, reason in left_out.items():
        print(f"skipped: {name}: {reason}")
    print(f"written: {RESULT_FILE}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
