"""The questions of the quiz, as docs/quiz.md has them."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from nbconvert.filters import markdown2html

from helpers.common.files import ROOT
from helpers.common.language import _, current_language
from tools import find_translation

SOURCE = ROOT / "docs" / "quiz.md"
LETTERS = "abcd"
LETTERS_FILE = Path(__file__).with_name("quiz_letters.json")
DONT_KNOW = "e"  # the letter of the answer "I don't know", which each question has besides
QUESTION_TEXT = re.compile(r"^- \*\*([ABC])\*\*[:：] ?(.+)", re.MULTILINE)
MISCONCEPTION = re.compile(r"\*([^*]+?)\.?\*")  # at the beginning of what an answer shows
ROW = re.compile(r"^\| (?!A \||---)(.+) \|$", re.MULTILINE)


class Question(NamedTuple):
    """One question in one form.

    `name` is the lesson with the question's number, and the same in all forms. `sheet` is the
    title of the sheet of paper, and `topic` the question's heading. `answers` has an answer for
    each of LETTERS, `shows` what this answer shows, and `right` is the letter of the right answer.
    `in_notebook` says whether form A is in the notebook as well.
    """

    form: str
    name: str
    sheet: str
    topic: str
    text: str
    answers: dict[str, str]
    shows: dict[str, str]
    right: str
    in_notebook: bool


def read_questions() -> list[Question]:
    """Return the questions in the language in use, the forms of each one after the other."""
    questions = []
    _introduction, *sections = _read_source()
    for section in sections:
        lesson, *texts = re.split(r"\n+### ", section)
        for text in texts:
            questions += _parse_question(lesson, text)
    return questions


def read_misconceptions() -> list[str]:
    """Return the names of the misconceptions in the language in use, from the table of the page."""
    introduction = _read_source()[0]
    table = introduction.rpartition("\n## ")[2]
    _header, *names = [row.partition(" | ")[0] for row in ROW.findall(table)]
    return names


def misconception_of(shown: str) -> str:
    """Return the misconception that an answer shows, or "", from the text of what it shows."""
    match = MISCONCEPTION.match(shown)
    return match[1] if match else ""


def _read_source() -> list[str]:
    """Return the text of the page in the language in use: the introduction, and each lesson."""
    path = find_translation(SOURCE, current_language())
    return re.split(r"^## (?=\d)", path.read_text("utf-8"), flags=re.MULTILINE)


def _parse_question(lesson: str, text: str) -> list[Question]:
    """Return the two or three forms of a question from its text in Markdown.

    Below the heading, the text has a line for each form. A table then has a column of answers for
    each form, and in the last column what each answer shows.
    """
    number, _stop, heading = text.partition("\n")[0].partition(". ")
    name = f"{lesson} {number}"
    topic, _mark, in_notebook = heading.partition(" *")
    rows = [row.split(" | ") for row in ROW.findall(text)]
    *answers_by_form, explanations = zip(*rows, strict=True)
    questions = []
    forms = zip(QUESTION_TEXT.findall(text), answers_by_form, strict=True)
    for index, ((form, question_text), answers) in enumerate(forms):
        (right_row,) = (row for row, answer in enumerate(answers) if answer.startswith("**"))
        shown = [_explanation(cell, index) for cell in explanations]
        letters = order_answers(form, name)
        ordered = sorted(zip(letters, answers, shown, strict=True))
        question = Question(
            form=form,
            name=name,
            sheet=_sheet_title(form, lesson),
            topic=topic,
            text=question_text,
            answers={letter: answer.strip("*") for letter, answer, _shown in ordered},
            shows={letter: explanation for letter, _answer, explanation in ordered},
            right=letters[right_row],
            in_notebook=bool(in_notebook),
        )
        questions.append(question)
    return questions


def order_answers(form: str, name: str) -> list[str]:
    """Return the letter of each row of a question's table on the sheet of a form.

    Form A has the order of the rows. The orders of the other forms stand in `LETTERS_FILE`. They
    look random, so that nobody can work out the right letters of one sheet from another, and each
    letter is right about as often as the others. The file must not change the order of a question
    that was used, because letters that somebody typed last month have to keep their meaning. `name`
    is the lesson with the question's number. Raises ValueError if the file doesn't have it.
    """
    if form == "A":
        return [*LETTERS]
    orders = json.loads(LETTERS_FILE.read_text(encoding="utf-8"))
    key = f"{form} {name}"
    if sorted(orders.get(key, "")) != [*LETTERS]:
        raise ValueError(
            f'{LETTERS_FILE.name} has no line for "{key}" with the letter of each row of its '
            f'table. Add one, such as "{key}": "bdac".'
        )
    return [*orders[key]]


def _explanation(cell: str, index: int) -> str:
    """Return what an answer shows: a cell has one text for each form, or one for all."""
    texts = cell.split(" / ")
    return texts[index] if len(texts) > 1 else texts[0]


def _sheet_title(form: str, lesson: str) -> str:
    """Return the title of the sheet of paper on which a form of a lesson stands."""
    if form == "A":
        return _("A: {lesson}, before it", lesson=lesson)
    if form == "B":
        return _("B: {lesson}, after it", lesson=lesson)
    return _("C: weeks later")


def sheet_address(question: Question) -> str:
    """Return the name of the sheet of a question in the address of the page, in any language."""
    if question.form == "C":
        return "quiz-C"
    return f"quiz-{question.form}-{question.name.split()[0]}"


def inline_html(text: str) -> str:
    """Return the HTML of a Markdown text that stands within a line."""
    return markdown2html(text).strip().removeprefix("<p>").removesuffix("</p>")
