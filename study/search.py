"""Look for a better *accurate* and a better *fast* on held-out images, every run on record.

    python -m study.search [--seeds 5]

Each candidate changes one thing. Candidates take turns, seed after seed, each run in a process of
its own; a run that is on record in search.json isn't repeated. 50,000 images train, the other
10,000 judge: no test image is read. The table pairs each candidate with the recipe that it changes,
seed by seed.
"""

import argparse
import json

from tqdm import tqdm

from helpers.records import SEARCH_FILE
from study import report
from study import run as study
from study.recipes import SEARCHES


def main(arguments: list[str] | None = None) -> None:
    """Run what is not on record yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 0 (default: 5)")
    options = parser.parse_args(arguments)
    record = {"command": "python -m study.search", "machine": study.machine(), "runs": []}
    if SEARCH_FILE.exists():
        record = json.loads(SEARCH_FILE.read_text(encoding="utf-8"))
    done = {(run["ladder"], run["entrant"], run["seed"]) for run in record["runs"]}
    seeds = range(options.seeds)
    jobs = [
        (search, name, seed) for seed in seeds for search in SEARCHES for name in SEARCHES[search]
    ]
    for search, name, seed in tqdm([one for one in jobs if one not in done], unit="run"):
        if run := study.process(*study.job(name, seed, ladder=search)):
            record["runs"].append(run)
            study.write(record, SEARCH_FILE)
    for search in SEARCHES:
        print(*("  ".join(row) for row in report.ladder_rows(record, search)), sep="\n")


if __name__ == "__main__":
    main()
