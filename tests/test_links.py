"""Every link of a Markdown file or a notebook leads to a file, and to a heading in it."""

import posixpath
import re

import nbformat
import pytest

from helpers.files import ROOT
from tools import LINK

FOLDERS = ("", "docs", "notebooks", "notebooks/*", "publish", "study", "locales/*", "helpers/data")
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
    for _text, link, anchor in LINK.findall(prose(name)) + HTML.findall(prose(name)):
        target = posixpath.normpath(posixpath.join(folder, link))
        if target != "my_network.html":  # the site makes it
            assert (ROOT / target).exists(), target
            headings = re.findall("^#+ (.*)$", prose(target), re.MULTILINE) if anchor else []
            named = [re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings]
            assert not anchor or anchor[1:] in named, f"{target}{anchor}"


def test_links_are_found_and_the_sections_that_teaching_names():
    links = {link[1:] for link in LINK.findall(prose("README.md"))}
    assert ("docs/teaching.md", "#see-what-a-class-has-done") in links
    lesson = "\n".join(prose(name) for name in FILES if name.startswith("notebooks/0"))
    teaching = (ROOT / "docs" / "teaching.md").read_text("utf-8")
    rows = "\n".join(re.findall(r"^\|.*", teaching, re.MULTILINE))
    named = set(re.findall(r"\*([^*|\n]+)\*", rows)) - {"e"}
    assert len(named) > 20 and named <= set(re.findall("^## (.*)$", lesson, re.MULTILINE))
