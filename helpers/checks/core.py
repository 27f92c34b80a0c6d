"""What all checks share: how a verdict is said, and what happens to an answer of another kind."""

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np


class LearnersError(Exception):
    """Code that a learner handed over has failed; the message says how."""


def exercise(read: Callable, start: str, praise: str) -> Callable[[Callable], Callable]:
    """Make a check of a function that finds what is wrong with an answer.

    The function takes what `read` makes of the answer, and whatever else it needs, and returns
    None where the answer is right, otherwise a hint. The check prints the verdict. Whatever a
    learner hands over gets one: an answer that can't be read gets the hint to start with. An error
    in the rest, what the check needs or does, is ours and shows as itself.

    Args:
        read: turns an answer into numbers or what else is looked at, and fails if it can't.
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
                found = read(answer)
            except Exception:  # whatever an object of any kind does when it is looked at
                print(f"Not yet. This answer is of another kind ({type(answer).__name__}). {start}")
                return
            try:
                hint = fault(found, *needed)
            except LearnersError as error:
                hint = f"{error}. {start}"
            print(f"Right. {praise}" if hint is None else f"Not yet. {hint}")

        return check

    return decorate


@contextmanager
def learners_code(name: str) -> Iterator[None]:
    """Name an error in a learner's code as the learner's, by its kind and its first line."""
    try:
        yield
    except Exception as error:
        first = (str(error).splitlines() or [""])[0][:200].rstrip(".")
        raise LearnersError(f"{name} ends in {type(error).__name__}: {first}") from error


def numbers(answer) -> np.ndarray:
    """Return an answer as finite floats in their shape; all else raises ValueError."""
    array = np.asarray(answer)
    if array.dtype.kind not in "buifO":
        raise ValueError("not numbers")
    array = array.astype(float)
    if not np.isfinite(array).all():
        raise ValueError("not finite numbers")
    return array


def number(answer) -> float:
    """Return an answer as one number; text, several numbers or none raise ValueError."""
    return float(numbers(answer).item())


def share(answer) -> float:
    """Return an accuracy as a share of 1, also where it was given in percent."""
    value = number(answer)
    return value / 100 if value > 1 else value


def integers(answer: Iterable) -> tuple[int, ...]:
    """Return a shape or a pair as a tuple of integers; other numbers raise ValueError."""
    values = tuple(number(value) for value in answer)
    if any(value != int(value) for value in values):
        raise ValueError("not whole numbers")
    return tuple(map(int, values))


class Network(NamedTuple):
    """What the checks look at of a network: itself, its ends, and its layers in their order."""

    call: Callable
    leads_right: bool
    parameters: int
    filters: list[int]
    paddings: list[str]
    maps: list[tuple]
    units: list[int]


def network(answer) -> Network:
    """Return what there is to see of a Keras model; all else raises AttributeError."""
    convolutions = [layer for layer in answer.layers if hasattr(layer, "filters")]
    return Network(
        answer,
        (answer.input_shape, answer.output_shape) == ((None, 28, 28, 1), (None, 10)),
        answer.count_params(),
        [layer.filters for layer in convolutions],
        [layer.padding for layer in convolutions],
        [tuple(layer.output.shape[1:]) for layer in convolutions],
        [layer.units for layer in answer.layers if hasattr(layer, "units")],
    )


OTHER_ENDS = "It should still lead from (28, 28, 1) to ten probabilities."
