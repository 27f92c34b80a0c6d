"""Names of learners: how they are shown, compared and sorted."""

import re
import unicodedata
from collections.abc import Iterable

MOODLE_NUMBER = re.compile(r" \d+$")
SEPARATOR = re.compile(r"[,_]|(?<=\w)[-.'\u2019]")  # of the words of a name


def replace_unprintable(text: str) -> str:
    """Return a text with question marks for signs that would confuse a screen."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def normalize_text(text: str) -> str:
    """Return a text without regard to capitals, widths of letters, and blanks around words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(name: str) -> str:
    """Return what two spellings of a name share: its words in the order of the alphabet.

    Words are parted as in "Lee, Ann", "ann_lee", "ann.lee" and "Ann-Lee". A number counts as a
    word, because a teacher may number two learners of one name.
    """
    words = SEPARATOR.sub(" ", normalize_text(name)).split()
    return " ".join(sorted(words)) or normalize_text(name)


def absent_names(class_list: Iterable[str], present: Iterable[str]) -> list[str]:
    """Return the names of a list that are not among those present, in their order.

    One of two equal names may have a number of Moodle's behind it.
    """
    present = list(present)
    keys = {name_key(name) for name in present}
    keys_without_number = {name_key(MOODLE_NUMBER.sub("", name)) for name in present}
    return [
        name
        for name in class_list
        if name_key(name) not in keys | keys_without_number
        and name_key(MOODLE_NUMBER.sub("", name)) not in keys
    ]


def sort_names(names: Iterable[str]) -> list[str]:
    """Return names as in a register: without regard to capitals."""
    return sorted(names, key=lambda name: (name.casefold(), name))
