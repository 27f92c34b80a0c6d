"""Every link of a Markdown file or a notebook leads to a file, and to a heading in it."""

import posixpath
import re

import nbformat
import pytest

from helpers.files import ROOT
from tools import LINK

# A fork may throw these away; what leads there then leads nowhere.
CIRCLES = ("notebooks/extras", "notebooks/zh_CN", "locales", "publish", "study")
GONE = tuple(f"{name}/" for name in CIRCLES if not (ROOT / name).exists())
FOLDERS = ("", "docs", "notebooks", "notebooks/*", "publish", "study", "locales/*", "helpers/data")
FILES = [
    path.relative_to(ROOT).as_posix()
    for folder in FOLDERS
    for kind in ("*.md", "*.ipynb")
    for path in sorted(ROOT.glob(f"{folder}/{kind}".lstrip("/")))
]
HTML = re.compile(r'(?:href|src)="([\w./-]+)(#[\w-]+)?"')


def prose(name):
    """Return the Markdown of a file, without its code."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        cells = nbformat.reads(text, 4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(name):
    """Return what a link may name in a file, as GitHub and the site make it of headings."""
    headings = re.findall("^#+ (.*)$", prose(name), re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings}


def links(name):
    """Yield where each link of a file leads to, from the root, and the place in it."""
    folder = "" if name == "publish/index.md" else posixpath.dirname(name)  # the site's root
    text = prose(name)
    for target, anchor in [*(found[1:] for found in LINK.findall(text)), *HTML.findall(text)]:
        yield posixpath.normpath(posixpath.join(folder, target)), anchor


@pytest.mark.parametrize("name", FILES)
def test_every_link_leads_somewhere(name):
    made = {"my_network.html"}  # by the site
    for target, anchor in links(name):
        if not f"{target}/".startswith(GONE) and target not in made:
            assert (ROOT / target).exists(), target
            assert not anchor or anchor in anchors(target), f"{target}{anchor}"


def test_the_files_with_the_most_links_are_among_them():
    assert "docs/teaching.md#see-what-a-class-has-done" in map("".join, links("README.md"))
    assert len({target for name in FILES for target, _anchor in links(name)}) > 20
