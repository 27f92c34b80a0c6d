"""A learner's guess beside the result, and a table of all guesses. Nobody judges a guess."""

import math
import re
from decimal import Decimal
from html import escape
from typing import NamedTuple

import numpy as np
from IPython import get_ipython
from IPython.display import display

from helpers.common.language import _

MAX_LENGTH = 60  # letters of a guess that are shown
# The line of a cell that holds the guess, and the question in its comment.
GUESS_LINE = re.compile(r"^guess *=.*?(?:# *([^#\n]+))?$", re.MULTILINE)


class Comparison(NamedTuple):
    """A guess and its result, as they are shown; `question` is "" where the cell asks none."""

    question: str
    guess: str
    result: str


# By its question, or else by the rest of its cell: a cell that is run again counts once.
_comparisons: dict[str | int, Comparison] = {}


def compare(guess, result, digits: int = 3) -> None:
    """Print a guess beside the result. Both are a number, words, or a tuple of numbers.

    A guess may be any object, and none raises an error. A guess that is still `...` is no guess.
    Fractions are rounded to this many significant digits. ValueError is raised for a result that
    is an array of more than one axis, or no number and no words.

    The kernel remembers the guess for `look_back`.
    """
    needs_one_number = np.ndim(result) == 0 and not isinstance(result, str)
    result = _text_of_guess(result, digits)
    question, rest_of_cell = _read_question(_read_running_cell())
    key = question or rest_of_cell or len(_comparisons)
    if guess is ... or guess is None:
        _comparisons.pop(key, None)
        print(say_no_guess(result))
        return
    has_comma = _is_number_with_comma(guess)
    has_several_numbers = False
    try:
        has_several_numbers = np.ndim(guess) == 1
        guess = _text_of_guess(guess, digits)
    except Exception:  # a guess may be any object, and do anything when it is read
        guess = _("something else ({kind})", kind=type(guess).__name__)
    _comparisons[key] = Comparison(question, guess, result)
    print(_("You guessed {guess}. The result is {result}.", guess=guess, result=result))
    if needs_one_number and has_comma:
        print(
            _(
                "Python reads numbers with a comma between them as a tuple of several numbers. "
                "Write thousands without a comma, as in 5000, and decimals with a point, as in 0.5."
            )
        )
    elif needs_one_number and has_several_numbers:
        print(_("Write a single number as your guess."))


def look_back() -> None:
    """Show a table of the guesses that this kernel has compared, and their results.

    Each cell has one row, with its latest guess. The rows are in the order in which the cells first
    ran. The question is the comment behind `guess = ...` in the cell. Without a guess, one sentence
    is printed.
    """
    if not _comparisons:
        print(
            _(
                "You have made no guess in this notebook. To make one, write it in place of the "
                "three dots in a cell that asks for it. Run that cell, and then this one again."
            )
        )
        return
    rows = [[_("question"), _("your guess"), _("result")]]
    for number, (question, guess, result) in enumerate(_comparisons.values(), start=1):
        rows.append([question or _("guess {number}", number=number), guess, result])
    text = "\n".join(" | ".join(row) for row in rows)
    if get_ipython() is None:
        print(text)
    else:
        display({"text/plain": text, "text/html": _html_table(rows)}, raw=True)


def _html_table(rows: list[list[str]]) -> str:
    """Return rows of texts as a table in HTML; the first row holds the headers."""
    lines = []
    for row in rows:
        kind = "td" if lines else "th"
        fields = [f'<{kind} style="text-align: left">{escape(text)}</{kind}>' for text in row]
        lines.append(f"<tr>{''.join(fields)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def _read_running_cell() -> str:
    """Return the source of the cell that runs, or "" outside of IPython."""
    shell = get_ipython()
    return shell.history_manager.input_hist_parsed[-1] if shell else ""


def _read_question(cell: str) -> tuple[str, str]:
    """Return the question in the comment behind a cell's guess, or "", and the rest of the cell."""
    line = GUESS_LINE.search(cell)
    question = line[1] if line else None
    return (question or "").strip(), GUESS_LINE.sub("", cell).strip()


def _is_number_with_comma(guess) -> bool:
    """Is a guess a tuple of whole numbers, as Python reads 5,000 and 0,95?"""
    return (
        isinstance(guess, tuple) and len(guess) > 1 and all(type(number) is int for number in guess)
    )


def say_no_guess(result: str) -> str:
    """Return what stands in place of a guess and the result where nobody has guessed."""
    return _("No guess yet. The result is {result}.", result=result)


def _text_of_guess(value, digits: int) -> str:
    """Return words in quotation marks, a number, or numbers in parentheses; else ValueError."""
    if isinstance(value, str):
        return _('"{words}"', words=_shorten(" ".join(value.split())))
    if isinstance(value, int):  # NumPy holds none of more than 64 bits
        return _text_of_number(value, digits, separator=",")
    array = np.asarray(value)
    if array.ndim > 1 or array.dtype.kind not in "buif":
        raise ValueError(f"a {type(value).__name__} is no number, no words and no tuple of numbers")
    if array.ndim == 0:
        return _text_of_number(array.item(), digits, separator=",")
    numbers = [_text_of_number(number, digits) for number in array[:MAX_LENGTH].tolist()]
    return _shorten(f"({', '.join(numbers)}{',' if array.size == 1 else ''})")


def _text_of_number(value: float, digits: int, separator: str = "") -> str:
    """Return a number in decimals, rounded; a whole number in full if it isn't too long."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        text = f"{value:{separator}}"
        return text if len(text) <= MAX_LENGTH else f"{Decimal(value):.{digits}g}"
    if value and not 1e-4 <= abs(value) < 1e15:  # or if it is not finite
        return f"{value:.{digits}g}"
    value = value or 0.0  # without the sign of -0.0
    before_the_point = math.floor(math.log10(abs(value))) + 1 if value else 1
    text = f"{value:{separator}.{max(0, digits - before_the_point)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}…"
