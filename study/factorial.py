"""What ideas are worth, by a fractional factorial plan: each is on in half of all runs.

    python -m study.factorial [rounds]

So every effect is a mean over all runs. With eight ideas in sixteen recipes (`IDEAS` and `plan` of
recipes.py), none is confounded with another or with a pair of others: resolution IV; G. E. P. Box,
J. S. Hunter, W. G. Hunter, *Statistics for Experimenters*. Runs go into build/study/study.json.
"""

import json
import sys

import numpy as np

from study.recipes import GROUPS, IDEAS
from study.run import RESULT_FILE, Job, carry_out


def effects(runs: dict[str, dict]) -> dict[str, tuple[float, float]]:
    """Return what each idea adds to the accuracy, and the standard error, by least squares.

    `runs` are those of the group `factorial` in a study: by name, the ideas that are on.
    """
    rows = [(name, accuracy) for name, step in runs.items() for accuracy in step["accuracy"]]
    on = np.array([[idea in name.split(", ") for idea in IDEAS] for name, _accuracy in rows])
    plan = np.column_stack([np.ones(len(rows)), on - 0.5])
    measured = np.array([accuracy for _name, accuracy in rows])
    found, squares, *_rest = np.linalg.lstsq(plan, measured, rcond=None)
    variance = squares[0] / (len(rows) - len(found))
    errors = np.sqrt(variance * np.diag(np.linalg.inv(plan.T @ plan)))
    return dict(zip(IDEAS, zip(found[1:], errors[1:], strict=True), strict=True))


def main(rounds: int = 2) -> None:
    """Run the plan so many times, each with a seed of its own, and print the effects."""
    study = json.loads(RESULT_FILE.read_bytes()) if RESULT_FILE.exists() else {"runs": {}}
    todo = [Job("factorial", name, seed) for seed in range(rounds) for name in GROUPS["factorial"]]
    carry_out(todo, study)
    for idea, (gain, error) in effects(study["runs"]["factorial"]).items():
        print(f"{idea:24}{gain:+.5f}, standard error {error:.5f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
