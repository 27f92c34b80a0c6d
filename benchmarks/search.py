"""Look for a more accurate recipe on held-out images, every run on record in search.json.

    python -m benchmarks.search [--seeds 5]

Each candidate changes one thing in *accurate*. Candidates take turns, seed after seed, each run in
a process of its own; a run that is on record isn't repeated. 50,000 images train, the other 10,000
judge: no test image is read. The table pairs each candidate with *accurate*, seed by seed.
"""

import argparse
import json

import numpy as np
from scipy.stats import ttest_rel
from tqdm import tqdm

from benchmarks import study
from benchmarks.recipes import CANDIDATES
from helpers.files import ROOT

SEARCH_FILE = ROOT / "benchmarks" / "search.json"


def main(arguments: list[str] | None = None) -> None:
    """Run what is not on record yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 0 (default: 5)")
    options = parser.parse_args(arguments)
    record = {"command": "python -m benchmarks.search", "machine": study.machine(), "runs": []}
    if SEARCH_FILE.exists():
        record = json.loads(SEARCH_FILE.read_text(encoding="utf-8"))
    done = {(run["entrant"], run["seed"]) for run in record["runs"]}
    jobs = [(name, seed) for seed in range(options.seeds) for name in CANDIDATES]
    for name, seed in tqdm([job for job in jobs if job not in done], unit="run"):
        command = ["benchmarks.one", "--held-out", "--seeds", str(seed), "--", name]
        record["runs"] += study.process(command, study.ONE_THREAD_AN_OPERATION) or []
        study.write(record, SEARCH_FILE)
    print(table(record["runs"]))


def table(runs: list[dict]) -> str:
    """Return a line for each candidate: its accuracy, seconds, and gain over *accurate*."""
    accuracy, seconds = {}, {}
    for run in runs:
        accuracy.setdefault(run["entrant"], {})[run["seed"]] = run["accuracy"]
        seconds.setdefault(run["entrant"], []).append(run["seconds"])
    lines = []
    for name, by_seed in accuracy.items():
        line = f"{name:35} {np.mean(list(by_seed.values())):.4f}, {np.median(seconds[name]):.0f} s"
        seeds = by_seed.keys() & accuracy["accurate"].keys()
        if name != "accurate" and len(seeds) > 1:
            ours, theirs = ([of[seed] for seed in seeds] for of in (by_seed, accuracy["accurate"]))
            low, high = ttest_rel(ours, theirs).confidence_interval()
            gain = np.mean(ours) - np.mean(theirs)
            line += f"; gain {gain:+.4f}, 95% interval {low:+.4f} to {high:+.4f} (n = {len(seeds)})"
        lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
