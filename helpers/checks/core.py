"""What all checks share: how a verdict is said, and how the hints come step by step."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.checks.kinds import explain_kind, explain_spelling
from helpers.common.language import _

MAX_COMPARED = 10_000_000  # numbers of an answer that are compared with an earlier answer's


class Unfinished(str):
    """What a function that finds faults returns for an answer with gaps: what to do next."""


class FaultOfPart(str):
    """What a function that finds faults returns for an answer of several parts: the fault of one.

    The hints begin anew with each part, because a slip in each of them doesn't mean that the
    learner is stuck.
    """

    def __new__(cls, fault: str, part: str):
        """Return the sentence `fault` about the part of this name."""
        text = super().__new__(cls, fault)
        text.part = part
        return text


def exercise(
    read: Callable, *, hint: str, second_hint: str | None = None, praise: str
) -> Callable[[Callable], Callable]:
    """Make a check, which prints a verdict on an answer, of a function that finds its fault.

    Where the answer is compared with numbers, `comparison` makes the check without a function.

    First `read`, such as one of `helpers/checks/kinds.py`, turns the answer into what the function
    takes, or raises an error. The function gets that and what else the notebook hands over. It
    returns None if the answer is right. Otherwise it returns what is wrong with this answer, or ""
    if nothing can be said about it. For an answer of several parts, some of which aren't written
    yet, it returns `Unfinished`, and the answer doesn't count as a wrong one. If it knows which
    part is wrong, it returns `FaultOfPart`. It raises no error, whatever the answer is.

    The check prints one line. A right answer gets the sentence `praise`. A wrong answer is told
    its fault, and more help comes step by step. The first wrong answer gets `hint` if its fault
    is unknown or it can't be read. The second one gets `second_hint`, or `hint` where there is no
    second one. The third one, and each one after it, is told where the solution is.

    The same wrong answer counts once, so that a notebook may be run again. The kernel remembers
    the wrong answers in `check.wrong_answers`. The texts are English, and the check translates
    them into the language of the notebook.
    """
    hints = [hint, second_hint or hint]

    def decorate(find_fault: Callable) -> Callable:
        wrong_answers: list = []

        @functools.wraps(find_fault)
        def check(answer, *needed) -> None:
            if answer is ...:
                print(_("Not answered yet. {hint}", hint=fill_the_gap()))
                return
            readable, fault, is_known = _examine(answer, read, find_fault, needed)
            if fault is None:
                print(_("Right. {praise}", praise=_(praise)))
                return
            if isinstance(fault, Unfinished):
                print(_("Not answered yet. {hint}", hint=fault))
                return
            fingerprint = _fingerprint(readable, fault)
            if fingerprint not in wrong_answers:
                wrong_answers.append(fingerprint)
            # A fingerprint begins with the part of the answer that is wrong.
            count = sum(earlier[0] == fingerprint[0] for earlier in wrong_answers)
            help_text = _further_help(count, hints, is_known)
            if fault and help_text:
                help_text = _("{problem} {remedy}", problem=fault, remedy=help_text)
            print(_("Not yet. {hint}", hint=help_text or fault))

        # The site makes a box of these.
        check.read = read
        check.hints = hints
        check.praise = praise
        check.wrong_answers = wrong_answers
        return check

    return decorate


class Examined(NamedTuple):
    """What an examination of an answer has found."""

    answer: object  # as it was read
    fault: str | None  # None: the answer is right
    is_known: bool  # does the fault say what is wrong with this answer?


def _examine(answer, read: Callable, find_fault: Callable, needed: tuple) -> Examined:
    """Read an answer and find its fault."""
    try:
        readable = read(answer)
    except BaseException:
        # An answer may be any object. It may raise even SystemExit when it is read, and the stop
        # button ends the reading of one that never comes to an end.
        readable = answer if isinstance(answer, (str, int, float)) else None
        misspelt = explain_spelling(read, answer)
        return Examined(readable, misspelt or explain_kind(read, answer), bool(misspelt))
    fault = find_fault(readable, *needed)
    return Examined(readable, fault, bool(fault))


def fill_the_gap() -> str:
    """Return what an untouched exercise asks for."""
    return _("Write your answer in place of the three dots, then run the cell again.")


def _further_help(count: int, hints: list[str], is_known: bool) -> str:
    """Return what the wrong answer of this number, from 1, is told besides its fault."""
    if count == 1:
        return "" if is_known else _(hints[0])
    if count == 2:
        return _(hints[1])
    # A class's copies may come without solutions.
    return _(
        "The solution stands at the end, under Solutions. If it isn't there, ask your teacher."
    )


def _fingerprint(answer, fault: str) -> tuple:
    """Return what tells one wrong answer from another: its wrong part, its fault, and its values.

    For an answer of another kind, such as a network, the fault alone is compared. The network that
    is built when a cell runs again is another object.
    """
    wrong_part = getattr(fault, "part", "")
    parts = answer if isinstance(answer, tuple) else (answer,)
    kinds = (str, int, float, np.ndarray, np.generic)
    if all(isinstance(part, kinds) and np.size(part) <= MAX_COMPARED for part in parts):
        return wrong_part, fault, *(hash(np.asarray(part).tobytes()) for part in parts)
    return wrong_part, fault, None
