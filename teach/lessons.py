"""What the lessons ask: their exercises, and the cells in which learners guess."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

from helpers.common.language import _, current_language
from helpers.guesses import say_no_guess
from tools import english_notebooks, find_translation
from tools.answers import find_check_calls

EXERCISE_HEADING = re.compile(r"^### .*?\d+ ?[:：] ?(.+)$", re.MULTILINE)
SECTION_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


class Exercise(NamedTuple):
    """An exercise: its number in the lesson, the name of its check, and its title there."""

    number: int
    check: str
    title: str

    @property
    def heading(self) -> str:
        """Return the number and the title, as in "1. read a shape"."""
        return f"{self.number}. {self.title}"


class GuessQuestion(NamedTuple):
    """A cell of a lesson in which learners guess a result.

    `cell` is the id of the cell, `heading` the heading of its section, and `result` the result that
    the lesson's own output states.
    """

    cell: str
    heading: str
    result: str


class Lesson(NamedTuple):
    """The exercises of a lesson, and the cells in which learners guess, in their order."""

    exercises: list[Exercise]
    guess_questions: list[GuessQuestion]

    @property
    def checks(self) -> list[str]:
        """Return the name of each exercise's check."""
        return [exercise.check for exercise in self.exercises]


def read_lessons() -> dict[str, Lesson]:
    """Return the lessons by their names; titles and headings are in the language in use."""
    language = current_language()
    return {
        path.stem: _read_lesson(find_translation(path, language)) for path in english_notebooks()
    }


def _read_lesson(path: Path) -> Lesson:
    """Return the exercises of a notebook, and the cells in which learners guess."""
    lesson = Lesson([], [])
    section = title = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            sections = SECTION_HEADING.findall(cell.source)
            section = sections[-1] if sections else section
            titles = EXERCISE_HEADING.findall(cell.source)
            title = titles[-1] if titles else title
        elif "guesses.compare(" in cell.source:
            question = GuessQuestion(cell.id, section, _printed_result(cell))
            lesson.guess_questions.append(question)
        if "exercise" in cell.metadata.get("tags", []):
            for check, _answer in find_check_calls(cell.source):
                number = len(lesson.exercises) + 1
                known_title = title or _("exercise {number}", number=number)
                lesson.exercises.append(Exercise(number, check, known_title))
            title = ""
    return lesson


def _printed_result(cell: nbformat.NotebookNode) -> str:
    """Return the result that the output of a cell compares a guess with, or "" for none."""
    printed = "".join(output.get("text", "") for output in cell.outputs)
    result = no_guess_pattern().search(printed)
    return result[1] if result else ""


def no_guess_pattern() -> re.Pattern:
    """Return the pattern of a line that says a result and that nobody has guessed it.

    Its group is the result. The line is in the language in use.
    """
    line = re.escape(say_no_guess("RESULT")).replace("RESULT", "(.+)")
    return re.compile(f"^{line}$", re.MULTILINE)
