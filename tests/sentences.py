"""Sentences with numbers as a page writes them, and the values that should stand in them."""

import re
from decimal import Decimal

from helpers.common import language

NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
PLACE = re.compile(r"\\\{(\w+)\\\}")


def spoken(sentences: dict) -> list[str]:
    """Return those languages of the sentences that this project has; a fork may have fewer."""
    return [name for name in sentences if name == "en" or name in language.translated_languages()]


def is_rounded(text: str, number: float, error: float = 5e-7) -> bool:
    """Whether a text is a number, rounded to as many digits as it has.

    An integer must be there exactly; another number may also be off by 0.01% and by `error`, since
    a page and Keras add up in another order.
    """
    plain = text.replace(",", "").replace("\N{MINUS SIGN}", "-")
    if isinstance(number, int):
        return plain == str(number)
    if not NUMBER.fullmatch(plain):
        return False
    half = 0.5 * 10.0 ** Decimal(plain).as_tuple().exponent if plain != "0" else 0
    return abs(float(plain) - number) <= half + 1e-4 * abs(number) + error


def difference(text: str, sentence: str, values: dict, error: float = 5e-7) -> str | None:
    """Return what is wrong with a text that should be a sentence with values at its `{places}`.

    A number must be rounded right, but for an `error`, and a string be there literally. None if
    nothing is wrong.
    """
    pattern, names = re.escape(sentence), PLACE.findall(re.escape(sentence))
    for name in dict.fromkeys(names):
        pattern = pattern.replace(rf"\{{{name}\}}", f"(?P<{name}>.+?)", 1)
        pattern = pattern.replace(rf"\{{{name}\}}", f"(?P={name})")
    if not (match := re.fullmatch(pattern, text)):
        return f"{text!r} is not {sentence!r}"
    for name, found in match.groupdict().items():
        wanted = values[name]
        if not (found == wanted if isinstance(wanted, str) else is_rounded(found, wanted, error)):
            return f"{text!r}: {name} is {found}, not {wanted}"
    return None
