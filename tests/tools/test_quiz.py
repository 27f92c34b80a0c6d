"""The quiz: its source, and what is made of it."""

import re

import nbformat

from tools import quiz
from tools.execute import four_notebooks


def test_the_checks_in_the_notebooks_are_those_of_the_quiz():
    for path in four_notebooks():
        cells = nbformat.read(path, as_version=4).cells
        checks = {cell.id: cell.source for cell in cells if cell.id.startswith("quiz")}
        expected = {
            f"quiz-{number}": f"**Check yourself.** {question.text}\n\n{question.folded()}"
            for number, question in enumerate(quiz.questions()[path.stem], start=1)
            if question.in_notebook
        }
        assert checks == expected, f"these cells of {path.name} aren't as docs/quiz.md has them"


def test_a_sheet_asks_five_questions_and_the_last_has_one_right_answer_to_each():
    *sheets, answers = quiz.sheet().partition("<main>")[2].split("break-before: page")
    assert len(sheets) == 4 and all(sheet.count("☐") == 20 for sheet in sheets)
    assert re.findall(r"\b([1-5])[a-d]\b", answers) == 4 * [*"12345"]
    first = quiz.questions()["01_load"][0]
    assert first.text in sheets[0] and all(shows not in sheets[0] for *_, shows in first.choices)
