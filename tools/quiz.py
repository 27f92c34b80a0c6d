"""The quiz: docs/quiz.md is the source of a page of the site, and of the same page as a file.

    python -m tools.quiz [zh_CN]

It writes build/quiz.html, to print or to answer, and build/quiz.csv, a table in which to type
what was answered on paper. What a class has answered, `tools.class_results` reports.
"""

import re
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Template
from nbconvert.filters import markdown2html
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import ROOT, write_or_exit
from helpers.language import _, chosen, use_language
from helpers.web import scripts
from tools import pages
from tools.tables import write_table

SOURCE = ROOT / "docs" / "quiz.md"
LETTERS = {"A": "abcd", "B": "dcba", "C": "cdab"}  # of a question's four rows, in each form
ASKED = re.compile(r"^- \*\*([ABC])\*\*[:：] ?(.+)", re.MULTILINE)
ROW = re.compile(r"^\| (?!A \||---)(.+) \|$", re.MULTILINE)
# In one form: the answers and what each shows by letter, and the letter of the right one.
Question = namedtuple("Question", "form name sheet topic text answers shows right")


def questions() -> Iterator[Question]:
    """Yield the questions, those of two or three forms with one name beside each other."""
    own = SOURCE.with_suffix(f".{chosen().replace('_', '-')}.md")
    source = (own if own.exists() else SOURCE).read_text(encoding="utf-8")
    for section in re.split(r"^## (?=\d)", source, flags=re.M)[1:]:
        lesson, *texts = re.split(r"\n+### ", section)
        sheets = {"A": _("A: {lesson}, before it", lesson=lesson), "C": _("C: weeks later")}
        sheets["B"] = _("B: {lesson}, after it", lesson=lesson)
        for text in texts:
            number, topic = text.partition("\n")[0].split(". ")
            name = f"{lesson} {number}"
            cells = [row.split(" | ") for row in ROW.findall(text)]
            *columns, shown = zip(*cells, strict=True)
            cases = zip(ASKED.findall(text), columns, strict=True)
            for index, ((form, what), column) in enumerate(cases):
                by_form = [cell.split(" / ") for cell in shown]  # one text for each, or for all
                shows = [row[index] if len(row) > 1 else row[0] for row in by_form]
                rows = sorted(zip(LETTERS[form], column, shows, strict=True))
                right = next(letter for letter, answer, _ in rows if answer.startswith("**"))
                answers = {letter: answer.strip("*") for letter, answer, _ in rows}
                shows = {letter: shown_by for letter, _, shown_by in rows}
                yield Question(form, name, sheets[form], topic, what, answers, shows, right)


def page() -> str:
    """Return the page as Markdown: a form for each sheet of paper."""
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return Template(template).render(questions=[*questions()], html=markdown2html, _=_)


def main(folder: Path) -> None:
    """Write the page with all that it needs, and an empty table, into a folder."""
    style = (scripts.FOLDER / "quiz.css").read_text(encoding="utf-8")
    script = f'<script type="module">\n{scripts.bundle("quiz.js")}</script>'
    text = f"{page()}\n\n<style>\n{style}</style>\n\n{script}"
    notebook = new_notebook(cells=[new_markdown_cell(text)])
    write_or_exit(folder / "quiz.html", pages.page(notebook, _("Quiz")))
    names = dict.fromkeys(question.name for question in questions())
    write_table(folder / "quiz.csv", [["name", "form", *names]])
    print(f"To print, or to answer in a browser: {(folder / 'quiz.html').as_uri()}")
    print(f"To type answers into: {folder / 'quiz.csv'}")


if __name__ == "__main__":
    with use_language(*sys.argv[1:2] or [chosen()]):
        main(ROOT / "build")
