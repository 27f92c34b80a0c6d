"""Wrong answers that learners often give, and what each of them reveals.

The tables on the sheets in docs/lessons/ are their source.
"""

import ast
import re
from functools import cache
from pathlib import Path

from helpers.common.files import ROOT
from helpers.common.language import current_language
from tools import find_translation

SHEETS = ROOT / "docs" / "lessons"
# A row of the table: the number of the exercise, the answer, and what it reveals.
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
TUPLE_OR_NUMBER = re.compile(r"\(.+?\)|-?\d(?:[\d,.]*\d)?")


def known_answers(lesson: str, exercise: int) -> list[tuple[str, str]]:
    """Return wrong answers to an exercise of a lesson, and what each of them reveals.

    `lesson` is the name of a notebook, such as "01_load", and `exercise` a number from 1. An answer
    is the text of a number or of a tuple of numbers in Python. What it reveals is in the language
    in use. An optional lesson has no sheet, and so no known answers.
    """
    answers = []
    for texts, meaning in rows_about_exercise(lesson, exercise):
        if "`" not in texts:  # where an answer names code, the numbers beside it are no answers
            for answer in TUPLE_OR_NUMBER.findall(texts):
                is_tuple = answer.startswith("(")
                answers.append((answer if is_tuple else answer.replace(",", ""), meaning))
    return answers


def rows_about_exercise(lesson: str, exercise: int) -> list[tuple[str, str]]:
    """Return the rows of the table on an exercise as they stand: wrong answers, and their meaning.

    The arguments are those of `known_answers`. The texts are Markdown, in the language in use.
    """
    number = lesson.partition("_")[0].lstrip("0")
    path = find_translation(SHEETS / f"lesson_{number}.md", current_language())
    text = _read_sheet(path) if path.exists() else ""
    if f"/{lesson}.ipynb)" not in text:  # the sheet of a lesson links to its notebook
        return []
    return [(texts, meaning) for row, texts, meaning in ROW.findall(text) if int(row) == exercise]


@cache
def _read_sheet(path: Path) -> str:
    """Return the text of a sheet, which is asked for with each wrong answer of a class."""
    return path.read_text(encoding="utf-8")


def explain_wrong_answer(lesson: str, exercise: int, answer: str) -> str:
    """Return what a wrong answer reveals, or "" if that isn't known.

    `answer` is its text in Python. A number is known if it rounds to the number on the sheet.
    """
    try:
        value = ast.literal_eval(answer)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return ""
    for known, meaning in known_answers(lesson, exercise):
        if _is_known(value, known):
            return meaning
    return ""


def _is_known(value: object, known: str) -> bool:
    """Is a value the known tuple, or a number that rounds to the known one?"""
    if known.startswith("("):
        return isinstance(value, (tuple, list)) and tuple(value) == ast.literal_eval(known)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    decimals = len(known.partition(".")[2])
    return round(value, decimals) == float(known)
