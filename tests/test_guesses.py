"""What a learner reads when a guess stands beside a result."""

from unittest.mock import Mock

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from helpers import guesses
from helpers.common.files import ROOT
from tests.cells import code_cells
from tests.marks import find_unmarked_words, speak_in_marks
from tools import all_notebooks
from tools.execute import execute_notebook


@pytest.fixture(autouse=True)
def no_guesses_so_far(monkeypatch):
    monkeypatch.setattr(guesses, "_comparisons", {})


@pytest.mark.parametrize(
    ("guess", "result", "sentence"),
    [
        (..., 0.7202, "No guess yet. The result is 0.72."),
        (None, 0.7202, "No guess yet. The result is 0.72."),
        (0.95, np.float32(0.72), "You guessed 0.95. The result is 0.72."),
        (95, np.float64(0.97119), "You guessed 95. The result is 0.971."),
        (2, np.log(10), "You guessed 2. The result is 2.3."),
        (100_000, np.int64(104_202), "You guessed 100,000. The result is 104,202."),
        (1e5, 29_066.4, "You guessed 100,000. The result is 29,066."),
        (999.7, 0.00012345, "You guessed 1,000. The result is 0.000123."),
        (0.0, 1e-9, "You guessed 0. The result is 1e-09."),
        (-0.0, -1e-20 * 0, "You guessed 0. The result is 0."),
        (-1.5, float("nan"), "You guessed -1.5. The result is nan."),
        ("larger", "smaller", 'You guessed "larger". The result is "smaller".'),
        (7, np.uint8(3), "You guessed 7. The result is 3."),
        ([28, 28], (60000, 28, 28), "You guessed (28, 28). The result is (60000, 28, 28)."),
        ((5,), np.zeros(3).shape, "You guessed (5,). The result is (3,)."),
        (True, 0.5, "You guessed True. The result is 0.5."),
        (10**20, 3, "You guessed 100,000,000,000,000,000,000. The result is 3."),
        (-(10**70), 3, "You guessed -1.00e+70. The result is 3."),
        ("a\n b" + 100 * "c", 5, f'You guessed "a b{57 * "c"}…". The result is 5.'),
    ],
)
def test_a_guess_stands_beside_the_result_as_one_would_write_them(guess, result, sentence, capsys):
    guesses.compare(guess, result)
    assert capsys.readouterr().out == f"{sentence}\n"


ODD = [object(), {}, {1}, [[1], [1, 2]], [], 1j, 10**5000, b"x", np.zeros((2, 2)), float, 10**20]
ODD += [np.array(["a"]), Mock(side_effect=StopIteration), np.zeros(10**6), ["a", 1], 1e308, -np.inf]


@pytest.mark.parametrize("guess", ODD, ids=lambda guess: type(guess).__name__)
def test_no_guess_raises_an_error_and_the_result_is_shown(guess, capsys, monkeypatch):
    speak_in_marks("xx", monkeypatch)
    guesses.compare(guess, 0.72)
    out = capsys.readouterr().out
    assert out.count("\n") <= 2 and "0.72" in out and len(out) < 300
    kind = type(guess).__name__
    assert find_unmarked_words(out.replace(kind, "").replace("inf", "")) == []


def test_a_result_that_cannot_be_shown_is_an_error_for_who_writes_the_cell():
    with pytest.raises(ValueError, match="a dict is no number"):
        guesses.compare(..., {})


def test_more_digits_are_shown_where_they_are_asked_for(capsys):
    guesses.compare(0.99, 0.99142, digits=4)
    assert capsys.readouterr().out == "You guessed 0.99. The result is 0.9914.\n"


COMMA = "Python reads numbers with a comma between them as a tuple of several numbers. "
COMMA += "Write thousands without a comma, as in 5000, and decimals with a point, as in 0.5.\n"


def test_a_number_with_a_comma_is_explained(capsys):
    # As Python reads 5,000, 16,981,120 and 0,95.
    for guess in [(5, 0), (16, 981, 120), (0, 95)]:
        guesses.compare(guess, 5421)
        assert capsys.readouterr().out == f"You guessed {guess}. The result is 5,421.\n{COMMA}"


@pytest.mark.parametrize("guess", [[5, 0], (0.5, 0.6), (5,), np.array([1, 2])], ids=str)
def test_several_numbers_in_place_of_one_are_explained(guess, capsys):
    guesses.compare(guess, 5421)
    sentence = "The result is 5,421.\nWrite a single number as your guess.\n"
    assert capsys.readouterr().out.endswith(sentence)


@pytest.mark.parametrize(("guess", "result"), [((5, 0), (28, 28)), ((5, 0), "fewer")])
def test_numbers_are_not_explained_where_the_result_is_no_single_number(guess, result, capsys):
    guesses.compare(guess, result)
    assert capsys.readouterr().out.count("\n") == 1


NONE = "You have made no guess in this notebook. To make one, write it in place of the three dots "
NONE += "in a cell that asks for it. Run that cell, and then this one again.\n"


def run_cells(*sources, **environment):
    """Return the outputs of cells that a kernel runs, each as a list."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    executed, failure = execute_notebook(ROOT / "guesses.ipynb", notebook, **environment)
    assert failure is None
    return [cell.outputs for cell in executed.cells]


def cell_with_guess(guess, question, result):
    return f"guess = {guess}  # {question}\n\nx = {result}\nguesses.compare(guess, x)"


def read_table(output):
    return [
        [field.get_text() for field in row.find_all(["th", "td"])]
        for row in BeautifulSoup(output.data["text/html"], "html.parser").find_all("tr")
    ]


def test_a_table_shows_each_guess_of_the_kernel_once_beside_its_question_and_result():
    [*_, none], [first], *_, [table] = run_cells(
        "from helpers import guesses\n\nguesses.look_back()",
        cell_with_guess(4000, "how many are a 5?", 5421),
        cell_with_guess(..., "how many are a 1?", 6742),
        cell_with_guess('"a <b> # c"', "which is larger?", '"d"'),
        cell_with_guess(5, "untold", 6),
        cell_with_guess(6_000, "how many are a 5?", 5421),  # again, with another guess
        cell_with_guess(..., "untold", 6),  # the guess was taken back
        "guess = 0.5\nguesses.compare(guess, 0.25)",
        "guess = 0.75\nguesses.compare(guess, 0.25)",  # the same cell again
        "guesses.look_back()",
    )
    assert none.text == NONE
    assert first.text == "You guessed 4,000. The result is 5,421.\n"
    assert read_table(table) == [
        ["question", "your guess", "result"],
        ["how many are a 5?", "6,000", "5,421"],
        ["which is larger?", '"a <b> # c"', '"d"'],
        ["guess 3", "0.75", "0.25"],
    ]
    rows = table.data["text/plain"].split("\n")
    assert rows[1] == "how many are a 5? | 6,000 | 5,421"


def test_a_question_counts_once_although_its_cell_was_changed_and_run_again(capsys, monkeypatch):
    for guess, result in ((7, 5), (8, 6)):
        cell = cell_with_guess(guess, "how many?", result)
        monkeypatch.setattr(guesses, "_read_running_cell", lambda cell=cell: cell)
        guesses.compare(guess, result)
    capsys.readouterr()
    guesses.look_back()
    rows = ["question | your guess | result", "how many? | 8 | 6"]
    assert capsys.readouterr().out.splitlines() == rows


def test_a_guess_is_shown_whole_up_to_the_longest_one(capsys):
    guesses.compare("x" * 60, "y")
    assert capsys.readouterr().out.startswith(f'You guessed "{"x" * 60}".')
    guesses.compare("x" * 61, "y")
    assert capsys.readouterr().out.startswith(f'You guessed "{"x" * 60}…".')


def test_the_table_has_a_neutral_name_where_no_cell_asks(capsys, monkeypatch):
    guesses.look_back()
    assert capsys.readouterr().out == NONE
    for guess in (7, ..., 8):
        guesses.compare(guess, 5)
    capsys.readouterr()
    guesses.look_back()
    rows = ["question | your guess | result", "guess 1 | 7 | 5", "guess 2 | 8 | 5"]
    assert capsys.readouterr().out.splitlines() == rows
    speak_in_marks("xx", monkeypatch)
    guesses.look_back()
    assert find_unmarked_words(capsys.readouterr().out) == []


def test_each_cell_with_a_guess_asks_another_question_of_its_notebook():
    for path in all_notebooks():
        cells = [cell.source for cell in code_cells(path) if "guesses.compare(" in cell.source]
        questions = [guesses._read_question(source)[0] for source in cells]
        assert all(questions) and len(set(questions)) == len(questions), (path.stem, questions)
