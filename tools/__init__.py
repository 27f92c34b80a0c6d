"""Commands: for a learner `run`, for a teacher `class_results`, for maintainers the others."""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path

from helpers.files import replacing

LINK = re.compile(r"(?<=\]\()([\w./-]+)(#[\w-]+)?(?=\))")  # of Markdown, to a file or a place in it


def write(path: Path, text: str) -> None:
    """Write a text file, with the same line ends on each system; it is never half-written."""
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def relink(text: str, folder: str, lead: Callable[[str], str]) -> str:
    """Return Markdown with other targets of its links to files; the places in them stay.

    `lead` is given each target from where `folder`, in which the text stands, begins.
    """

    def new(link: re.Match) -> str:
        return lead(posixpath.normpath(posixpath.join(folder, link[1]))) + (link[2] or "")

    return LINK.sub(new, text)
