"""The quiz: docs/quiz.md is the source of a page of the site, and of the same page as a file.

    python -m tools.quiz [zh_CN]

It writes build/quiz.html, to print or to answer, build/quiz_key.html with the right letters, for
teachers, and build/quiz.csv, a table in which to type what was answered on paper. What a class has
answered, `tools.class_results` reports.
"""

import argparse
import base64
import json
import re
from pathlib import Path
from typing import NamedTuple

from jinja2 import Template
from nbconvert.filters import markdown2html
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import ROOT, write_or_exit
from helpers.language import _, current_language, translated_languages, use_language
from helpers.web import scripts
from tools import pages
from tools.tables import write_table

SOURCE = ROOT / "docs" / "quiz.md"
LETTERS = {"A": "abcd", "B": "dcba", "C": "cdab"}  # of a question's four rows, in each form
QUESTION_TEXT = re.compile(r"^- \*\*([ABC])\*\*[:：] ?(.+)", re.MULTILINE)
ROW = re.compile(r"^\| (?!A \||---)(.+) \|$", re.MULTILINE)


class Question(NamedTuple):
    """One question in one form.

    `name` is the lesson with the question's number, and the same in all forms. `sheet` is the
    title of the sheet of paper, and `topic` the question's heading. `answers` has an answer for
    each letter, `shows` what this answer shows, and `right` is the letter of the right answer.
    """

    form: str
    name: str
    sheet: str
    topic: str
    text: str
    answers: dict[str, str]
    shows: dict[str, str]
    right: str


def read_questions() -> list[Question]:
    """Return the questions in the language in use, the forms of each one after the other."""
    translation = SOURCE.with_suffix(f".{current_language().replace('_', '-')}.md")
    path = translation if translation.exists() else SOURCE
    questions = []
    _introduction, *sections = re.split(r"^## (?=\d)", path.read_text("utf-8"), flags=re.MULTILINE)
    for section in sections:
        lesson, *texts = re.split(r"\n+### ", section)
        for text in texts:
            questions += _parse_question(lesson, text)
    return questions


def _parse_question(lesson: str, text: str) -> list[Question]:
    """Return the two or three forms of a question from its text in Markdown.

    Below the heading, the text has a line for each form. A table then has a column of answers for
    each form, and in the last column what each answer shows.
    """
    number, topic = text.partition("\n")[0].split(". ")
    rows = [row.split(" | ") for row in ROW.findall(text)]
    *answers_by_form, explanations = zip(*rows, strict=True)
    questions = []
    forms = zip(QUESTION_TEXT.findall(text), answers_by_form, strict=True)
    for index, ((form, question_text), answers) in enumerate(forms):
        shown = [_explanation(cell, index) for cell in explanations]
        ordered = sorted(zip(LETTERS[form], answers, shown, strict=True))
        (right,) = (letter for letter, answer, _shown in ordered if answer.startswith("**"))
        question = Question(
            form=form,
            name=f"{lesson} {number}",
            sheet=_sheet_title(form, lesson),
            topic=topic,
            text=question_text,
            answers={letter: answer.strip("*") for letter, answer, _shown in ordered},
            shows={letter: explanation for letter, _answer, explanation in ordered},
            right=right,
        )
        questions.append(question)
    return questions


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


def quiz_page() -> str:
    """Return the page for learners as Markdown: a form for each sheet of paper, and no key."""
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return Template(template).render(
        questions=read_questions(),
        inline=_inline_html,
        address=sheet_address,
        encode_explanations=_encode_explanations,
        _=_,
    )


def sheet_address(question: Question) -> str:
    """Return the name of the sheet of a question in the address of the page, in any language."""
    if question.form == "C":
        return "quiz-C"
    return f"quiz-{question.form}-{question.name.split()[0]}"


def _inline_html(text: str) -> str:
    """Return the HTML of a Markdown text that stands within a line."""
    return markdown2html(text).strip().removeprefix("<p>").removesuffix("</p>")


def _encode_explanations(questions: list[Question]) -> str:
    """Return what each answer of a sheet shows, for quiz.js, which says it after an attempt.

    The text is HTML by question and letter, as JSON in base64. So nobody reads it in the page
    before an attempt.
    """
    explanations = {
        question.name: {
            letter: f"{_('Right.') if letter == question.right else _('No.')} {_inline_html(shown)}"
            for letter, shown in question.shows.items()
        }
        for question in questions
    }
    return base64.b64encode(json.dumps(explanations).encode()).decode()


def key_page() -> str:
    """Return the page for teachers as Markdown: the right letters of each sheet of paper."""
    letters = {}
    for question in read_questions():
        letters.setdefault(question.sheet, []).append(f"{question.name}: {question.right}.")
    paragraphs = [f"**{sheet}**\n\n{' '.join(right)}" for sheet, right in sorted(letters.items())]
    return "\n\n".join([f"# {_('The right letters')}", *paragraphs])


def write_quiz(folder: Path) -> None:
    """Write the page with all that it needs, the key, and an empty table, into a folder."""
    style = (scripts.FOLDER / "quiz" / "quiz.css").read_text(encoding="utf-8")
    script = f'<script type="module">\n{scripts.bundle("quiz/quiz.js")}</script>'
    text = f"{quiz_page()}\n\n<style>\n{style}</style>\n\n{script}"
    for name, title, markdown in (
        ("quiz.html", _("Quiz"), text),
        ("quiz_key.html", _("The right letters"), key_page()),
    ):
        notebook = new_notebook(cells=[new_markdown_cell(markdown)])
        write_or_exit(folder / name, pages.notebook_page(notebook, title))
    names = dict.fromkeys(question.name for question in read_questions())
    write_table(folder / "quiz.csv", [["name", "form", *names]])
    print(f"To print, or to answer in a browser: {(folder / 'quiz.html').as_uri()}")
    print(f"The right letters, for teachers: {(folder / 'quiz_key.html').as_uri()}")
    print(f"To type answers into: {folder / 'quiz.csv'}")


def run_command(arguments: list[str] | None = None) -> None:
    """Write the quiz into build/; SystemExit if there is no such language."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    languages = ["en", *translated_languages()]
    parser.add_argument("language", nargs="?", choices=languages)
    options = parser.parse_args(arguments)
    with use_language(options.language or current_language()):
        write_quiz(ROOT / "build")


if __name__ == "__main__":
    run_command()
