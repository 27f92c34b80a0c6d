"""Sentences with numbers as a page writes them: their values, and snapshots of their words."""

import re
from decimal import Decimal

from inline_snapshot import external_file

from helpers.common import language
from helpers.common.files import ROOT

NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
SNAPSHOTS = ROOT / "tests" / "page" / "sentences"  # a folder for each language


def snapshot_languages() -> list[str]:
    """Return those languages of the snapshots that this project has; a fork may have fewer."""
    languages = {"en", *language.translated_languages()}
    return sorted(folder.name for folder in SNAPSHOTS.iterdir() if folder.name in languages)


def check_sentences(said: list[tuple[str, dict]], spoken_language: str, part: str):
    """Compare the sentences of a part of the page with the snapshot, which has one in each line.

    `said` has the name of a case and a sentence of it, as in_page.js reads it, again and again. A
    case with several sentences has several lines. `pytest tests/page -k snapshot --renew` writes
    the snapshot anew, so a test that calls this function has "snapshot" in its name.
    """
    lines = sorted({f"{case}: {shown['sentence']}" for case, shown in said})
    text = "".join(f"{line}\n" for line in lines)
    assert text == external_file(str(SNAPSHOTS / spoken_language / f"{part}.txt"))


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


def wrong_value(shown: dict, wanted: dict, error: float = 5e-7) -> str | None:
    """Return which value of a sentence, as in_page.js reads it, isn't the wanted one of its name.

    A number must be rounded right, but for an `error`, and a string be there literally. A list has
    the values of a name that stands several times in the sentence, one after the other. None if
    nothing is wrong.
    """
    for name, texts in shown["values"].items():
        values = wanted.get(name, "nothing")
        values = values if isinstance(values, list) else [values] * len(texts)
        if len(values) != len(texts):
            return f"{shown['text']!r}: {name} stands there {len(texts)} times, not {len(values)}"
        for text, value in zip(texts, values, strict=True):
            if not (text == value if isinstance(value, str) else is_rounded(text, value, error)):
                return f"{shown['text']!r}: {name} is {text}, not {value}"
    return None
