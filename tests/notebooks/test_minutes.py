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
    minutes = {path: count(path) for path in four_notebooks()}
    assert sum(minutes.values()) <= 180 and max(minutes.values()) <= 55
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path, counted in minutes.items():
        opener = nbformat.read(path, as_version=4).cells[0].source
        assert f"take about {counted:.0f} minutes" in opener
        assert re.search(rf"^\| \[{path.stem}\].*\| {counted:.0f} \| \[", readme, re.MULTILINE)
