"""The quiz: docs/quiz.md is the source of a page of the site, a sheet, and checks in the notebooks.

    python -m tools.quiz

It writes the sheet to print into build/quiz.html, and each question that is marked so into the
cell of its notebook that has the id quiz-1 for the first one, and so on.
"""

import re
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import ROOT
from tools import pages, write
from tools.execute import four_notebooks, normal_text

SOURCE = ROOT / "docs" / "quiz.md"
PRINTED = ROOT / "build" / "quiz.html"
MARK = " *in the notebook*"
ROW = re.compile(r"^\| (\*\*)?(.+?)(?:\*\*)? \| (?!-|what)(.+) \|$", re.MULTILINE)
ON_A_NEW_PAGE = '<div style="break-before: page"></div>\n\n'


class Question(NamedTuple):
    """A question, its choices (letter, right or not, answer, what it shows), where it stands."""

    text: str
    choices: list[tuple[str, bool, str, str]]
    in_notebook: bool

    def folded(self) -> str:
        """Return the choices as Markdown: who opens one reads whether it is right, and why."""
        return "\n".join(
            f"<details><summary>({letter}) {answer}</summary>\n\n"
            f"{'Right' if right else 'No'}. {shows}\n</details>"
            for letter, right, answer, shows in self.choices
        )


def questions() -> dict[str, list[Question]]:
    """Return the questions by the names of their notebooks."""
    found = {}
    for section in re.split("^## ", SOURCE.read_text(encoding="utf-8"), flags=re.M)[1:]:
        name, *parts = re.split("^### ", section, flags=re.M)
        asked = found[name.strip()] = []
        for part in parts:
            rows = zip("abcd", ROW.findall(part), strict=True)
            choices = [(letter, bold != "", *texts) for letter, (bold, *texts) in rows]
            text = part.partition("\n")[0]
            asked.append(Question(text.removesuffix(MARK), choices, text.endswith(MARK)))
    return found


def page() -> str:
    """Return the site's page as Markdown, with the answers folded."""
    parts = ["# Quiz\n\nFour choices each, one of them right. Open the one that you choose."]
    for name, asked in questions().items():
        parts.append(f"## [{name}](../notebooks/{name}.ipynb)")
        parts += [f"**{n}.** {one.text}\n\n{one.folded()}" for n, one in enumerate(asked, start=1)]
    return "\n\n".join(parts)


def sheet() -> str:
    """Return a page to print: a sheet of paper for each notebook, and one with the answers."""
    sheets, answers = [], "# Answers"
    for name, asked in questions().items():
        sheets.append(f"# {name}")
        answers += f"\n\n**{name}**:"
        for number, one in enumerate(asked, start=1):
            boxes = "<br>\n".join(f"☐ ({letter}) {answer}" for letter, _, answer, _ in one.choices)
            sheets[-1] += f"\n\n**{number}.** {one.text}\n\n{boxes}"
            answers += "".join(f" {number}{letter}" for letter, right, *_ in one.choices if right)
    cell = new_markdown_cell(f"\n\n{ON_A_NEW_PAGE}".join([*sheets, answers]))
    return pages.page(new_notebook(cells=[cell]), "quiz")


def stamped(notebook: NotebookNode, asked: list[Question]) -> NotebookNode:
    """Put the questions that stand in a notebook into their cells; StopIteration: there's none."""
    for number, one in enumerate(asked, start=1):
        if one.in_notebook:
            cell = next(cell for cell in notebook.cells if cell.get("id") == f"quiz-{number}")
            cell.source = f"**Check yourself.** {one.text}\n\n{one.folded()}"
    return notebook


def main() -> None:
    """Write the checks and the sheet."""
    asked = questions()
    for path in four_notebooks():
        notebook = stamped(nbformat.read(path, as_version=4), asked[path.stem])
        write(path, normal_text(notebook))
    write(PRINTED, sheet())
    print(f"To print it, open {PRINTED.as_uri()}")


if __name__ == "__main__":
    main()
