"""The quiz: docs/quiz.md is the source of a page of the site, and of the same page as a file.

    python -m tools.quiz [zh_CN]

It writes build/quiz.html, to print or to answer, and build/quiz.csv, a table in which to type
what was answered on paper. What a class has answered, `tools.class_results` reports.
"""

import csv
import re
import sys
from collections import Counter, defaultdict, namedtuple
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jinja2 import Template
from nbconvert.filters import markdown2html
from nbformat.v4 import new_markdown_cell, new_notebook
from scipy.stats import ttest_rel

from helpers.files import ROOT
from helpers.language import _, chosen, using
from helpers.web import scripts
from tools import pages, write

SOURCE = ROOT / "docs" / "quiz.md"
MOST = 1_000_000  # bytes of a file of answers
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
    write(folder / "quiz.html", pages.page(notebook, _("Quiz")))
    names = dict.fromkeys(question.name for question in questions())
    write(folder / "quiz.csv", ",".join(["name", "form", *names]) + "\n")
    print(f"To print, or to answer in a browser: {(folder / 'quiz.html').as_uri()}")
    print(f"To type answers into: {folder / 'quiz.csv'}")


def read(folder: Path, questions: list[Question]) -> dict[tuple[str, str, str], str]:
    """Return letters, or "", by learner, form and question, of sheets with a letter at least.

    Of two sheets of a kind, the file with the shorter name counts: browsers save it first.
    """
    given = {}
    csv.field_size_limit(MOST)  # a whole file may be one
    for path in sorted(folder.rglob("*.csv"), key=lambda path: (len(path.name), path)):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST:
            continue
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        lines = text.replace("\0", "").splitlines()
        delimiter = ";" if ";" in "".join(lines[:1]) else ","  # spreadsheets write either
        for number, row in enumerate(csv.DictReader(lines, delimiter=delimiter), start=2):
            cells = {column: str(cell or "").strip().lower() for column, cell in row.items()}
            # Letters and digits alone, so that nothing in a name is a sign of Markdown.
            name = " ".join(re.findall(r"[^\W_]+", cells.get("name", ""))) or f"line {number}"
            asked = [item for item in questions if item.form.lower() == cells.get("form")]
            sheets = {item.sheet for item in asked if cells.get(item.name) in item.answers}
            for item in (item for item in asked if item.sheet in sheets):
                letter = cells[item.name] if cells.get(item.name) in item.answers else ""
                given.setdefault((name, item.form, item.name), letter)
    return given


def report(folder: Path) -> dict:
    """Return what a class gains, and how many gave each letter to each question."""
    asked = [*questions()]
    given, rows = read(folder, asked), []
    for item in asked:
        letters = Counter(given[key] for key in given if key[1:] == (item.form, item.name))
        rows += [{"question": item, "letters": letters}] if letters else []
    return {"rows": rows, "gains": [gain(given, asked, forms) for forms in ("AB", "BC")]}


def gain(given: dict, questions: list[Question], forms: str) -> dict:
    """Return each learner's shares right in two forms, and the interval of the mean gain.

    Of each learner, the questions count that are answered in both forms.
    """
    right, hits = {(item.form, item.name): item.right for item in questions}, defaultdict(list)
    for learner, form, name in given:
        if form == forms[1] and (learner, forms[0], name) in given:
            hits[learner].append([given[learner, of, name] == right[of, name] for of in forms])
    shares = 100 * np.reshape([np.mean(pairs, axis=0) for pairs in hits.values()], (-1, 2))
    before, after = shares.T
    interval = ttest_rel(after, before).confidence_interval() if len(shares) > 2 else None
    alone = {learner for learner, form, _ in given if form in forms} - hits.keys()
    return {"forms": forms, "shares": shares, "interval": interval, "alone": sorted(alone)}


if __name__ == "__main__":
    with using(*sys.argv[1:2] or [chosen()]):
        main(ROOT / "build")
