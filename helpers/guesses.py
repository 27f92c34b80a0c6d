"""A learner's guess beside the result, in a sentence. Nobody judges the guess."""

import math

import numpy as np

from helpers.language import _

MAX_LENGTH = 60  # letters of a guess that are shown


def compare(guess, result, digits: int = 3) -> None:
    """Print a guess beside the result. Both are a number, words, or a tuple of numbers.

    A guess may be any object, and none raises an error. A guess that is still `...` is no guess.
    Fractions are rounded to this many significant digits. ValueError is raised for a result that
    is an array of more than one axis, or no number and no words.
    """
    result = _text_of_guess(result, digits)
    if guess is ... or guess is None:
        print(say_no_guess(result))
        return
    try:
        guess = _text_of_guess(guess, digits)
    except Exception:  # a guess may be any object, and do anything when it is read
        guess = _("something else ({kind})", kind=type(guess).__name__)
    print(_("You guessed {guess}. The result is {result}.", guess=guess, result=result))


def say_no_guess(result: str) -> str:
    """Return what stands in place of a guess and the result where nobody has guessed."""
    return _("No guess yet. The result is {result}.", result=result)


def _text_of_guess(value, digits: int) -> str:
    """Return words in quotation marks, a number, or numbers in parentheses; else ValueError."""
    if isinstance(value, str):
        return _('"{words}"', words=_shorten(" ".join(value.split())))
    array = np.asarray(value)
    if array.ndim > 1 or array.dtype.kind not in "buif":
        raise ValueError(f"a {type(value).__name__} is no number, no words and no tuple of numbers")
    if array.ndim == 0:
        return _text_of_number(array.item(), digits, separator=",")
    numbers = [_text_of_number(number, digits) for number in array[:MAX_LENGTH].tolist()]
    return _shorten(f"({', '.join(numbers)}{',' if array.size == 1 else ''})")


def _text_of_number(value: float, digits: int, separator: str = "") -> str:
    """Return a number in decimals, rounded; a whole number in full, its thousands separated."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:{separator}}"
    if value and not 1e-4 <= abs(value) < 1e15:  # or if it is not finite
        return f"{value:.{digits}g}"
    before_the_point = math.floor(math.log10(abs(value))) + 1 if value else 1
    text = f"{value:{separator}.{max(0, digits - before_the_point)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}…"
