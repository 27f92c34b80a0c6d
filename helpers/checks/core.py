"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np

from helpers.language import _


class LearnersError(Exception):
    """Code that a learner handed over has failed; the message says how."""


def exercise(read: Callable, start: str, praise: str) -> Callable[[Callable], Callable]:
    """Make a check, which prints a verdict, of a function that finds what is wrong.

    The function takes what `read` makes of an answer, and whatever else it needs, and returns None
    where the answer is right, in `praise` of which a sentence is said, otherwise a hint. No answer,
    `...`, or one that can't be read, at which `read` fails, gets the hint to `start` with. An error
    in the rest, what the check needs or does, is ours and shows as itself.
    """

    def decorate(fault: Callable) -> Callable:
        @functools.wraps(fault)
        def check(answer, *needed) -> None:
            if answer is ...:
                print(_("Not answered yet. {hint}", hint=_(start)))
                return
            try:
                hint = fault(_read(read, answer), *needed)
            except LearnersError as error:
                hint = _("{problem} {remedy}", problem=error, remedy=_(start))
            if hint is None:
                print(_("Right. {praise}", praise=_(praise)))
            else:
                print(_("Not yet. {hint}", hint=hint))

        return check

    return decorate


def _read(read: Callable, answer):
    """Read an answer; whatever an object of any kind does when it is looked at is the answer's."""
    try:
        return read(answer)
    except LearnersError:
        raise
    except Exception as error:
        kind = type(answer).__name__
        raise LearnersError(_("This answer is of another kind ({kind}).", kind=kind)) from error


@contextmanager
def learners_code(name: str) -> Iterator[None]:
    """Name an error in a learner's code as the learner's, by its kind and its first line."""
    try:
        yield
    except Exception as error:
        first, kind = str(error).partition("\n")[0][:200].rstrip("."), type(error).__name__
        problem = _("{name} ends in {kind}: {first}.", name=name, kind=kind, first=first)
        raise LearnersError(problem) from error


def numbers(answer) -> np.ndarray:
    """Return an answer as finite floats in their shape; all else raises ValueError."""
    array = np.asarray(answer)
    if array.dtype.kind not in "buifO" or not np.isfinite(array.astype(float)).all():
        raise ValueError("not finite numbers")
    return array.astype(float)


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


def network(answer) -> SimpleNamespace:
    """Return what there is to see of a Keras model; all else raises AttributeError."""
    if (answer.input_shape, answer.output_shape) != ((None, 28, 28, 1), (None, 10)):
        raise LearnersError(_("It should still lead from (28, 28, 1) to ten probabilities."))
    filters = [layer.filters for layer in answer.layers if hasattr(layer, "filters")]
    return SimpleNamespace(parameters=answer.count_params(), filters=filters)
