"""The minutes that are stated are the same everywhere, and the plans for a class name sections."""

import re

import nbformat
import pytest

from helpers.files import ROOT
from tools import english_notebooks, four_notebooks

STEP = re.compile(r"^\| (\d+) to (\d+) \| (.*?) \|", re.MULTILINE)
A_DOUBLE_LESSON = 90


def stated(path):
    """Return the minutes to read and run a notebook, which its first cell states."""
    opening = nbformat.read(path, as_version=4).cells[0].source
    (minutes,) = re.findall(r"Reading and running take about (\d+) minutes", opening)
    return int(minutes)


def plans():
    """Return the rows of each double lesson in the two plans: their start, end, and sections."""
    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    lessons = []
    for start, end, what in STEP.findall(text):
        if start == "0":
            lessons.append([])
        lessons[-1].append((int(start), int(end), re.findall(r"\*([^*]+)\*", what)))
    return lessons


@pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
def test_readme_and_the_site_state_the_minutes_of_the_notebook(path):
    pages = [ROOT / "README.md", *ROOT.glob("publish/site/index.md")]
    row = rf"/{path.stem}\.ipynb\) .*\W(\d+)(?: minutes\*| \|)$"
    for page in pages if path in four_notebooks() else ():
        found = re.findall(row, page.read_text(encoding="utf-8"), re.MULTILINE)
        assert [*map(int, found)] == [stated(path)], page.name
    assert path in four_notebooks() or stated(path) <= 25


def test_the_plan_for_all_four_leaves_each_notebook_the_minutes_that_a_reader_needs():
    minutes = [*map(stated, four_notebooks())]
    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    assert "about {}, {}, {} and {} minutes to read and run".format(*minutes) in text
    everything = plans()[-len(minutes) :]
    given = [sum(end - start for start, end, names in rows if names) for rows in everything]
    assert given == minutes


def test_the_plans_go_on_to_the_end_of_each_double_lesson_and_name_sections_of_the_notebooks():
    cells = [cell for path in four_notebooks() for cell in nbformat.read(path, 4).cells]
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    sections = set(re.findall("^##+ (.*)", prose, re.MULTILINE))
    assert len(plans()) == 6
    for rows in plans():
        ends = [0, *(end for _start, end, _names in rows)]
        assert [start for start, _end, _names in rows] == ends[:-1]
        assert ends[-1] == A_DOUBLE_LESSON
        named = {name for _start, _end, names in rows for name in names}
        assert named and named <= sections
