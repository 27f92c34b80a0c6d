"""Measure what the lesson better and the study's README quote; each run is a process of its own.

    python -m study [recipes] [seconds] [ablation] [budget] [lenet] [--quick]

Each of the five parts has a file of its own, such as build/study/budget.json. Every run becomes a
row of this file as soon as it has ended. After an interrupt, the same command goes on where it
stopped. When all runs of a part are there, its file is copied to helpers/extras/better/.
`python -m study.report` writes the numbers into README.
"""

import argparse
import hashlib
import json
import os
import platform
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from importlib.metadata import version
from itertools import product
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from helpers.common.files import ROOT
from study import measure, networks
from tools.commands import write_or_exit

BUILD = ROOT / "build"
LESSONS_FOLDER = ROOT / "helpers" / "better"
# The parts, and an estimate of the minutes that each takes on two cores without bfloat16, when
# nothing else is running.
MINUTES = {"recipes": 45, "seconds": 10, "ablation": 50, "budget": 12, "lenet": 8}
QUICK_MINUTES = 5
STEPS = {
    "recipes": ["recipes"],
    "seconds": ["seconds"],
    "ablation": ["rates", "ablation"],
    "budget": ["budget"],
    "lenet": ["lenet"],
}
# What decides the numbers of a part: code, besides the network of the lesson, and libraries.
CODE = {
    "recipes": ["measure", "recipes", "keras_training", "pytorch_training"],
    "seconds": ["measure", "recipes", "keras_training", "pytorch_training"],
    "ablation": ["measure", "recipes", "keras_training"],
    "budget": ["measure"],
    "lenet": ["measure", "networks"],
}
LIBRARIES = ["keras", "numpy", "tensorflow"]
# Each recipe runs once in a round.
RECIPE_NAMES = [
    "document",
    "accurate",
    "document, split batch",
    "document in PyTorch",
    "train_mnist_fast",
    "fast",
]
SEEDS = 5
RATE_SEED = 5  # whose fold judges the rates, and nothing else
# To try the program: images to learn from, and epochs of the budget, which has 1,000 images anyway.
QUICK_COUNT = 1_000
QUICK_EPOCHS = 1, 2


def list_jobs(part: str, quick: bool = False) -> list[dict]:
    """Return all runs of a part in their order: the step, the name, the seed and other settings.

    An ablation that needs a new rate has none yet.
    """
    jobs = []
    seeds = range(1 if quick else SEEDS)
    if part in ("recipes", "seconds"):
        for seed, name in product(seeds, RECIPE_NAMES):
            jobs.append({"step": part, "name": name, "seed": seed})
    if part == "ablation":
        from study.recipes import ABLATIONS, NEW_RATE, RATES, accurate

        for rate, name in product(RATES[:1] if quick else RATES, NEW_RATE):
            jobs.append({"step": "rates", "name": name, "seed": RATE_SEED, "rate": rate})
        for seed, name in product(seeds, ABLATIONS):
            rate = {} if name in NEW_RATE else {"rate": accurate.rate}
            jobs.append({"step": "ablation", "name": name, "seed": seed} | rate)
    if part == "budget":
        names = "moved images", "moved images and dropout"
        for seed, epochs, name in product(seeds, QUICK_EPOCHS if quick else (20, 60), names):
            jobs.append({"step": "budget", "name": name, "seed": seed, "epochs": epochs})
    if part == "lenet":
        for seed, name in product(seeds, networks.NETWORKS):
            jobs.append({"step": "lenet", "name": name, "seed": seed})
    if quick and part != "budget":
        jobs = [job | {"count": QUICK_COUNT} for job in jobs]
    return jobs


def best_rate(runs: list[dict], name: str) -> float:
    """Return the rate with which *accurate* without a change made the fewest mistakes."""
    tries = [run for run in runs if run["step"] == "rates" and run["name"] == name]
    return min(tries, key=lambda run: run["mistakes"])["rate"]


def measure_alone(job: dict) -> dict:
    """Measure a run of `list_jobs` in a new process."""
    settings = dict(job)
    step = settings.pop("step")
    function = {
        "recipes": measure.measure_recipe,
        "seconds": measure.measure_seconds,
        "rates": measure.measure_ablation,
        "ablation": measure.measure_ablation,
        "budget": measure.measure_budget,
        "lenet": networks.measure_network,
    }[step]
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        numbers = process.submit(function, **settings).result()
    if step == "rates":  # a rate that is far too high misreads nearly all, so only count them
        numbers["mistakes"] = len(numbers["mistakes"])
    return numbers


def describe_circumstances(part: str) -> dict:
    """Return what the numbers of a part depend on: machine, versions, and a digest of the code."""
    cpu = Path("/proc/cpuinfo")  # as on Linux
    text = cpu.read_text() if cpu.exists() else ""
    model = re.search(r"model name\s*: (.*)", text)
    # The digest says whether an interrupted study may go on: see `open_record`. It is of whole
    # files, so another message in model.py changes it, too. Recorded numbers keep their digest.
    files = [ROOT / "study" / f"{module}.py" for module in CODE[part]]
    code = [file.read_text(encoding="utf-8") for file in (*files, ROOT / "helpers" / "model.py")]
    libraries = [*LIBRARIES]
    precision = {"precision": measure.choose_precision()}
    if part in ("recipes", "seconds"):
        libraries.append("torch")
    if part == "budget":
        code.append(measure.read_lesson_functions())
    if part == "lenet":
        code.append((ROOT / "helpers" / "lenet.py").read_text(encoding="utf-8"))
    if part in ("budget", "lenet"):  # which always compute in float32
        precision = {}
    return {
        "system": platform.system(),
        "processor": model[1] if model else platform.processor(),
        "instructions": sorted({*re.findall(r"\b(?:amx|avx)\w*", text)}),
        "cores": os.cpu_count(),
        **precision,
        "python": platform.python_version(),
        "versions": {library: version(library) for library in libraries},
        "code": hashlib.sha256("\n".join(code).encode()).hexdigest(),
    }


def open_record(file: Path, part: str) -> dict:
    """Return what a file of earlier runs holds, or a record without runs if there is no file.

    Raise SystemExit if the earlier runs were made by other code, versions or another machine.
    """
    circumstances = describe_circumstances(part)
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
    write_or_exit(file, json.dumps(head, indent=1)[:-2] + f',\n "runs": [\n{rows}\n ]\n}}\n')


def measure_part(part: str, quick: bool) -> None:
    """Measure the runs of a part that are missing; save after each run."""
    file = BUILD / ("study_quick" if quick else "study") / f"{part}.json"
    record = open_record(file, part)
    runs = record["runs"]

    def is_measured(job: dict) -> bool:
        return any(job.items() <= run.items() for run in runs)

    missing = [job for job in list_jobs(part, quick) if not is_measured(job)]
    for step in STEPS[part]:
        jobs = [job for job in missing if job["step"] == step]
        for job in jobs:
            if "rate" not in job and step == "ablation":
                job["rate"] = best_rate(runs, job["name"])
        # Runs whose time counts have the machine for themselves. Others leave one core to another.
        with ThreadPoolExecutor(1 if part == "seconds" else 2) as pool:
            measured = pool.map(measure_alone, jobs)
            for job in tqdm(jobs, desc=step):
                runs.append(job | next(measured))
                save_record(file, record)
    if not quick:
        lessons_file = LESSONS_FOLDER / file.name
        save_record(lessons_file, record)
        print(f"All {len(runs)} runs are in {lessons_file.relative_to(ROOT)}.")


def main(arguments: list[str] | None = None) -> None:
    """Measure what hasn't been measured yet, part by part."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", help=f"{', '.join(MINUTES)}; all if none is named")
    help_quick = "try the program: each run once, on few images; no number is kept"
    parser.add_argument("--quick", action="store_true", help=help_quick)
    chosen = parser.parse_args(arguments)
    if unknown := {*chosen.part} - {*MINUTES}:
        parser.error(f"there is no part {', '.join(unknown)}: name {', '.join(MINUTES)}")
    parts = [part for part in MINUTES if part in (chosen.part or MINUTES)]
    minutes = QUICK_MINUTES if chosen.quick else sum(MINUTES[part] for part in parts)
    print(
        f"This takes about {minutes} minutes on two quiet cores, and about half of it where they "
        "multiply bfloat16 numbers themselves. This is an estimate."
    )
    print("An interrupt (Ctrl+C) loses the current run only; the same command then goes on.")
    for part in parts:
        measure_part(part, chosen.quick)
    if not chosen.quick:
        from study import report

        report.write_readme()


if __name__ == "__main__":
    main()
