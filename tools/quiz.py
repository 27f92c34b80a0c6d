"""The quiz: docs/quiz.md is the source of a page of the site, and of a sheet to print.

    python -m tools.quiz

It writes the sheet, build/quiz.html. A question that is marked so also stands in a cell of its
notebook, which has the id quiz-1 for the first one, and so on; a test compares the two.
"""

import re
from typing import NamedTuple

from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import ROOT
from tools import pages, write

SOURCE = ROOT / "docs" / "quiz.md"
PRINTED = ROOT / "build" / "quiz.html"
MARK = " *in the notebook*"
ROW = re.compile(r"^\| (\*\*)?(.+?)(?:\*\*)? \| (?!-|what)(.+) \|$", re.MULTILINE)
ON_A_NEW_PAGE = '\n\n<div style="break-before: page"></div>\n\n'


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
    by_notebook = {}
    for section in re.split("^## ", SOURCE.read_text(encoding="utf-8"), flags=re.M)[1:]:
        name, *texts = re.split("^### ", section, flags=re.M)
        asked = by_notebook[name.strip()] = []
        for text in texts:
            rows = zip("abcd", ROW.findall(text), strict=True)
            choices = [(letter, bold != "", *cells) for letter, (bold, *cells) in rows]
            title = text.partition("\n")[0]
            asked.append(Question(title.removesuffix(MARK), choices, title.endswith(MARK)))
    return by_notebook


def page() -> str:
    """Return the site's page as Markdown, with the answers folded."""
    text = "# Quiz\n\nFour choices each, one of them right. Open the one that you choose."
    for name, asked in questions().items():
        text += f"\n\n## [{name}](../notebooks/{name}.ipynb)"
        for number, question in enumerate(asked, start=1):
            text += f"\n\n**{number}.** {question.text}\n\n{question.folded()}"
    return text


def sheet() -> str:
    """Return a page to print: a sheet of paper for each notebook, and one with the answers."""
    text, answers = "", "# Answers"
    for name, asked in questions().items():
        text += f"# {name}"
        answers += f"\n\n**{name}**:"
        for number, (question, choices, _) in enumerate(asked, start=1):
            boxes = "<br>\n".join(f"☐ ({letter}) {answer}" for letter, _, answer, _ in choices)
            text += f"\n\n**{number}.** {question}\n\n{boxes}"
            answers += "".join(f" {number}{letter}" for letter, right, *_ in choices if right)
        text += ON_A_NEW_PAGE
    return pages.page(new_notebook(cells=[new_markdown_cell(text + answers)]), "quiz")


if __name__ == "__main__":
    write(PRINTED, sheet())
    print(f"To print it, open {PRINTED.as_uri()}")
