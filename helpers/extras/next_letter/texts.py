"""The texts of extras/next_letter, and how any text becomes small letters and spaces."""

import re
import unicodedata
from pathlib import Path

from helpers.common.arguments import mismatch
from helpers.common.language import _

FOLDER = Path(__file__).parent


def read_prose() -> str:
    """Return the prose of the four notebooks as it was in November 2026.

    It stays as it is when the notebooks change, so that the results of the lesson stay, too.
    Headings, code, formulas and tables are left out.
    """
    return (FOLDER / "prose.txt").read_text(encoding="utf-8")


def read_german() -> str:
    """Return a German text of about 2,600 characters, which tells what the four notebooks teach."""
    return (FOLDER / "german.txt").read_text(encoding="utf-8")


def plain_letters(text: str) -> str:
    """Return a text in the letters a to z, with a single space in place of anything else.

    Capital letters become small ones, and accents are dropped: from "Éß, 7" this makes "ess".
    ValueError is raised for a text without any of these letters, as in Chinese script.
    """
    parts = unicodedata.normalize("NFKD", text.casefold())  # é becomes e and an accent
    without_accents = "".join(sign for sign in parts if not unicodedata.combining(sign))
    letters = re.sub("[^a-z]+", " ", without_accents).strip()
    if not letters:
        raise ValueError(mismatch("text", repr(text[:20]), _("a text with letters from a to z")))
    return letters
