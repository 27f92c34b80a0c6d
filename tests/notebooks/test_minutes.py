"""The minutes that a notebook states are the same on each page that states them."""

import re

import nbformat
import pytest

from helpers.common.files import ROOT
from tools import english_notebooks, four_notebooks


def stated(path):
    """Return the minutes to read and run a notebook, which its first cell states."""
    opening = nbformat.read(path, as_version=4).cells[0].source
    (minutes,) = re.findall(r"Reading and running take about (\d+) minutes", opening)
    return int(minutes)


@pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
def test_readme_and_the_site_state_the_minutes_of_the_notebook(path):
    pages = [ROOT / "README.md", *ROOT.glob("publish/site/index.md")]
    row = rf"/{path.stem}\.ipynb\) .*\W(\d+)(?: minutes\*| \|)$"
    for page in pages if path in four_notebooks() else ():
        found = re.findall(row, page.read_text(encoding="utf-8"), re.MULTILINE)
        assert [*map(int, found)] == [stated(path)], page.name
    assert path in four_notebooks() or stated(path) <= 25


def test_the_guide_for_teachers_states_the_minutes_of_the_notebooks():
    minutes = [*map(stated, four_notebooks())]
    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    assert "about {}, {}, {} and {} minutes to read and run".format(*minutes) in text
