"""The study: everything that the project claims about speed and accuracy, measured side by side.

    python -m study.run [--quick | --publish]

Each run has a process of its own. Entrants take turns, round after round, and so do the steps of
the ladders, so that a ratio compares runs that met the same machine. `README.md` in this folder
says what is measured and what the results mean. They go into build/bench/; `--publish` puts those
in place of the committed ones, and runs the study first only where there are none yet.
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
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from helpers import plots, records
from helpers.files import ROOT, replacing
from helpers.records import STUDY_FILE
from study.one import TORCH
from study.recipes import LADDERS, RECIPES, SEARCHES
from study.report import table

BENCH_FILE = ROOT / "build" / "bench" / "results.json"
PEERS = importlib.util.find_spec("torch") is not None
# How often each entrant runs: in round r, counted from 0 as its seed is, those with more than r.
TIMES = {
    "document": 10,
    "document, executed well": 5,
    "fast": 10,
    "PyTorch record": 10,
    "PyTorch record, executed well": 10,
    "accurate": 10,
    "PyTorch": 5,
    "PyTorch, executed well": 5,
    "PyTorch, compiled": 2,
    "Keras example": 2,
    "TensorFlow quickstart": 5,
}
SERIES_TIMES, LADDER_SEEDS = 3, 5
ONE_THREAD_AN_OPERATION = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "2"}


def run(quick: bool) -> dict:
    """Run everything; the results so far are in `BENCH_FILE` after each process.

    A quick run is one round with one epoch an entrant, without the whole series and with the first
    steps of each ladder only. What is returned is what the file holds at the end.
    """
    result = {"command": "make bench QUICK=1" if quick else "make bench", "complete": False}
    result |= {"machine": machine(), "skipped": skipped(), "failures": [], "runs": []}
    bar = tqdm(_jobs(quick, result["skipped"]), unit="run", dynamic_ncols=True)
    for number, (key, command, threads) in enumerate(bar, start=1):
        bar.set_postfix_str(command[-1])
        outcome = process(command, threads)
        if outcome is None:
            result["failures"].append(" ".join(command))
        else:
            result.setdefault(key, []).append(outcome)
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
    wanted = [*TIMES, *(step for steps in LADDERS.values() for step in steps)]
    if lacking := [name for name in wanted if name not in ran]:
        return f"the lessons speak of entrants that it lacks: {'; '.join(lacking)}"
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


def skipped() -> dict[str, str]:
    """Return the entrants that can't run here, and why."""
    if not PEERS:
        return dict.fromkeys(TORCH, "PyTorch is not installed here")
    if " " in sys.prefix:
        return {"PyTorch, compiled": f"torch.compile fails where a path has a space: {sys.prefix}"}
    if not (shutil.which("g++") or shutil.which("clang++")):
        return {"PyTorch, compiled": "torch.compile needs a C++ compiler, and there is none here"}
    return {}


def job(name: str, seed: int, *options: str, ladder: str = "") -> tuple:
    """Return the process of one run: module with its arguments, environment."""
    recipe = (LADDERS | SEARCHES)[ladder][name].recipe if ladder else RECIPES.get(name)
    held_out = ["--ladder", ladder] if ladder else []
    command = ["study.one", "--seed", str(seed), *held_out, *options, "--", name]
    return command, ONE_THREAD_AN_OPERATION if recipe and recipe.halves else {}


def _jobs(quick, skipped):
    """Return (key in the result, module with its arguments, environment) for each process."""
    epochs = ["--epochs", "1"] if quick else []
    jobs = [("speeds", ["study.prediction"], {})]
    series = ("series, s", ["tools.run"], {}), ("bare document, s", ["study.document"], {})
    for round_ in range(1 if quick else max(TIMES.values())):
        ready = [name for name in TIMES if name not in skipped and round_ < TIMES[name]]
        jobs += [("runs", *job(name, round_, *epochs)) for name in ready]
        jobs += series if round_ < SERIES_TIMES and not quick else ()
    for seed in range(1 if quick else LADDER_SEEDS):
        for ladder, steps in LADDERS.items():
            chosen = list(steps)[: 2 if quick else None]
            jobs += [("runs", *job(step, seed, *epochs, ladder=ladder)) for step in chosen]
    return jobs


def process(command: list[str], threads: dict[str, str]) -> dict | float | None:
    """Run a module; return what its line of JSON says or, without one, its seconds.

    None if it fails. `study.one` is told when it was started.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | threads | {"HELLO_MNIST_ARTIFACTS": folder}
        module, *arguments = command
        start = time.perf_counter()
        if module == "study.one":
            arguments = ["--started", str(time.time()), *arguments]
        python = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(python, cwd=ROOT, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        tqdm.write(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else round(seconds, 1)


def write(result: dict, path: Path, drawn: bool = False) -> None:
    """Write results as JSON and, if they are to be drawn, as a picture beside it."""
    if drawn and (points := records.finished(result)):
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
    elif options.publish and (lacking := skipped()):
        reasons = "; ".join(f"{name}: {why}" for name, why in lacking.items())
        parser.error(f"the lessons speak of what can't run here, so nothing was run: {reasons}")
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
        print(f"\npublished: {STUDY_FILE}. Lessons show its numbers: run `make notebooks`.")
    return 1 if result["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
