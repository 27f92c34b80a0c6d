"""Look for a better *accurate* and a better *fast* on held-out images, every run on record.

    python -m study.search [--seeds 5]

A run that is on record in helpers/data/study.json isn't repeated. The table pairs each candidate
with the recipe that it changes, seed by seed.
"""

import argparse

from helpers import records
from study.report import table
from study.run import carry_out, is_recorded, turns

SEARCHES = ("accurate", "fast")


def main(arguments: list[str] | None = None) -> None:
    """Run what is not on record yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 0 (default: 5)")
    seeds, study = parser.parse_args(arguments).seeds, records.study()
    missing = [job for job in turns(SEARCHES, seeds) if not is_recorded(study, job)]
    carry_out(missing, study, records.STUDY_FILE)
    print(table(study, SEARCHES))


if __name__ == "__main__":
    main()
