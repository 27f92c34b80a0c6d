"""Pages and figures have one palette, in Python, in JavaScript and in style sheets."""

import re

from matplotlib.colors import to_hex

from helpers.common.files import ROOT
from helpers.plots import canvas

NAMED = canvas.BLUE, canvas.ORANGE, canvas.GREEN, canvas.PURPLE, canvas.GREY
PALETTE = {to_hex(colour) for colour in (*NAMED, canvas.SIGNED(0.0), canvas.SIGNED(1.0))}
PALETTE.add("#56b4e9")  # the accent of pages in the dark: the lighter blue of the same palette
COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
SUFFIXES = {".css", ".js", ".svg", ".jinja", ".html"}
FILES = [path for folder in ("helpers", "publish/site") for path in (ROOT / folder).rglob("*.*")]


def colours_in(path) -> set[str]:
    """Return the colours that a file names and that are no grey, as `#rrggbb`."""
    colours = {to_hex(colour.lower()) for colour in COLOUR.findall(path.read_text("utf-8"))}
    return {colour for colour in colours if not colour[1:3] == colour[3:5] == colour[5:7]}


def test_pages_have_no_colour_that_the_figures_lack():
    found = {path: colours_in(path) for path in FILES if path.suffix in SUFFIXES}
    coloured = {path: colours for path, colours in found.items() if colours}
    assert {".css", ".js"} <= {path.suffix for path in coloured}
    others = {path.name: colours - PALETTE for path, colours in coloured.items()}
    assert {name: colours for name, colours in others.items() if colours} == {}
