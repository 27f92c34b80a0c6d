"""Exercises whose answer is a number or a shape: data, which the pages of the site read as well."""

from collections.abc import Callable

from helpers.checks.core import exercise
from helpers.checks.kinds import integers
from helpers.common.language import _


def comparison(
    read: Callable,
    *,
    right,
    near_misses: dict | None = None,
    otherwise: str = "",
    tolerance: float = 0,
    hint: str,
    second_hint: str | None = None,
    praise: str,
) -> Callable:
    """Make a check that compares an answer with the right one and with near misses.

    `read` is `number`, `fraction` (a share of 1, or in percent) or `integers` (a shape). The right
    answer and each near miss is one of these:

    - a number, such as 1173,
    - a range of numbers, (1170, 1173), to which both ends belong, and in which None leaves an end
      open, as in (None, 115),
    - a shape, (14, 14, 16), in which None stands for any number, and `...` at its end for any
      further numbers, as in (5, ...).

    An answer may differ from a number, or from the ends of a range, by `tolerance`. If there are
    several right answers, `right` is a list. `near_misses` maps each near miss to a sentence about
    it. If an answer fits several of them, the first one counts. The sentence `otherwise` is about
    every other wrong answer. `exercise` explains when a learner reads these sentences, the hints
    and `praise`. All of them are English, and the check translates them.

    The check keeps the data in `check.cases`, for the site. It is a list of pairs. A pair has a
    range or a shape, and the sentence about it, or None for a right answer. Every answer fits the
    last pair.
    """
    right_answers = right if isinstance(right, list) else [right]
    texts = [(value, None) for value in right_answers]
    texts += (near_misses or {}).items()
    if read is integers:
        fits = _has_shape
        cases = [*texts, ((...,), otherwise)]
    else:
        fits = _is_in_range
        cases = [(_widen(value, tolerance), text) for value, text in texts]
        cases.append(((None, None), otherwise))

    def compare(answer) -> str | None:
        """Compare an answer with the right one and with near misses, and print a verdict."""
        text = next(text for pattern, text in cases if fits(answer, pattern))
        return _(text) if text else text

    check = exercise(read, hint=hint, second_hint=second_hint, praise=praise)(compare)
    check.cases = cases
    return check


def _widen(value, tolerance: float) -> tuple:
    """Return a number or a range as a range, with both ends moved outwards by the tolerance."""
    low, high = value if isinstance(value, tuple) else (value, value)
    return (
        None if low is None else low - tolerance,
        None if high is None else high + tolerance,
    )


def _is_in_range(number: float, ends: tuple) -> bool:
    """Is a number in a range, of which None leaves an end open?"""
    low, high = ends
    return (low is None or low <= number) and (high is None or number <= high)


def _has_shape(numbers: tuple[int, ...], shape: tuple) -> bool:
    """Do numbers agree with a shape, in which None is any number, and `...` any further ones?"""
    if shape[-1] is ...:
        shape = shape[:-1]
        numbers = numbers[: len(shape)]
    return len(numbers) == len(shape) and all(
        wanted is None or number == wanted for number, wanted in zip(numbers, shape, strict=True)
    )
