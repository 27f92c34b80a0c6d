"""The minutes that are stated are counted: a reader needs one for 60 words, half of one a cell."""

import re
import warnings

import nbformat
import pytest

from helpers.files import ROOT
from tools import english_notebooks, four_notebooks

STEP = re.compile(r"^\| (\d+) to (\d+) \| (.*?) \| (.*?) \|", re.MULTILINE)
A_DOUBLE_LESSON = 90
OF_THE_FOUR = 180  # ours: a fork may take more, and is told
ROOM = 2  # minutes, for a sentence more or an exercise
TOO_LONG = "{}: {:.1f} minutes to read and run, more than {}; say so to those who teach it"


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
    pages = path, ROOT / "README.md", *ROOT.glob("publish/site/index.md")
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    says = rf"(?:take about |/{path.stem}\.ipynb\) .*\W)(\d+)(?: minutes| \|)"
    stated = re.findall(says, text)
    assert len({*stated}) == 1 and len(stated) > (path in four_notebooks()), stated
    limit = 55 if path in four_notebooks() else min(25, int(stated[0]))
    if counted > limit:
        warnings.warn(TOO_LONG.format(path.stem, counted, limit), stacklevel=1)
    told = f"{path.stem} takes {counted:.1f} minutes; it, README.md and the site say {stated[0]}"
    assert abs(int(stated[0]) - counted) <= ROOM, told


def test_the_plans_for_a_class_leave_each_section_its_minutes_and_one_a_prediction():
    """One step after the other, to the end of a double lesson."""
    minutes = {}
    for path in four_notebooks():
        minutes |= sections(path)
    total = sum(sum(sections(path).values()) for path in four_notebooks())
    if total > OF_THE_FOUR:
        warnings.warn(TOO_LONG.format("the four", total, OF_THE_FOUR), stacklevel=1)
    steps, end, lessons = STEP.findall((ROOT / "docs" / "teaching.md").read_text("utf-8")), 0, 0
    for start, until, what, predicted in steps:
        names = re.findall(r"\*([^*]+)\*", re.split("Slack|Homework", what)[0])
        for name in names[:1]:  # what the first plan asks there, the second asks as well
            minutes[name] += predicted.count("?")
        needed, given = sum(minutes[name] for name in names), int(until) - int(start)
        assert int(start) == end and needed <= given + ROOM, f"{what}: {needed:.1f} minutes"
        end, lessons = int(until) % A_DOUBLE_LESSON, lessons + (int(until) == A_DOUBLE_LESSON)
    assert (end, lessons) == (0, 6) and len(steps) > 40
