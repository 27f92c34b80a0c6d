"""The study: everything that the project claims about speed and accuracy, measured side by side.

    python -m benchmarks.study [--quick]

Each training run has a process of its own. The entrants take turns, round after round, so that a
ratio of two medians compares runs that met the same machine; its spread is that of the ratios
within the rounds. Training alone is timed. PyTorch takes part where it is installed.
"""

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from benchmarks.one import TORCH
from benchmarks.recipes import LADDER, RECIPES
from benchmarks.report import picture, table
from helpers.faster_and_better.records import STUDY_FILE
from helpers.files import ROOT, replacing

QUICK_FILE = ROOT / "build" / "bench" / "results.json"
# How often each entrant runs, with the seeds 0, 1, 2 ...: in round r, those with more than r.
TIMES = {
    "document": 5,
    "document, executed well": 3,
    "fast": 5,
    "PyTorch record": 5,
    "accurate": 5,
    "PyTorch": 2,
    "PyTorch, compiled": 2,
    "Keras example": 2,
    "TensorFlow quickstart": 3,
}
SERIES_TIMES = 2
LADDER_SEEDS = 2
QUICK_EPOCHS = 1
PACKAGES = ("keras", "numpy", "tensorflow", "torch")
ONE_THREAD_AN_OPERATION = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "2"}


def run(quick: bool, target: Path) -> dict:
    """Run everything; the results so far are in a file after each process.

    Args:
        quick: one round with one epoch an entrant, without the whole series and with the first
            steps of the ladder only.
        target: the file.

    Returns:
        What the file holds at the end.
    """
    jobs = _jobs(quick)
    result = {
        "command": "make bench QUICK=1" if quick else "make bench",
        "complete": False,
        "machine": machine(),
        "runs": [],
        "failures": [],
    }
    with tqdm(total=len(jobs), unit="run", dynamic_ncols=True) as bar:
        for key, command, threads in jobs:
            bar.set_postfix_str(command[-1])
            outcome = _process(command, threads)
            if outcome is None:
                result["failures"].append(" ".join(command))
            elif key == "runs":
                result["runs"] += outcome
            else:
                result.setdefault(key, []).append(outcome[0])
            bar.update()
            result["complete"] = bar.n == len(jobs)
            with replacing(target) as path:
                path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def machine() -> dict:
    """Describe the machine and the versions."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES if importlib.util.find_spec(name)},
    }


def _jobs(quick):
    """Return (key in the result, module with its arguments, environment) for each process."""
    there = importlib.util.find_spec("torch") is not None
    times = {name: count for name, count in TIMES.items() if there or name not in TORCH}
    epochs = ["--epochs", str(QUICK_EPOCHS)] if quick else []
    jobs = [("speeds", ["benchmarks.prediction"], {})]
    for round_ in range(1 if quick else max(times.values())):
        for name, count in times.items():
            if round_ < count:
                command = ["benchmarks.one", "--seeds", str(round_), *epochs, "--", name]
                jobs.append(("runs", command, _threads(name)))
        if round_ < SERIES_TIMES and not quick:
            jobs.append(("series, s", ["tools.run"], {}))
            jobs.append(("bare document, s", ["benchmarks.document"], {}))
    seeds = [str(seed) for seed in range(1 if quick else LADDER_SEEDS)]
    for name in list(LADDER)[:3] if quick else LADDER:
        command = ["benchmarks.one", "--seeds", *seeds, *epochs, "--", name]
        jobs.append(("runs", command, _threads(name)))
    return jobs


def _threads(name):
    recipe = (RECIPES | LADDER).get(name)
    return ONE_THREAD_AN_OPERATION if recipe and recipe.halves else {}


def _process(command, threads):
    """Run a module; return its lines of JSON or, without any, its seconds; None if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | threads | {"HELLO_MNIST_ARTIFACTS": folder}
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - start
    if done.returncode:
        tqdm.write(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines] or [round(seconds, 1)]


def main(arguments: list[str] | None = None) -> int:
    """Run the study, write its results and its picture, print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="five minutes, for a first look")
    options = parser.parse_args(arguments)
    target = QUICK_FILE if options.quick else STUDY_FILE
    result = run(options.quick, target)
    with replacing(target.with_suffix(".png")) as path:
        picture(result, path)
    print(table(result))
    print(f"\nwritten: {target}, {target.with_suffix('.png').name}")
    return 1 if result["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
