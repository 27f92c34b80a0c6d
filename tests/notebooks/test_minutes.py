"""The minutes that are stated are counted: a reader needs one for 60 words, half of one a cell."""

import re

import nbformat
import pytest

from helpers.files import ROOT
from tools.execute import english_notebooks, four_notebooks

STEP = re.compile(r"^\| (\d+) to (\d+) \| (.*?) \|", re.MULTILINE)
A_DOUBLE_LESSON = 90
LIMITS = {"in_pytorch": 15, "scaling_out": 15} | {path.stem: 55 for path in four_notebooks()}
ROOM = 2  # minutes, for a sentence more or an exercise


def sections(path):
    """Return the minutes of each section of a notebook, its opening under its title."""
    minutes, section = {}, ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            minutes[section] += 1 / 2
            continue
        prose = re.sub("```.*?```", "", cell.source, flags=re.DOTALL)
        for part in re.split("^(?=#)", prose, flags=re.MULTILINE):
            section = part.partition("\n")[0].lstrip("# ") if part.startswith("#") else section
            minutes[section] = minutes.get(section, 0) + len(part.split()) / 60
    return minutes


@pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
def test_minutes_are_counted_and_stated(path):
    counted = sum(sections(path).values())
    assert counted <= LIMITS.get(path.stem, 25)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    stated = re.findall(r"take about (\d+) minutes", path.read_text(encoding="utf-8"))
    stated += re.findall(rf"^\| \[{path.stem}\].*\| (\d+) \|$", readme, re.MULTILINE)
    assert len(stated) == (2 if path in four_notebooks() else 1) and len({*stated}) == 1
    assert abs(int(stated[0]) - counted) <= ROOM, counted


def test_the_plans_for_a_class_leave_each_section_its_minutes():
    """One step after the other, to the end of a double lesson."""
    minutes = {}
    for path in four_notebooks():
        minutes |= sections(path)
    assert sum(minutes.values()) <= 180
    steps, end, lessons = STEP.findall((ROOT / "docs" / "teaching.md").read_text("utf-8")), 0, 0
    for start, until, what in steps:
        planned = what.partition("Slack")[0].partition("Homework")[0]
        needed = sum(minutes.get(name, 0) for name in re.findall(r"\*([^*]+)\*", planned))
        assert int(start) == end and needed <= int(until) - int(start) + ROOM, what
        end, lessons = int(until) % A_DOUBLE_LESSON, lessons + (int(until) == A_DOUBLE_LESSON)
    assert (end, lessons) == (0, 6) and len(steps) > 40
