"""The quiz: its source, and what is made of it."""

import re

import nbformat

from tools import quiz
from tools.execute import four_notebooks


def test_each_notebook_has_five_questions_with_one_right_answer_each():
    asked = quiz.questions()
    assert [*asked] == [path.stem for path in four_notebooks()]
    assert {len(questions) for questions in asked.values()} == {5}
    every = [question for questions in asked.values() for question in questions]
    right = [[letter for letter, right, *_ in question.choices if right] for question in every]
    assert {len(letters) for letters in right} == {1}


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


def test_the_sheet_asks_and_answers_on_sheets_apart():
    *sheets, answers = quiz.sheet().partition("<main>")[2].split("break-before: page")
    assert len(sheets) == 4 and all(sheet.count("☐") == 20 for sheet in sheets)
    assert len(re.findall(r"\b[1-5][a-d]\b", answers)) == 20
    first = quiz.questions()["01_load"][0]
    assert first.text in sheets[0] and all(shows not in sheets[0] for *_, shows in first.choices)
