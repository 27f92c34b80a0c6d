"""The study: everything that the project claims about speed and accuracy, measured side by side.

    python -m benchmarks.study [--quick | --publish]

Each training run has a process of its own. The entrants take turns, round after round, so that a
ratio of two medians compares runs that met the same machine; its spread is that of the ratios
within the rounds. Training alone is timed. PyTorch takes part where it is installed. The results
go into build/bench/; `--publish` puts those in place of the committed ones, and runs the study
first only where there are none yet.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from benchmarks.one import TORCH
from benchmarks.recipes import LADDER, RECIPES
from benchmarks.report import table
from helpers import plots
from helpers.faster_and_better.records import STUDY_FILE, study_points
from helpers.files import ROOT, replacing

BENCH_FILE = ROOT / "build" / "bench" / "results.json"
PEERS = importlib.util.find_spec("torch") is not None
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
SERIES_TIMES, LADDER_SEEDS = 2, 2
ONE_THREAD_AN_OPERATION = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "2"}


def run(quick: bool) -> dict:
    """Run everything; the results so far are in `BENCH_FILE` after each process.

    A quick run is one round with one epoch an entrant, without the whole series and with the first
    steps of the ladder only. What is returned is what the file holds at the end.
    """
    result = {"command": "make bench QUICK=1" if quick else "make bench", "complete": False}
    result |= {"machine": machine(), "runs": [], "failures": []}
    result["skipped"] = [] if PEERS else list(TORCH)
    bar = tqdm(_jobs(quick), unit="run", dynamic_ncols=True)
    for number, (key, command, threads) in enumerate(bar, start=1):
        bar.set_postfix_str(command[-1])
        outcome = process(command, threads)
        if outcome is None:
            result["failures"].append(" ".join(command))
        else:
            result.setdefault(key, []).extend(outcome)
        result["complete"] = number == bar.total
        write(result, BENCH_FILE)
    return result


def refusal(result: dict) -> str:
    """Say in half a sentence why a run can't take the place of the committed one; "" if it can."""
    if result["command"] != "make bench":
        return "it is a quick one, for a first look"
    if not result["complete"]:
        return "it was interrupted, or still runs"
    if result["failures"]:
        return f"these parts of it failed: {'; '.join(result['failures'])}"
    ran = {run["entrant"] for run in result["runs"]}
    if lacking := [name for name in [*TIMES, *LADDER] if name not in ran]:
        return f"the lesson speaks of entrants that it lacks: {'; '.join(lacking)}"
    return ""


def machine() -> dict:
    """Describe the machine and the versions."""
    cpu = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.+)", cpu.read_text()) if cpu.exists() else []
    packages = filter(importlib.util.find_spec, ("keras", "numpy", "tensorflow", "torch"))
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }


def _jobs(quick):
    """Return (key in the result, module with its arguments, environment) for each process."""
    epochs = ["--epochs", "1"] if quick else []

    def entrant(name, seeds):
        command = ["benchmarks.one", "--seeds", *map(str, seeds), *epochs, "--", name]
        recipe = (RECIPES | LADDER).get(name)
        return "runs", command, ONE_THREAD_AN_OPERATION if recipe and recipe.halves else {}

    jobs = [("speeds", ["benchmarks.prediction"], {})]
    series = ("series, s", ["tools.run"], {}), ("bare document, s", ["benchmarks.document"], {})
    entrants = [name for name in TIMES if PEERS or name not in TORCH]
    for round_ in range(1 if quick else max(TIMES.values())):
        jobs += [entrant(name, [round_]) for name in entrants if round_ < TIMES[name]]
        jobs += series if round_ < SERIES_TIMES and not quick else ()
    ladder = list(LADDER)[:3] if quick else LADDER
    return jobs + [entrant(name, range(1 if quick else LADDER_SEEDS)) for name in ladder]


def process(command: list[str], threads: dict[str, str]) -> list | None:
    """Run a module; return its lines of JSON or, without any, its seconds; None if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | threads | {"HELLO_MNIST_ARTIFACTS": folder}
        start = time.perf_counter()
        python = [sys.executable, "-m", *command]
        done = subprocess.run(python, cwd=ROOT, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        tqdm.write(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines] or [round(seconds, 1)]


def write(result: dict, path: Path, drawn: bool = False) -> None:
    """Write results as JSON and, if they are to be drawn, as a picture beside it."""
    if drawn and (points := study_points(result)):
        figure = plots.ranking(points, ("fast", "accurate"))
        with replacing(path.with_suffix(".png")) as part:
            part.write_bytes(figure._repr_mimebundle_()[0]["image/png"])
    with replacing(path) as part:
        part.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the study, write its results and its picture, print its table; publish it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="five minutes, for a first look")
    parser.add_argument("--publish", action="store_true", help="replace the committed results")
    options = parser.parse_args(arguments)
    if options.publish and options.quick:
        parser.error("a quick run is for a first look; only a whole one is published")
    if options.publish and BENCH_FILE.exists():
        result = json.loads(BENCH_FILE.read_text(encoding="utf-8"))
        print(table(result))
    elif options.publish and not PEERS:
        parser.error("PyTorch, of which the lesson speaks, is not installed; nothing was run")
    else:
        result = run(options.quick)
        print(table(result))
        write(result, BENCH_FILE, drawn=True)
        print(f"\nwritten: {BENCH_FILE}, {BENCH_FILE.with_suffix('.png').name}")
    if options.publish:
        if reason := refusal(result):
            print(f"\n{BENCH_FILE} is not published: {reason}.", file=sys.stderr)
            return 1
        write(result, STUDY_FILE, drawn=True)
        print(f"\npublished: {STUDY_FILE}. A lesson shows its numbers: run `make notebooks`.")
    return 1 if result["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
