"""The study: everything that the project claims about speed and accuracy, measured side by side.

    python -m study.run [--quick | --publish]

Each run has a process of its own. Entrants take turns, round after round, and so do the steps of
the ladders, so that a ratio compares runs that met the same machine. `README.md` in this folder
says what is measured and what the results mean. They go into build/study/; `--publish` puts a
whole study that is there in place of the committed one.
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
from collections.abc import Collection
from functools import reduce
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from helpers import plots, records
from helpers.files import ROOT, replacing
from study.one import TORCH
from study.recipes import GROUPS
from study.report import table
from tools import write

RESULT_FILE = ROOT / "build" / "study" / "study.json"
PICTURE_FILE = ROOT / "study" / "results.png"
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
PROGRAMS = {"four notebooks": "tools.run", "bare document": "study.document"}
PROGRAM_TIMES, LADDERS = 3, ("better", "faster")
ONE_THREAD_AN_OPERATION = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "2"}
BY_ROUND = {"seconds", "cold", "accuracy"}  # lists of a number a round, null where one failed


class Job(NamedTuple):
    """A process to run, and where in a study the numbers that it measures belong."""

    place: tuple[str, ...]  # the keys that lead there
    round: int
    command: list[str]  # a module and its arguments
    environment: dict[str, str]


def entrant(group: str, name: str, seed: int, *options: str) -> Job:
    """Return the job of one run of a finished recipe, or of a step in another group."""
    command = ["study.one", "--group", group, "--seed", str(seed), *options, "--", name]
    halves = name not in TORCH and GROUPS[group][name].recipe.halves
    return Job(("runs", group, name), seed, command, ONE_THREAD_AN_OPERATION if halves else {})


def turns(groups: Collection[str], seeds: int, *options: str, most: int | None = None) -> list[Job]:
    """Return jobs for the steps of these groups, at most so many of each, in turn for each seed."""
    steps = [(group, name) for group in groups for name in list(GROUPS[group])[:most]]
    return [entrant(*step, seed, *options) for seed in range(seeds) for step in steps]


def jobs(quick: bool = False, skipped: Collection[str] = ()) -> list[Job]:
    """Return the jobs of a study in their order, without the entrants that are skipped.

    A quick one is one round with one epoch an entrant, with the first steps of each ladder only.
    """
    epochs = ["--epochs", "1"] if quick else []
    found = [Job(("matrix products, GFLOP/s",), 0, ["study.speeds"], {})]
    for number in range(1 if quick else max(TIMES.values())):
        ready = [name for name in TIMES if number < TIMES[name] and name not in skipped]
        found += [entrant("finished", name, number, *epochs) for name in ready]
        if number < PROGRAM_TIMES and not quick:
            found += [Job(("programs", key), number, [PROGRAMS[key]], {}) for key in PROGRAMS]
    return found + turns(LADDERS, 1 if quick else 5, *epochs, most=2 if quick else None)


def skipped() -> dict[str, str]:
    """Return the entrants that can't run here, and why."""
    if importlib.util.find_spec("torch") is None:
        return dict.fromkeys(TORCH, "PyTorch is not installed here")
    if " " in sys.prefix:
        return {"PyTorch, compiled": f"torch.compile fails where a path has a space: {sys.prefix}"}
    if not (shutil.which("g++") or shutil.which("clang++")):
        return {"PyTorch, compiled": "torch.compile needs a C++ compiler, and there is none here"}
    return {}


def is_recorded(study: dict, job: Job) -> bool:
    """Say whether a study holds the numbers of a job."""
    found = reduce(lambda found, key: found.get(key, {}), job.place, study)
    rounds = found.get("seconds", [found] if found else [])  # matrix products have one round
    return job.round < len(rounds) and rounds[job.round] is not None


def carry_out(jobs: list[Job], study: dict, path: Path) -> list[str]:
    """Run jobs, put the numbers of each into a study and its file, and return what failed."""
    failed = []
    for job in (bar := tqdm(jobs, unit="run", dynamic_ncols=True)):
        bar.set_postfix_str(job.command[-1])
        if (numbers := process(job)) is None:
            failed.append(" ".join(job.command))
            continue
        place = reduce(lambda found, key: found.setdefault(key, {}), job.place, study)
        for key in BY_ROUND & numbers.keys():
            values = place.get(key, [])
            values += [None] * (job.round + 1 - len(values))
            values[job.round] = numbers[key]
            numbers[key] = values
        place |= numbers
        save(study, path)
    return failed


def process(job: Job) -> dict | None:
    """Run a job; return what its line of JSON says or, without one, its seconds.

    None if it fails. `study.one` is told when it was started.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | job.environment | {"HELLO_MNIST_ARTIFACTS": folder}
        module, *arguments = job.command
        start = time.perf_counter()
        if module == "study.one":
            arguments = ["--started", str(time.time()), *arguments]
        python = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(python, cwd=ROOT, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
    if done.returncode:
        tqdm.write(f"{' '.join(job.command)} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else {"seconds": round(seconds, 1)}


def save(study: dict, path: Path) -> None:
    """Write a study as JSON, a list of numbers on one line."""
    text = json.dumps(study, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    write(path, text + "\n")


def publish() -> str:
    """Put the study in build/ in place of the committed one, and draw it; or return why not."""
    if not RESULT_FILE.exists():
        return "there is none yet; `make bench` makes one"
    study = json.loads(RESULT_FILE.read_bytes())
    if lacking := {job.command[-1]: None for job in jobs() if not is_recorded(study, job)}:
        return f"it lacks runs of {'; '.join(lacking)}"
    study["runs"] = records.study()["runs"] | study["runs"]  # keeps those of the search
    figure = plots.ranking(records.finished(study), ("fast", "accurate"))
    with replacing(PICTURE_FILE) as beside:
        beside.write_bytes(figure._repr_mimebundle_()[0]["image/png"])
    save(study, records.STUDY_FILE)
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Run the study and print what it has found, or publish the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="five minutes, for a first look")
    parser.add_argument("--publish", action="store_true", help="replace the committed study")
    options = parser.parse_args(arguments)
    if options.publish:
        if reason := publish():
            print(f"{RESULT_FILE} is not published: {reason}.", file=sys.stderr)
            return 1
        print(f"written: {records.STUDY_FILE}. Lessons show its numbers: run `make notebooks`.")
        return 0
    cpu = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.+)", cpu.read_text()) if cpu.exists() else []
    packages = filter(importlib.util.find_spec, ("keras", "numpy", "tensorflow", "torch"))
    machine = {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }
    command = "make bench QUICK=1" if options.quick else "make bench"
    study = {"command": command, "machine": machine, "programs": {}, "runs": {}}
    left_out = skipped()
    failed = carry_out(jobs(options.quick, left_out), study, RESULT_FILE)
    print(table(study, ("finished", *LADDERS)))
    for said, names in ("failed", failed), ("skipped", map(": ".join, left_out.items())):
        print(*(f"{said}: {name}\n" for name in names), sep="", end="")
    print(f"written: {RESULT_FILE}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
