"""A made-up language that puts marks around each message, so that what is no message is found."""

import gettext
import re

from helpers.checks.train import LINES
from helpers.common import language
from tests.networks import PARTS

# Names of a cell or of Keras that a message repeats; no language has others for them.
ACTIVATIONS = {"LeakyReLU", "relu", "softmax", "tanh"}
NAMES = sorted({*LINES, *LINES.values(), *ACTIVATIONS}, reverse=True)  # d_weights1 before weights1

TEXTS = """() => [
    ...[...document.querySelectorAll("title, main")].map((node) => node.textContent),
    ...[...document.querySelectorAll("main *")].flatMap((node) =>
        ["aria-label", "title", "alt", "placeholder"].map((name) => node.getAttribute(name) ?? "")),
]"""


class Marks(gettext.NullTranslations):
    def gettext(self, message):
        """Mark the words of a message with what would do harm in HTML and JavaScript as it is."""
        return '«"<' + re.sub(r"(\{.*?\})", r"»\1«", message) + '>"»'


def speak_in_marks(name, monkeypatch):
    monkeypatch.setenv(language.LANGUAGE_VARIABLE, name)
    monkeypatch.setattr(language, "catalogue", lambda name: Marks())


def find_unmarked_words(text):
    """Return what no message holds: words, but for names in the code, and single marks."""
    rest = re.sub(f"«[^«»]*»|{'|'.join(PARTS)}|{'|'.join(NAMES)}", "", text)
    return re.findall(r"[^\W\d_]{2,}|[«»]", rest)


def page_texts(page) -> set[str]:
    """Return what a page of a browser says, to eyes and to a screen reader: all messages."""
    said = set(page.evaluate(TEXTS))
    assert [find_unmarked_words(text) for text in said if find_unmarked_words(text)] == []
    return said
