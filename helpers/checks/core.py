"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
from collections.abc import Callable, Iterable

import numpy as np


def exercise(start: str, praise: str) -> Callable[[Callable], Callable]:
    """Make a check of a function that finds what is wrong with an answer.

    The function takes the answer, and whatever else it needs, and returns None where the answer
    is right, otherwise a hint. The check prints the verdict. It never raises: an answer that the
    function can't even look at gets the hint to start with.

    Args:
        start: the hint for an exercise that nobody has answered yet, `...` in the cell.
        praise: what a right answer shows, in one sentence.
    """

    def decorate(fault: Callable) -> Callable:
        @functools.wraps(fault)
        def check(answer, *needed) -> None:
            if answer is ...:
                print(f"Not answered yet. {start}")
                return
            try:
                hint = fault(answer, *needed)
            except (TypeError, ValueError, AttributeError, IndexError, KeyError):
                hint = f"This answer is of another kind ({type(answer).__name__}). {start}"
            print(f"Right. {praise}" if hint is None else f"Not yet. {hint}")

        return check

    return decorate


def number(answer) -> float:
    """Return an answer as one number; text, several numbers or none raise ValueError."""
    if isinstance(answer, str):
        raise ValueError("text")
    array = np.asarray(answer, dtype=float)
    if array.size != 1 or not np.isfinite(array).all():
        raise ValueError("not one finite number")
    return float(array.reshape(()))


def share(answer) -> float:
    """Return an accuracy as a share of 1, also where it was given in percent."""
    value = number(answer)
    return value / 100 if value > 1 else value


def integers(answer: Iterable) -> tuple[int, ...]:
    """Return a shape or a pair as a tuple of integers; other numbers raise ValueError."""
    values = tuple(float(number(value)) for value in answer)
    if any(value != int(value) for value in values):
        raise ValueError("not whole numbers")
    return tuple(int(value) for value in values)


def shape_hint(network) -> str | None:
    """Return a hint where a network doesn't lead from images to the ten classes, else None."""
    if network.input_shape != (None, 28, 28, 1) or network.output_shape != (None, 10):
        return "It should still lead from (28, 28, 1) to ten probabilities."
    return None
