"""The quiz: docs/quiz.md is the source of a page of the site, and of the same page as a file.

    python -m tools.quiz [zh_CN]

It writes the file, build/quiz.html, to print or to answer, and build/quiz.csv, a table in
which to type what was answered on paper.
"""

import re
import sys
from collections import namedtuple
from pathlib import Path

from jinja2 import Template
from nbconvert.filters import markdown2html
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import ROOT
from helpers.language import _, chosen, using
from helpers.web import scripts
from tools import pages, write

SOURCE = ROOT / "docs" / "quiz.md"
LETTERS = {"A": "abcd", "B": "dcba", "C": "cdab"}  # of a question's four rows, in each form
ASKED = re.compile(r"^- \*\*([ABC])\*\*[:：] ?(.+)", re.MULTILINE)
ROW = re.compile(r"^\| (?!A \||---)(.+) \|$", re.MULTILINE)
# In one form: the answers and what each shows by letter, and the letter of the right one.
Question = namedtuple("Question", "form name sheet topic text answers shows right")


def questions() -> list[Question]:
    """Return the questions, those of two or three forms with one name beside each other."""
    own = SOURCE.with_suffix(f".{chosen().replace('_', '-')}.md")
    source = (own if own.exists() else SOURCE).read_text(encoding="utf-8")
    head = {"A": _("A: {lesson}, before it"), "B": _("B: {lesson}, after it")}
    head["C"] = _("C: weeks later")
    asked = []
    for section in re.split(r"^## (?=\d)", source, flags=re.M)[1:]:
        lesson, *texts = re.split("^### ", section, flags=re.M)
        for text in texts:
            number, topic = text.partition("\n")[0].split(". ")
            name = f"{lesson.strip()} {number}"
            cells = [row.split(" | ") for row in ROW.findall(text)]
            *columns, shown = zip(*cells, strict=True)
            cases = zip(ASKED.findall(text), columns, strict=True)
            for place, ((form, what), column) in enumerate(cases):
                parts = [cell.split(" / ") for cell in shown]  # one for each form, or for all
                shows = [part[place] if len(part) > 1 else part[0] for part in parts]
                rows = sorted(zip(LETTERS[form], column, shows, strict=True))
                right = next(letter for letter, answer, _ in rows if answer.startswith("**"))
                answers = {letter: answer.strip("*") for letter, answer, _ in rows}
                shows = {letter: shown_by for letter, _, shown_by in rows}
                sheet = head[form].format(lesson=lesson.strip())
                asked.append(Question(form, name, sheet, topic, what, answers, shows, right))
    return asked


def page() -> str:
    """Return the page as Markdown: a form for each sheet of paper."""
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return Template(template).render(questions=questions(), html=markdown2html, _=_)


def main(folder: Path) -> None:
    """Write the page with all that it needs, and an empty table, into a folder."""
    style = (scripts.FOLDER / "quiz.css").read_text(encoding="utf-8")
    script = f'<script type="module">\n{scripts.bundle("quiz.js")}saveAnswers();\n</script>'
    text = f"{page()}\n\n<style>\n{style}</style>\n\n{script}"
    notebook = new_notebook(cells=[new_markdown_cell(text)])
    write(folder / "quiz.html", pages.page(notebook, _("Quiz")))
    names = dict.fromkeys(question.name for question in questions())
    write(folder / "quiz.csv", ",".join(["name", "form", *names]) + "\n")
    print(f"To print, or to answer in a browser: {(folder / 'quiz.html').as_uri()}")
    print(f"To type answers into: {folder / 'quiz.csv'}")


if __name__ == "__main__":
    with using(*sys.argv[1:2] or [chosen()]):
        main(ROOT / "build")
