"""Write the quiz: sheets for learners, the right letters, a table, and a file for Moodle.

    python -m teach.quiz [zh_CN]

The source of all is docs/quiz.md. The command writes four files into build/:

    quiz.html         the sheets for learners, to print or to answer in a browser
    quiz_key.html     for teachers: the right letters, and what each answer shows
    quiz.csv          an empty table, into which to type what was answered on paper
    quiz_moodle.txt   the questions for Moodle's question bank, in the format GIFT

In Chinese it also writes a folder, quiz_chaoxing/, with a file of questions for each sheet, which
the platform 学习通 imports.

The command `teach.class_results` reports what a class has answered.
"""

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from jinja2 import Template
from nbconvert.filters import markdown2html

from helpers.common.files import ROOT, write_or_exit
from helpers.common.language import _, current_language, use_language
from helpers.widgets import scripts
from teach import chaoxing, moodle
from teach.tables import add_separator_argument, choose_separator, read_rows, write_table
from tools import add_language_argument, find_translation, print_in_any_encoding
from tools.pages import markdown_page

SOURCE = ROOT / "docs" / "quiz.md"
LETTERS = "abcd"
LETTERS_FILE = ROOT / "teach" / "quiz_letters.json"
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


def quiz_page() -> str:
    """Return the page for learners as Markdown, with a form for each sheet of paper.

    It says nowhere which answers are right, not even in a code, because learners can read the
    source of the page.
    """
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return Template(template).render(
        questions=read_questions(),
        inline=inline_html,
        address=sheet_address,
        dont_know=DONT_KNOW,
        _=_,
    )


def sheet_address(question: Question) -> str:
    """Return the name of the sheet of a question in the address of the page, in any language."""
    if question.form == "C":
        return "quiz-C"
    return f"quiz-{question.form}-{question.name.split()[0]}"


def inline_html(text: str) -> str:
    """Return the HTML of a Markdown text that stands within a line."""
    return markdown2html(text).strip().removeprefix("<p>").removesuffix("</p>")


def key_page() -> str:
    """Return the page for teachers as Markdown: the right letters, and what each answer shows."""
    template = Path(__file__).with_name("quiz_key.jinja").read_text(encoding="utf-8")
    return Template(template).render(questions=read_questions(), inline=inline_html, _=_)


def moodle_file() -> str:
    """Return the questions for Moodle's question bank, with a category for each sheet.

    Forms B and C explain each answer, and form A explains none, because learners meet the same
    question again in form B.
    """
    blocks = []
    questions = sorted(read_questions(), key=lambda question: question.sheet)
    sheets = dict.fromkeys(question.sheet for question in questions)
    for sheet in sheets:
        blocks.append(moodle.category(f"hello-mnist/{sheet}"))
        for question in questions:
            if question.sheet == sheet:
                blocks.append(_moodle_question(question))
    return "\n\n".join(blocks) + "\n"


def _moodle_question(question: Question) -> str:
    """Return one question in Moodle's format GIFT."""
    answers = []
    for letter, text in question.answers.items():
        feedback = inline_html(question.shows[letter]) if question.form != "A" else ""
        answers.append((inline_html(text), letter == question.right, feedback))
    answers.append((_("I don't know."), False, ""))
    name = f"{question.form} {question.name}"
    return moodle.multiple_choice(name, inline_html(question.text), answers)


def chaoxing_files() -> dict[str, str]:
    """Return the questions for the platform 学习通, by the name of each sheet in an address.

    As in Moodle's file, forms B and C explain the answers, and form A explains none.
    """
    sheets = defaultdict(list)
    for question in read_questions():
        sheet = sheets[sheet_address(question)]
        answers = question.answers | {DONT_KNOW: _("I don't know.")}
        explanation = _explain_answers(question) if question.form != "A" else ""
        sheet.append(
            chaoxing.single_choice(
                len(sheet) + 1, question.text, answers, question.right, explanation
            )
        )
    return {name: "\n\n".join(questions) + "\n" for name, questions in sheets.items()}


def _explain_answers(question: Question) -> str:
    """Return what each answer shows, with its letter; the right one comes first."""
    letters = sorted(question.shows, key=lambda letter: (letter != question.right, letter))
    return " ".join(f"{letter.upper()}：{question.shows[letter]}" for letter in letters)


def write_quiz(folder: Path, separator: str = ",") -> None:
    """Write the sheets, the right letters, an empty table and the files for platforms.

    A table that somebody has filled in stays as it is.
    """
    style = (scripts.FOLDER / "quiz" / "quiz.css").read_text(encoding="utf-8")
    script = f'<script type="module">\n{scripts.bundle("quiz/quiz.js")}</script>'
    text = f"{quiz_page()}\n\n<style>\n{style}</style>\n\n{script}"
    sheets = folder / "quiz.html"
    write_or_exit(sheets, markdown_page(text, _("Quiz")))
    print(_("The sheets, to print or to answer in a browser: {path}", path=sheets))
    key = folder / "quiz_key.html"
    write_or_exit(key, markdown_page(key_page(), _("The right letters")))
    print(_("The right letters, for teachers only: {path}", path=key))
    _write_empty_table(folder / "quiz.csv", separator)
    questions = folder / "quiz_moodle.txt"
    write_or_exit(questions, moodle_file())
    print(_("The questions for Moodle, format GIFT: {path}", path=questions))
    if current_language() == chaoxing.LANGUAGE:
        questions = folder / "quiz_chaoxing"
        for name, text in chaoxing_files().items():
            write_or_exit(questions / f"{name}.txt", text)
        print(_("The questions for 学习通, a file for each sheet: {path}", path=questions))


def _write_empty_table(path: Path, separator: str) -> None:
    """Write a table for answers on paper, unless there is one with answers."""
    if _may_have_answers(path):
        message = _(
            "{path} may have answers already, so it stays as it is. If you need an empty table, "
            "give this file another name, and type the command again.",
            path=path,
        )
        print(message)
        return
    names = dict.fromkeys(question.name for question in read_questions())
    write_table(path, [["name", "form", *names]], separator)
    print(_("A table for answers on paper: {path}", path=path))


def _may_have_answers(path: Path) -> bool:
    """Is there a table with more than a row of headings, or a file that can't be read as one?"""
    try:
        return len(read_rows(path)) > 1
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True


def run_command(arguments: list[str] | None = None) -> None:
    """Write the quiz into build/; SystemExit if there is no such language."""
    parser = argparse.ArgumentParser(
        prog="python -m teach.quiz",
        description="Write the quiz into the folder build/: the sheets for learners, the right "
        "letters for teachers, a table for answers on paper, and a file for Moodle. For a language "
        "whose schools use another platform, it also writes files for this platform.",
    )
    add_language_argument(parser)
    add_separator_argument(parser)
    options = parser.parse_args(arguments)
    with use_language(options.language or current_language()):
        write_quiz(ROOT / "build", choose_separator(options.separator))


if __name__ == "__main__":
    print_in_any_encoding()
    run_command()
