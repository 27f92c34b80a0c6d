"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
from collections.abc import Callable, Iterable

import numpy as np

from helpers import expect
from helpers.language import _


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
            except Exception:  # an answer may be any object, and do anything when it is read
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
    kinds = {"integers": _("whole numbers, as in a shape"), "numbers": _("an array of numbers")}
    kinds["model_and_digit"] = _("the model and the digit, answer = model, digit")
    values = {"kind": type(answer).__name__, "wanted": kinds.get(read.__name__, _("a number"))}
    return _("This answer is of another kind ({kind}); asked for: {wanted}.", **values)


def numbers(answer) -> np.ndarray:
    """Return an answer as finite floats in their shape; all else raises ValueError."""
    return expect.numbers("answer", answer, np.shape(answer), dtype=float)


def number(answer) -> float:
    """Return an answer as one number; text, several numbers or none raise ValueError."""
    return float(numbers(answer).item())


def fraction(answer) -> float:
    """Return an accuracy as a share of 1, also where it was given in percent."""
    value = number(answer)
    return value / 100 if value > 1 else value


def integers(answer: Iterable) -> tuple[int, ...]:
    """Return a shape or a pair as a tuple of integers; other numbers raise ValueError.

    Keras prints the shape of a batch, in which None stands for its size: this is left out.
    """
    values = list(answer)
    values = [number(value) for value in (values[1:] if values[0] is None else values)]
    if any(value != int(value) for value in values):
        raise ValueError("not whole numbers")
    return tuple(map(int, values))
