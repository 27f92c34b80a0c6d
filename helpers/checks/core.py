"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
import math
from collections.abc import Callable, Iterable

import numpy as np

from helpers import expect
from helpers.language import _

MAX_NUMBERS = 30_000  # in an answer: more than any exercise asks for
MAX_COMPARED = 10_000_000  # numbers of an answer that are compared with an earlier answer's


class Unfinished(str):
    """What a function that finds faults returns for an answer with gaps: what to do next."""


def exercise(
    read: Callable, hint: str, praise: str, second_hint: str | None = None
) -> Callable[[Callable], Callable]:
    """Make a check, which prints a verdict on an answer, of a function that finds its fault.

    First `read` turns the answer into what the function takes, or raises an error. The function
    gets that and what else the notebook hands over. It returns None if the answer is right.
    Otherwise it returns what is wrong with this answer, or "" if nothing can be said about it. For
    an answer of several parts, some of which aren't written yet, it returns `Unfinished`, and the
    answer doesn't count as a wrong one.

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
                print(_("Not answered yet. {hint}", hint=fill_the_gap()))
                return
            try:
                readable = read(answer)
            except BaseException:
                # An answer may be any object. It may raise even SystemExit when it is read, and
                # the stop button ends the reading of one that never comes to an end.
                readable = answer if isinstance(answer, (str, int, float)) else None
                fault, is_known = _another_kind(read, answer), False
            else:
                fault = find_fault(readable, *needed)
                is_known = bool(fault)
            if fault is None:
                print(_("Right. {praise}", praise=_(praise)))
                return
            if isinstance(fault, Unfinished):
                print(_("Not answered yet. {hint}", hint=fault))
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


def fill_the_gap() -> str:
    """Return what an untouched exercise asks for."""
    return _("Write your answer in place of the three dots, then run the cell again.")


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

    For an answer of another kind, such as a network, the fault alone is compared. The network that
    is built when a cell runs again is another object.
    """
    parts = answer if isinstance(answer, tuple) else (answer,)
    kinds = (str, int, float, np.ndarray, np.generic)
    if all(isinstance(part, kinds) and np.size(part) <= MAX_COMPARED for part in parts):
        return fault, *(hash(np.asarray(part).tobytes()) for part in parts)
    return fault, None


def _another_kind(read: Callable, answer) -> str:
    """Say what was asked for, of an answer that `read` can't read."""
    if read is integers and isinstance(answer, np.ndarray) and answer.ndim > 1:
        return _("This is the array itself; its shape is asked for.")
    is_pair = isinstance(answer, tuple) and [type(value) for value in answer] == [int, int]
    if read in (number, fraction) and is_pair and answer[1] >= 0:
        return _decimal_comma(*map(str, answer))
    kinds = {"integers": _("whole numbers, as in a shape"), "numbers": _("an array of numbers")}
    kinds["derivatives"] = _("six arrays of numbers, in the order of the lines")
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
