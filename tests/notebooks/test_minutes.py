"""The minutes that are stated are counted: a reader needs one for 60 words, half of one a cell."""

import re

import nbformat

from helpers.files import ROOT
from tools.execute import english_notebooks, four_notebooks

CODE = re.compile("```.*?```", re.DOTALL)
STEP = re.compile(r"^\| (\d+) to (\d+) \| (.*?) \|", re.MULTILINE)
A_DOUBLE_LESSON = 90
SHORT = {"in_pytorch": 15, "scaling_out": 15}
ROOM = 2  # minutes, for a sentence more or an exercise


def sections(path):
    """Return the minutes of each section of a notebook, its opening under its title."""
    minutes, section = {}, ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            minutes[section] += 1 / 2
            continue
        for part in re.split("^(?=#)", re.sub(CODE, "", cell.source), flags=re.MULTILINE):
            section = part.partition("\n")[0].lstrip("# ") if part.startswith("#") else section
            minutes[section] = minutes.get(section, 0) + len(part.split()) / 60
    return minutes


def test_minutes_are_counted_and_stated():
    minutes = {path: sum(sections(path).values()) for path in four_notebooks()}
    assert sum(minutes.values()) <= 180 and max(minutes.values()) <= 55
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path, counted in minutes.items():
        opener = nbformat.read(path, as_version=4).cells[0].source
        stated = re.findall(r"take about (\d+) minutes", opener)
        stated += re.findall(rf"^\| \[{path.stem}\].*\| (\d+) \| \[", readme, re.MULTILINE)
        far = [one for one in stated if abs(int(one) - counted) > ROOM]
        assert len({*stated}) == 1 and not far, f"{path.stem} takes {counted:.0f} minutes"


def test_an_optional_lesson_is_short():
    for path in {*english_notebooks()} - {*four_notebooks()}:
        counted, limit = sum(sections(path).values()), SHORT.get(path.stem, 25)
        opener = nbformat.read(path, as_version=4).cells[0].source
        (stated,) = re.findall(r"take about (\d+) minutes", opener)
        assert counted <= limit and abs(int(stated) - counted) <= ROOM, path.stem


def test_the_plans_for_a_class_leave_each_section_its_minutes():
    """One step after the other, to the end of a double lesson."""
    minutes = {}
    for path in four_notebooks():
        minutes |= sections(path)
    steps, end, lessons = STEP.findall((ROOT / "docs" / "teaching.md").read_text("utf-8")), 0, 0
    for start, until, what in steps:
        planned = what.partition("Slack")[0].partition("Homework")[0]
        needed = sum(minutes.get(name, 0) for name in re.findall(r"\*([^*]+)\*", planned))
        assert int(start) == end and needed <= int(until) - int(start) + ROOM, what
        end, lessons = int(until) % A_DOUBLE_LESSON, lessons + (int(until) == A_DOUBLE_LESSON)
    assert (end, lessons) == (0, 6) and len(steps) > 40
