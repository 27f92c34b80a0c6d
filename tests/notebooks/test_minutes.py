"""The minutes that are stated are counted: a reader needs one for 60 words, half of one a cell."""

import re

import nbformat

from helpers.files import ROOT
from tools.execute import four_notebooks


def count(path):
    """Return the minutes that a notebook takes, its exercises included."""
    cells = nbformat.read(path, as_version=4).cells
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    words = sum(len(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split()) for text in prose)
    return words / 60 + sum(cell.cell_type == "code" for cell in cells) / 2


def test_minutes_are_counted_and_stated():
    """With room for a sentence or an exercise more; the second number is that of the README."""
    minutes = {path: count(path) for path in four_notebooks()}
    assert sum(minutes.values()) <= 190 and max(minutes.values()) <= 58
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path, counted in minutes.items():
        opener = nbformat.read(path, as_version=4).cells[0].source
        stated = re.findall(r"take about (\d+) minutes", opener)
        stated += re.findall(rf"^\| \[{path.stem}\].*\| (\d+) \| \[", readme, re.MULTILINE)
        far = [one for one in stated if abs(int(one) - counted) > 3]
        assert len({*stated}) == 1 and not far, f"{path.stem} takes {counted:.0f} minutes"
