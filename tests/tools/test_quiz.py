"""The quiz: its source, and what is made of it."""

import re

import nbformat

from tools import quiz
from tools.execute import four_notebooks


def test_each_notebook_has_five_questions_with_one_right_answer_each():
    asked = quiz.questions()
    assert [*asked] == [path.stem for path in four_notebooks()]
    for found in asked.values():
        assert len(found) == 5 and 2 <= sum(one.in_notebook for one in found) <= 3
        assert all([right for _, right, *_ in one.choices].count(True) == 1 for one in found)
    places = [next(c[0] for c in one.choices if c[1]) for found in asked.values() for one in found]
    assert all(3 <= places.count(letter) <= 7 for letter in "abcd")  # no place is worth a guess


def test_the_checks_in_the_notebooks_are_those_of_the_quiz():
    """`python -m tools.quiz` writes them there."""
    for path in four_notebooks():
        notebook, asked = nbformat.read(path, as_version=4), quiz.questions()[path.stem]
        marked = [f"quiz-{n}" for n, one in enumerate(asked, start=1) if one.in_notebook]
        assert [cell.id for cell in notebook.cells if cell.id.startswith("quiz")] == marked
        sources = [cell.source for cell in notebook.cells]
        assert sources == [cell.source for cell in quiz.stamped(notebook, asked).cells], path.name


def test_the_sheet_asks_and_answers_on_sheets_apart():
    *sheets, answers = quiz.sheet().partition("<main>")[2].split("break-before: page")
    assert len(sheets) == 4 and all(sheet.count("☐") == 20 for sheet in sheets)
    assert len(re.findall(r"\b[1-5][a-d]\b", answers)) == 20
    first = quiz.questions()["01_load"][0]
    assert first.text in sheets[0] and all(shows not in sheets[0] for *_, shows in first.choices)
    assert quiz.page().count("<details>") == quiz.page().count("</details>") == 80
