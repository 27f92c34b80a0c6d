"""What the helpers say, in the language of the notebook, by standard gettext."""

import contextlib
import functools
import gettext
import os
from collections.abc import Iterator
from pathlib import Path

LANGUAGE = "HELLO_MNIST_LANGUAGE"  # which the first cell of a notebook sets
FOLDER = Path(__file__).resolve().parent / "data" / "languages"


def chosen() -> str:
    """Return the language that is spoken: "en", unless a notebook has chosen another."""
    return os.environ.get(LANGUAGE) or "en"


def translations() -> list[str]:
    """Return the languages that there are besides English, by the names of their folders."""
    return sorted(path.name for path in FOLDER.glob("*") if path.is_dir())


@contextlib.contextmanager
def using(language: str) -> Iterator[None]:
    """Speak a language for a while."""
    before, os.environ[LANGUAGE] = chosen(), language
    try:
        yield
    finally:
        os.environ[LANGUAGE] = before


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations into a language; there are none into English or an unknown one."""
    return gettext.translation("lesson", FOLDER, [language], fallback=True)


def _(message: str, /, **values) -> str:
    """Return a message in the language that is spoken, its `{places}` filled with the values.

    It stays English where there is no translation. `python -m publish.translate` finds the messages
    by this function's name.
    """
    said = catalogue(chosen()).gettext(message)
    return said.format(**values) if values else said


def name(language: str) -> str:
    """Return what a language is called in itself, as the word for English is translated."""
    with using(language):
        return _("English")
