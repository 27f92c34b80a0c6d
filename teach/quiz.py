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
from pathlib import Path

from jinja2 import Template

from helpers.common.files import ROOT
from helpers.common.language import _, current_language, use_language
from helpers.widgets import scripts
from teach.exports import CHAOXING_LANGUAGE, chaoxing_files, moodle_file
from teach.quiz_questions import DONT_KNOW, inline_html, read_questions, sheet_address
from teach.tables import add_separator_argument, choose_separator, read_rows, write_table
from tools import add_language_argument
from tools.commands import start_command, write_or_exit
from tools.pages import markdown_page


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


def key_page() -> str:
    """Return the page for teachers as Markdown: the right letters, and what each answer shows."""
    template = Path(__file__).with_name("quiz_key.jinja").read_text(encoding="utf-8")
    return Template(template).render(questions=read_questions(), inline=inline_html, _=_)


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
    write_or_exit(questions, moodle_file(read_questions()))
    print(_("The questions for Moodle, format GIFT: {path}", path=questions))
    if current_language() == CHAOXING_LANGUAGE:
        questions = folder / "quiz_chaoxing"
        for name, text in chaoxing_files(read_questions()).items():
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
    start_command(run_command)
