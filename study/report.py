"""What a study has found, as lines of text."""

from collections.abc import Iterable, Iterator

import numpy as np

from helpers import records
from helpers.evaluation import mean_interval


def table(study: dict, groups: Iterable[str]) -> str:
    """Return a line for each entrant and step in these groups of a study, where they are there."""
    rows = [row for group in groups if group in study["runs"] for row in _rows(study, group)]
    if len(programs := study["programs"]) == 2:
        ratios = records.ratios(*(program["seconds"] for program in programs.values()))
        rows.append((" / ".join(programs), _range(ratios)))
    width = max((len(name) for name, _said in rows), default=0)
    return "\n".join(f"{name:{width}}  {said}" for name, said in rows)


def _rows(study: dict, group: str) -> Iterator[tuple[str, str]]:
    for name, runs in records.ladder(study, group).items():
        accuracy = runs["accuracy"][~np.isnan(runs["accuracy"])]
        said = f"{_range(runs['seconds'])} s"
        said += f", cold {_range(runs['cold'])} s" if group == "finished" else ""
        said += (
            f"; accuracy {accuracy.mean():.4f}, lowest {accuracy.min():.4f}, n = {len(accuracy)}"
        )
        if len(gain := runs.get("gain", ())) > 1:
            low, high = mean_interval(gain)
            said += f"; over {runs['over']}: {gain.mean():+.4f} ({low:+.4f} to {high:+.4f})"
        yield f"{group}: {name}", said


def _range(values: np.ndarray) -> str:
    values = values[~np.isnan(values)]
    if not values.size:
        return "?"
    middle, low, high = (f"{of(values):.2f}" for of in (np.median, np.min, np.max))
    return f"{middle} ({low} to {high})"
