"""Measure what the lesson better and the study's README quote; each run is a process of its own.

    python -m study [recipes] [ablation] [budget] [--quick]

Every run becomes a row of build/study.json as soon as it has ended. After an interrupt, the same
command goes on where it stopped. When all runs are there, the file becomes the lesson's.
`python -m study.report` prints what the texts quote of it.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from importlib.metadata import distributions
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from helpers.files import ROOT
from study import measure
from tools import write

BUILD = ROOT / "build"
LESSONS_FILE = ROOT / "helpers" / "better" / "study.json"
# The parts, and about how many minutes each takes on two cores with nothing else running.
MINUTES = {"recipes": 25, "ablation": 35, "budget": 6}
QUICK_MINUTES = 10
STEPS = "recipes", "rates", "ablation", "budget"  # the ablation begins with the rates
# Rounds of each recipe. The two that are compared have more; in a round, each runs once.
ROUNDS = {
    "document": 10,
    "accurate": 10,
    "document, split batch": 5,
    "document in PyTorch": 5,
    "train_mnist_fast": 5,
    "fast": 5,
}
SEEDS = 5  # of the ablation and of the budget
RATE_SEED = 5  # whose fold judges the rates, and nothing else
QUICK_COUNT = 6_000  # images that the ablation learns from, to try the program


def list_jobs(quick: bool = False) -> list[dict]:
    """Return all runs in their order, in rounds: the part, the name, the seed and other settings.

    An ablation that needs a new rate has none yet.
    """
    from study.recipes import ABLATIONS, NEW_RATE, RATES, accurate

    jobs = []
    for seed in range(1 if quick else max(ROUNDS.values())):
        names = [name for name, rounds in ROUNDS.items() if seed < rounds]
        jobs += [{"part": "recipes", "name": name, "seed": seed} for name in names]
    count = {"count": QUICK_COUNT} if quick else {}
    for rate in RATES:
        for name in NEW_RATE:
            jobs.append({"part": "rates", "name": name, "seed": RATE_SEED, "rate": rate} | count)
    for seed in range(1 if quick else SEEDS):
        for name in ABLATIONS:
            rate = {} if name in NEW_RATE else {"rate": accurate.rate}
            jobs.append({"part": "ablation", "name": name, "seed": seed} | rate | count)
    for seed in range(1 if quick else SEEDS):
        for epochs in 20, 60:
            for name in "moved images", "moved images and dropout":
                jobs.append({"part": "budget", "name": name, "seed": seed, "epochs": epochs})
    return jobs


def best_rate(runs: list[dict], name: str) -> float:
    """Return the rate with which *accurate* without a change made the fewest mistakes."""
    tries = [run for run in runs if run["part"] == "rates" and run["name"] == name]
    return min(tries, key=lambda run: run["mistakes"])["rate"]


def measure_alone(job: dict) -> dict:
    """Measure a run of `list_jobs` in a new process."""
    settings = dict(job)
    part = settings.pop("part")
    functions = {"recipes": measure.measure_recipe, "budget": measure.measure_budget}
    function = functions.get(part, measure.measure_ablation)
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        numbers = process.submit(function, **settings).result()
    if part == "rates":  # a rate that is far too high misreads nearly all, so only count them
        numbers["mistakes"] = len(numbers["mistakes"])
    return numbers


def describe_circumstances() -> dict:
    """Return what the numbers depend on: the machine, all versions, and a digest of the code."""
    cpu = Path("/proc/cpuinfo")  # as on Linux
    processor = cpu.read_text().partition("\n\n")[0] if cpu.exists() else platform.processor()
    lines = [line for line in processor.splitlines() if "MHz" not in line]
    versions = {package.name: package.version for package in distributions()}
    files = sorted((ROOT / "study").glob("*.py"))
    files = [file for file in files if file.stem not in ("__main__", "report")]
    code = [file.read_text(encoding="utf-8") for file in (*files, ROOT / "helpers" / "model.py")]
    code.append(measure.read_lesson_functions())
    return {
        "system": platform.system(),
        "processor": "\n".join(lines),
        "cores": os.cpu_count(),
        "precision": measure.choose_precision(),
        "python": platform.python_version(),
        "versions": dict(sorted(versions.items())),
        "code": hashlib.sha256("\n".join(code).encode()).hexdigest(),
    }


def open_record(file: Path) -> dict:
    """Return what a file of earlier runs holds, or a record without runs if there is no file.

    Raise SystemExit if the earlier runs were made by other code, versions or another machine.
    """
    circumstances = describe_circumstances()
    if not file.exists():
        return {"began": date.today().isoformat(), "circumstances": circumstances, "runs": []}
    record = json.loads(file.read_text(encoding="utf-8"))
    for key, value in circumstances.items():
        if record["circumstances"].get(key) != value:
            raise SystemExit(
                f"{file.relative_to(ROOT)} holds runs of an earlier study, whose {key} was another "
                "one. Runs of one study belong together. To begin again, delete that file."
            )
    return record


def save_record(file: Path, record: dict) -> None:
    """Write a record with one line for each run."""
    head = {key: value for key, value in record.items() if key != "runs"}
    rows = ",\n".join(json.dumps(run) for run in record["runs"])
    write(file, json.dumps(head, indent=1)[:-2] + f',\n "runs": [\n{rows}\n ]\n}}\n')


def main(arguments: list[str] | None = None) -> None:
    """Measure what hasn't been measured yet; save after each run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", help=f"{', '.join(MINUTES)}; all if none is named")
    help_quick = "try the program: each run once, the ablation on few images; no number is kept"
    parser.add_argument("--quick", action="store_true", help=help_quick)
    chosen = parser.parse_args(arguments)
    parts = chosen.part or [*MINUTES]
    if unknown := {*parts} - {*MINUTES}:
        parser.error(f"there is no part {', '.join(unknown)}: name {', '.join(MINUTES)}")
    file = BUILD / ("study_quick.json" if chosen.quick else "study.json")
    record = open_record(file)
    runs, every_job = record["runs"], list_jobs(chosen.quick)

    def is_measured(job: dict) -> bool:
        return any(job.items() <= run.items() for run in runs)

    minutes = QUICK_MINUTES if chosen.quick else sum(MINUTES[part] for part in {*parts})
    print(f"{'At most' if chosen.quick else 'About'} {minutes} minutes on two cores.")
    print("An interrupt (Ctrl+C) loses the current run only; the same command then goes on.")
    for step in STEPS:
        if step.replace("rates", "ablation") not in parts:
            continue
        jobs = [job for job in every_job if job["part"] == step and not is_measured(job)]
        for job in jobs:
            if "rate" not in job and step == "ablation":
                job["rate"] = best_rate(runs, job["name"])
        # Runs whose time counts have the machine for themselves. Others leave one core to another.
        with ThreadPoolExecutor(1 if step == "recipes" else 2) as pool:
            measured = pool.map(measure_alone, jobs)
            for job in tqdm(jobs, desc=step):
                runs.append(job | next(measured))
                save_record(file, record)
    if not chosen.quick and all(is_measured(job) for job in every_job):
        shutil.copyfile(file, LESSONS_FILE)
        print(f"All {len(runs)} runs are in {LESSONS_FILE.relative_to(ROOT)}.")
        from study import report

        report.main()


if __name__ == "__main__":
    main()
