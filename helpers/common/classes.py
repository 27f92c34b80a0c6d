"""What a network tells apart: ten digits, or classes that somebody has named."""

import re
import unicodedata
from collections.abc import Sequence

from helpers.common import arguments
from helpers.common.files import read_shared
from helpers.common.language import _

CLASS_NAMES = read_shared("class_names")
DIGITS = tuple(CLASS_NAMES["digits"])
MIN_CLASSES = CLASS_NAMES["min_classes"]
MAX_CLASSES = CLASS_NAMES["max_classes"]
MAX_NAME_LENGTH = CLASS_NAMES["max_length"]  # characters of a name
# A name may have spaces, and the characters that join several emoji or choose the form of a sign.
NOT_ALONE = re.compile("[ \u200d\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Letters and signs that look like nothing, although Unicode calls them printable.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")


def check_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of classes as they are, or raise ValueError.

    They come from elsewhere, in a list, a tuple, an array or a column of a table: 2 to 26 different
    texts of 1 to 20 characters, each in one line. Any letter, sign or emoji may be in them, and
    markup is no more than text.
    """
    names = names.tolist() if hasattr(names, "tolist") else names
    has_length = isinstance(names, Sequence) and MIN_CLASSES <= len(names) <= MAX_CLASSES
    if not (
        has_length and all(map(_is_name, names)) and len(set(map(_normalize, names))) == len(names)
    ):
        wanted = _(
            "2 to {most} different names of 1 to {longest} characters, each a text such as '0'",
            most=MAX_CLASSES,
            longest=MAX_NAME_LENGTH,
        )
        raise ValueError(arguments.mismatch("classes", f"{names!r:.200}", wanted))
    return tuple(map(str, names))


def _normalize(name: str) -> str:
    """Return the one form of a name that can be written in several, such as é."""
    return unicodedata.normalize("NFC", name)


def _is_name(name) -> bool:
    if not isinstance(name, str) or len(name) > MAX_NAME_LENGTH:
        return False
    others = NOT_ALONE.sub("", name)
    return others != "" and others.isprintable() and not UNSEEN.search(others)


def names_of_model(model) -> tuple[str, ...]:
    """Return the names of the classes of a Keras model: its `classes`, or else 0, 1, 2, ...

    Raises ValueError where a model has other names than outputs, or where `check_names` refuses
    them.
    """
    count = model.output_shape[-1]
    names = getattr(model, "classes", None)
    if names is None:
        names = [str(number) for number in range(count)]
    names = check_names(names)
    if len(names) != count:
        raise ValueError(arguments.mismatch("model.classes", len(names), count))
    return names
