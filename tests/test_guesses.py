"""What a learner reads when a guess stands beside a result."""

from unittest.mock import Mock

import numpy as np
import pytest

from helpers import guesses
from tests.marks import find_unmarked_words, speak_in_marks


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
        (-1.5, float("nan"), "You guessed -1.5. The result is nan."),
        ("larger", "smaller", 'You guessed "larger". The result is "smaller".'),
        (7, np.uint8(3), "You guessed 7. The result is 3."),
        ([28, 28], (60000, 28, 28), "You guessed (28, 28). The result is (60000, 28, 28)."),
        ((5,), np.zeros(3).shape, "You guessed (5,). The result is (3,)."),
        (True, 0.5, "You guessed True. The result is 0.5."),
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
    assert out.count("\n") == 1 and "0.72" in out and len(out) < 200
    kind = type(guess).__name__
    assert find_unmarked_words(out.replace(kind, "").replace("inf", "")) == []


def test_a_result_that_cannot_be_shown_is_an_error_for_who_writes_the_cell():
    with pytest.raises(ValueError, match="a dict is no number"):
        guesses.compare(..., {})


def test_more_digits_are_shown_where_they_are_asked_for(capsys):
    guesses.compare(0.99, 0.99142, digits=4)
    assert capsys.readouterr().out == "You guessed 0.99. The result is 0.9914.\n"
