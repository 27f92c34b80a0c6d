"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
import math
from collections.abc import Callable, Iterable

import numpy as np

from helpers import expect
from helpers.language import _

MAX_NUMBERS = 30_000  # in an answer: more than any exercise asks for


def exercise(read: Callable, start: str, praise: str) -> Callable[[Callable], Callable]:
    """Make a check, which prints a verdict on an answer, of a function that finds its fault.

    First `read` turns the answer into what the function takes, or raises an error. The function
    gets that and what else the notebook hands over; it returns None if the answer is right,
    otherwise a hint.

    The check prints one line. A right answer gets the sentence `praise`, a wrong one the hint.
    An answer that is still `...`, or that can't be read, gets the hint `start`.
    """

    def decorate(find_fault: Callable) -> Callable:
        @functools.wraps(find_fault)
        def check(answer, *needed) -> None:
            if answer is ...:
                print(_("Not answered yet. {hint}", hint=_(start)))
                return
            try:
                readable = read(answer)
            except BaseException:
                # An answer may be any object. It may raise even SystemExit when it is read, and
                # the stop button ends the reading of one that never comes to an end.
                problem = _another_kind(read, answer)
                hint = _("{problem} {remedy}", problem=problem, remedy=_(start))
            else:
                hint = find_fault(readable, *needed)
            if hint is None:
                print(_("Right. {praise}", praise=_(praise)))
            else:
                print(_("Not yet. {hint}", hint=hint))

        check.read, check.start, check.praise = read, start, praise  # for the site
        return check

    return decorate


def _another_kind(read: Callable, answer) -> str:
    """Say what was asked for, of an answer that `read` can't read."""
    if read is integers and isinstance(answer, np.ndarray) and answer.ndim > 1:
        return _("This is the array itself; its shape is asked for.")
    is_pair = isinstance(answer, tuple) and [type(value) for value in answer] == [int, int]
    if read in (number, fraction) and is_pair and answer[1] >= 0:
        return _decimal_comma(*map(str, answer))
    kinds = {"integers": _("whole numbers, as in a shape"), "numbers": _("an array of numbers")}
    kinds["model_and_digit"] = _("the model and the digit, answer = model, digit")
    values = {"kind": type(answer).__name__, "wanted": kinds.get(read.__name__, _("a number"))}
    return _("This answer is of another kind ({kind}); asked for: {wanted}.", **values)


def _decimal_comma(first: str, second: str) -> str:
    """Say how Python writes a number with a comma, which it reads as a pair."""
    point, whole = f"{first}.{second}", first + second
    if len(second) == 3:
        return _(
            "Python writes a decimal point: {point}. It writes thousands as {whole}.",
            point=point,
            whole=whole,
        )
    return _("Python writes a decimal point: {point}.", point=point)


def numbers(answer) -> np.ndarray:
    """Return an answer as finite floats in their shape; all else raises ValueError."""
    answer = _limited(answer)
    return expect.numbers("answer", answer, np.shape(answer), dtype=float)


def _limited(answer):
    """Return an array or a number as it is, and what can be iterated as nested lists.

    Raises ValueError for text, for anything without an order, and as soon as there are more than
    `MAX_NUMBERS` entries: an answer may be endless.
    """
    count = 0

    def copy(item):
        nonlocal count
        count += 1 + math.prod(getattr(item, "shape", ()))
        if count > MAX_NUMBERS or isinstance(item, (str, bytes, dict, set)):
            raise ValueError("no numbers, or too many")
        if hasattr(item, "shape"):
            return item
        try:
            entries = iter(item)
        except TypeError:  # a single thing
            return item
        return [copy(entry) for entry in entries]

    return copy(answer)


def number(answer) -> float:
    """Return an answer as one number; text, several numbers or none raise ValueError."""
    return float(numbers(answer).item())


def fraction(answer) -> float:
    """Return an accuracy as a share of 1, also where it was given in percent."""
    value = number(answer)
    return value / 100 if value > 1 else value


def integers(answer: Iterable) -> tuple[int, ...]:
    """Return a shape or a pair as a tuple of integers; other numbers raise ValueError.

    Keras prints the shape of a batch, in which None stands for its size: this is left out. No
    number at all raises ValueError, too.
    """
    values = list(_limited(answer))
    values = [number(value) for value in (values[1:] if values[0] is None else values)]
    if not values or any(value != int(value) for value in values):
        raise ValueError("not whole numbers")
    return tuple(map(int, values))
