"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
from collections.abc import Callable, Iterable
from contextlib import suppress

import numpy as np

from helpers import expect
from helpers.language import _


def exercise(
    read: Callable, hint: str, praise: str, second_hint: str | None = None
) -> Callable[[Callable], Callable]:
    """Make a check, which prints a verdict on an answer, of a function that finds its fault.

    First `read` turns the answer into what the function takes, or raises an error. The function
    gets that and what else the notebook hands over. It returns None if the answer is right.
    Otherwise it returns what is wrong with this answer, or "" if nothing can be said about it.

    The check prints one line. A right answer gets the sentence `praise`. A wrong answer is told
    its fault, and more help comes step by step. The first wrong answer gets `hint` if its fault
    is unknown or it can't be read. The second one gets `second_hint`, or `hint` where there is no
    second one. The third one, and each one after it, is told where the solution is.

    The same wrong answer counts once, so that a notebook may be run again. The kernel remembers
    the wrong answers in `check.wrong_answers`.
    """
    hints = [hint, second_hint or hint]

    def decorate(find_fault: Callable) -> Callable:
        wrong_answers: list = []

        @functools.wraps(find_fault)
        def check(answer, *needed) -> None:
            if answer is ...:
                to_do = _("Write your answer in place of the three dots, then run the cell again.")
                print(_("Not answered yet. {hint}", hint=to_do))
                return
            try:
                readable = read(answer)
            except Exception:  # an answer may be any object, and do anything when it is read
                readable, fault, is_known = answer, _another_kind(read, answer), False
            else:
                fault = find_fault(readable, *needed)
                is_known = bool(fault)
            if fault is None:
                print(_("Right. {praise}", praise=_(praise)))
                return
            if (mark := _mark(readable, fault)) not in wrong_answers:
                wrong_answers.append(mark)
            help_text = _further_help(len(wrong_answers), hints, is_known)
            if fault and help_text:
                help_text = _("{problem} {remedy}", problem=fault, remedy=help_text)
            print(_("Not yet. {hint}", hint=help_text or fault))

        check.read, check.hints, check.praise = read, hints, praise  # for the site
        check.wrong_answers = wrong_answers
        return check

    return decorate


def _further_help(count: int, hints: list[str], fault_is_known: bool) -> str:
    """Return what the wrong answer of this number, from 1, is told besides its fault."""
    if count == 1:
        return "" if fault_is_known else _(hints[0])
    if count == 2:
        return _(hints[1])
    # A class's copies may come without solutions.
    return _(
        "The solution stands at the end, under Solutions. If it isn't there, ask your teacher."
    )


def _mark(answer, fault: str) -> tuple:
    """Return what tells one wrong answer from another: its numbers or text, and its fault.

    Of an answer of another kind, such as a network, the fault alone is compared. The network that
    is built when a cell runs again is another object.
    """
    with suppress(Exception):  # an answer may be any object
        values = np.asarray(answer)
        if values.dtype.kind in "buifcU":
            return fault, values.shape, hash(values.tobytes())
    return fault, None, None


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
