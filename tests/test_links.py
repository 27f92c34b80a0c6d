"""Every link of a Markdown file or a notebook leads to a file, and to a heading in it."""

import posixpath
import re

import nbformat
import pytest

from helpers.files import ROOT
from tools import LINK, anchor

FOLDERS = ("", "docs", "notebooks/**", "publish", "study", "locales/*", "helpers/data")
FOUND = [path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*".lstrip("/"))]
FILES = [path.relative_to(ROOT).as_posix() for path in FOUND if path.suffix in (".md", ".ipynb")]
HTML = re.compile(r'(?:href|src)="()([\w./-]+)(#[\w-]+)?"')


def prose(name):
    """Return the Markdown of a file, without its code."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        cells = nbformat.reads(text, 4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_link_leads_somewhere(name):
    folder = "" if name == "publish/index.md" else posixpath.dirname(name)  # the site's root
    for _text, link, section in LINK.findall(prose(name)) + HTML.findall(prose(name)):
        target = posixpath.normpath(posixpath.join(folder, link))
        if target != "my_network.html":  # the site makes it
            assert (ROOT / target).exists(), target
            headings = re.findall("^#+ (.*)$", prose(target), re.MULTILINE) if section else []
            assert not section or section[1:] in map(anchor, headings), f"{target}{section}"


def test_links_are_found():
    links = {link[1:] for link in LINK.findall(prose("README.md"))}
    assert ("docs/teaching.md", "#see-what-a-class-has-done") in links


@pytest.mark.parametrize("page", [name for name in FILES if name.startswith("docs/teaching")])
def test_the_plans_name_sections_that_there_are(page):
    lesson = "\n".join(prose(name) for name in FILES if re.search(r"/0\d_", name))
    rows = "\n".join(re.findall(r"^\|.*", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\*([^*|\n]+)\*", rows)) - {"e", "p", "y"}
    assert len(named) > 20 and named <= set(re.findall("^## (.*)$", lesson, re.MULTILINE))
