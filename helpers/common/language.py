"""What the helpers say, in the language of the notebook, by standard gettext."""

import functools
import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LANGUAGE_VARIABLE = "HELLO_MNIST_LANGUAGE"  # which the first cell of a notebook sets
TRANSLATIONS_FOLDER = Path(__file__).resolve().parents[1] / "data" / "languages"


def current_language() -> str:
    """Return the language in use: "en", unless a notebook has chosen another."""
    return os.environ.get(LANGUAGE_VARIABLE) or "en"


def translated_languages() -> list[str]:
    """Return the languages besides English, by the names of their folders; a fork may have none."""
    return sorted(path.name for path in TRANSLATIONS_FOLDER.glob("*") if path.is_dir())


def font_files(language: str) -> list[Path]:
    """Return the fonts that a language brings along for letters that Matplotlib's own lacks."""
    return sorted((TRANSLATIONS_FOLDER / language).glob("*.ttf"))


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Use a language while a block runs; afterwards the variable is as before, or unset."""
    earlier_language = os.environ.get(LANGUAGE_VARIABLE)
    os.environ[LANGUAGE_VARIABLE] = language
    try:
        yield
    finally:
        if earlier_language is None:
            os.environ.pop(LANGUAGE_VARIABLE, None)
        else:
            os.environ[LANGUAGE_VARIABLE] = earlier_language


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations into a language; there are none into English or an unknown one."""
    return gettext.translation("lesson", TRANSLATIONS_FOLDER, [language], fallback=True)


def _(message: str, /, **values) -> str:
    """Return a message in the language in use, its `{places}` filled with the values.

    It stays English where there is no translation. `python -m publish.translate` finds the messages
    by this function's name.
    """
    text = catalogue(current_language()).gettext(message)
    return text.format(**values) if values else text


class LazyMessage:
    """A message that `str` translates, into the language that is in use then.

    `python -m publish.translate` finds the messages by this class's name, too.
    """

    def __init__(self, message: str, /, **values):
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return _(self.message, **self.values)
