"""Names of learners: how they are shown, compared and sorted."""

import re
import unicodedata
from collections.abc import Iterable

MOODLE_NUMBER = re.compile(r" \d+$")


def replace_unprintable(text: str) -> str:
    """Return a text with question marks for signs that would confuse a screen."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def normalize_text(text: str) -> str:
    """Return a text without regard to capitals, widths of letters, and blanks around words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def spelling_key(name: str) -> str:
    """Return what two spellings of one name share: its words in the order of the alphabet.

    A number counts as a word, because a teacher may number two learners of one name.
    """
    return " ".join(sorted(normalize_text(re.sub("[,_]", " ", name)).split()))


def name_key(name: str) -> tuple[str, ...]:
    """Return what two spellings of a name share: its words, in any order and with any capitals.

    Moodle may have put a number behind the name.
    """
    name = MOODLE_NUMBER.sub("", normalize_text(name))
    words = re.findall(r"[^\W_]+", name)
    return tuple(sorted(words)) or (name,)


def absent_names(class_list: Iterable[str], present: Iterable[str]) -> list[str]:
    """Return the names of a list that are not among those present, in their order."""
    keys = {name_key(name) for name in present}
    return [name for name in class_list if name_key(name) not in keys]


def sort_names(names: Iterable[str]) -> list[str]:
    """Return names as in a register: without regard to capitals."""
    return sorted(names, key=lambda name: (name.casefold(), name))
