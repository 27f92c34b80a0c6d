"""The links and headings of Markdown files and notebooks."""

import re

import nbformat

from helpers.files import ROOT
from publish.links import anchor

# A link to a file or a place in it, in Markdown or HTML.
LINK = re.compile(r"(?:\]\(|(?:href|src)=\")([\w./-]+)(#[\w-]+)?[)\"]")


def prose(name: str) -> str:
    """Return the Markdown of a file, without its code."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        cells = nbformat.reads(text, 4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def sections(name: str) -> dict[str, str]:
    """Return the text of each section, by the anchor of its heading: GitHub's, or its own."""
    _before, *parts = re.split(r"^#+ (.*)$", prose(name), flags=re.MULTILINE)
    return dict(zip(map(anchor, parts[::2]), parts[1::2], strict=True))
