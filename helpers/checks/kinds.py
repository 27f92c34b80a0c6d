"""The kinds of answers: how each is read, and what an answer of another kind is told."""

import ast
import math
import re
from collections.abc import Callable, Iterable

import numpy as np

from helpers.common import arguments
from helpers.common.language import _

MAX_NUMBERS = 30_000  # in an answer: more than any exercise asks for
QUOTED_COMMA = re.compile("-?[0-9]{1,20},[0-9]{1,20}")
MAX_LETTERS = 100  # of a text that may spell numbers


def asks_for(words: str) -> Callable[[Callable], Callable]:
    """Name the kind of answer that a function reads, in English, as a message names it."""

    def decorate(read: Callable) -> Callable:
        read.asks_for = words
        return read

    return decorate


@asks_for("an array of numbers")
def numbers(answer) -> np.ndarray:
    """Return an answer as finite floats in their shape; all else raises ValueError."""
    answer, _size = _nested_lists(answer)
    return arguments.check_numbers("answer", answer, np.shape(answer), dtype=float)


@asks_for("a number")
def number(answer) -> float:
    """Return an answer as one number; text, several numbers or none raise ValueError."""
    return float(numbers(answer).item())


@asks_for("a number")
def fraction(answer) -> float:
    """Return an accuracy as a share of 1, also where it was given in percent."""
    value = number(answer)
    return value / 100 if value > 1 else value


@asks_for("whole numbers, as in a shape")
def integers(answer: Iterable) -> tuple[int, ...]:
    """Return a shape or a pair as a tuple of integers; any other answer raises an error.

    Keras prints the shape of a batch, in which None stands for its size. This None is left out.
    """
    answer, _size = _nested_lists(answer)
    entries = list(answer)
    if entries[0] is None:
        entries = entries[1:]
    values = [number(entry) for entry in entries]
    if not values or any(value != int(value) for value in values):
        raise ValueError("not whole numbers")
    return tuple(map(int, values))


def _nested_lists(answer, most: int = MAX_NUMBERS) -> tuple[object, int]:
    """Return an answer in which all but arrays and numbers is a list, and how large it is.

    The size counts the numbers and the lists. Raises ValueError for text, for anything without an
    order, and as soon as the size is more than `most`: an answer may be endless.
    """
    if isinstance(answer, (str, bytes, dict, set)):
        raise ValueError("no numbers")
    size = 1 + math.prod(getattr(answer, "shape", ()))
    if size > most:
        raise ValueError("too many numbers")
    if hasattr(answer, "shape") or not isinstance(answer, Iterable):
        return answer, size
    entries = []
    for entry in answer:
        copied, size_of_entry = _nested_lists(entry, most - size)
        entries.append(copied)
        size += size_of_entry
    return entries, size


def explain_spelling(read: Callable, answer) -> str:
    """Say how Python writes an answer that `read` can't read only because of how it is written.

    Returns "" for any other answer.
    """
    if read in (number, fraction):
        if _is_decimal_comma(answer):
            return _explain_decimal_comma(*map(str, answer))
        if isinstance(answer, str) and QUOTED_COMMA.fullmatch(answer):
            return _explain_decimal_comma(*answer.split(","))
    if read is numbers and _has_unequal_rows(answer):
        return _("The rows of this list have different lengths.")
    entries = answer if isinstance(answer, tuple) else (answer,)
    texts = [entry for entry in entries if isinstance(entry, str)]
    if texts and _is_readable_without_quotes(read, answer):
        return _(
            "Write {value} without quotation marks. In quotation marks it is text.",
            value=texts[0].strip("% "),
        )
    return ""


def _has_unequal_rows(answer) -> bool:
    """Is an answer a list of lists of which one is shorter than another?"""
    is_nested = isinstance(answer, list) and all(isinstance(row, list) for row in answer)
    return is_nested and len({len(row) for row in answer}) > 1


def _is_readable_without_quotes(read: Callable, answer) -> bool:
    """Can an answer be read if the texts in it are taken for the numbers that they spell?"""
    try:
        if isinstance(answer, str):
            read(_spelt_value(answer))
        else:
            read(tuple(map(_spelt_value, answer)))
    except BaseException:  # An answer may raise any error when it is read.
        return False
    return True


def _spelt_value(entry):
    """Return the value that a text spells in Python, without a percent sign, or any other entry."""
    if not isinstance(entry, str):
        return entry
    if len(entry) > MAX_LETTERS:
        raise ValueError("too long for a number or a shape")
    return ast.literal_eval(entry.strip("% "))


def explain_kind(read: Callable, answer) -> str:
    """Say what kind of answer is asked for, where `read` can't read the answer.

    Returns "" if `read` has no name for this kind.
    """
    if read is integers and isinstance(answer, np.ndarray) and answer.ndim > 1:
        return _("This is the array itself; its shape is asked for.")
    if read is integers and isinstance(answer, (int, float, np.number)):
        return _("This is one number. Write all numbers with commas between them, as in (2, 3).")
    if read in (number, fraction) and isinstance(answer, (float, np.floating)):
        return _explain_infinity(float(answer))
    if read in (numbers, integers) and (entry := _find_infinity(answer)) is not None:
        return _explain_infinity_among_numbers(entry)
    if not hasattr(read, "asks_for"):
        return ""
    return _(
        "This answer is of another kind ({kind}); asked for: {wanted}.",
        kind=type(answer).__name__,
        wanted=_(read.asks_for),
    )


def _explain_infinity(value: float) -> str:
    """Say what a number that isn't finite comes from."""
    if math.isnan(value):
        return _(
            "This answer is nan, which stands for no number. NumPy returns it for the mean of an "
            "empty array, for example. Did you choose at least one entry?"
        )
    return _("This answer is infinite. Was something divided by 0?")


def _find_infinity(answer) -> float | None:
    """Return the first number in an answer that isn't finite, or None."""
    try:
        array = np.asarray(_nested_lists(answer)[0])
        if array.dtype.kind != "f":
            return None
        return next((float(entry) for entry in array.flat if not np.isfinite(entry)), None)
    except BaseException:  # An answer may raise any error when it is read.
        return None


def _explain_infinity_among_numbers(value: float) -> str:
    """Say that several numbers hold one that isn't finite."""
    if math.isnan(value):
        return _(
            "This answer holds nan, which stands for no number. Dividing 0 by 0 gives nan, for "
            "example."
        )
    return _("This answer holds an infinite number. Was something divided by 0?")


def _is_decimal_comma(answer) -> bool:
    """Is an answer a pair of whole numbers, as Python reads 0,7252?"""
    if not isinstance(answer, tuple) or [type(value) for value in answer] != [int, int]:
        return False
    return answer[1] >= 0


def _explain_decimal_comma(whole: str, decimals: str) -> str:
    """Say how Python writes a number, given its digits before and after the comma."""
    point = f"{whole}.{decimals}"
    if len(decimals) == 3 and whole != "0":
        return _(
            "Python writes a decimal point: {point}. It writes thousands as {whole}.",
            point=point,
            whole=whole + decimals,
        )
    return _("Python writes a decimal point: {point}.", point=point)
