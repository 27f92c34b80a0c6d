"""Links lead to a file and a heading in it; plans and glossary name sections that there are."""

import posixpath
import re

import nbformat
import pytest

from helpers.common.files import ROOT
from tools import all_notebooks

# A link to a file or a place in it, in Markdown or HTML.
LINK = re.compile(r"(?:\]\(|(?:href|src)=\")([\w./-]+)(#[\w-]+)?[)\"]")
TERM = re.compile(r"^\| (.+?) \| .+? \| \[\w+\]\(\.\./(\S+?)#(\S+?)\)", re.MULTILINE)
FOLDERS = ("", "docs/**", "publish/site", "locales", "locales/*", "helpers/data")
PATHS = [path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*.md".lstrip("/"))]
FILES = [path.relative_to(ROOT).as_posix() for path in [*PATHS, *all_notebooks()]]


def prose(name: str) -> str:
    """Return the Markdown of a file, without its code and comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        cells = nbformat.reads(text, 4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"^```.*?^```|`[^`\n]*`|<!--.*?-->", "", text, flags=re.MULTILINE | re.DOTALL)


def heading_anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading of Markdown, or its own."""
    explicit = re.search(r'<a id="([\w-]+)">', heading)
    return explicit[1] if explicit else re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def sections(name: str) -> dict[str, str]:
    """Return the text below each heading of a file, by its anchor: GitHub's, or its own."""
    _before, *parts = re.split("^#+ (.*)$", prose(name), flags=re.MULTILINE)
    return dict(zip(map(heading_anchor, parts[::2]), parts[1::2], strict=True))


def table_rows(page: str) -> str:
    """Return the lines of a page that are rows of tables."""
    return "\n".join(re.findall(r"^\|.*", (ROOT / page).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_link_leads_somewhere(name):
    folder = "" if name == "publish/site/index.md" else posixpath.dirname(name)  # the site's root
    assert "OWNER" not in prose(name)  # an address that nobody has stamped
    for link, section in LINK.findall(prose(name)):
        target = posixpath.normpath(posixpath.join(folder, link))
        if target != "my_network.html":  # the site makes it
            assert (ROOT / target).exists(), target
            assert not section or section[1:] in sections(target), f"{target}{section}"


@pytest.mark.parametrize("page", [name for name in FILES if re.search("lesson_|schedules", name)])
def test_the_plans_name_sections_that_there_are(page):
    lesson = "\n".join(prose(name) for name in FILES if re.search(r"/0\d_", name))
    rows = table_rows(page)
    there_are = set(re.findall("^##+ (.*)$", lesson, re.MULTILINE))
    english_page = page.replace(".zh-CN", "")
    italics = set(re.findall(r"\*([^*|\n]+)\*", table_rows(english_page)))
    english = {title for title in italics if len(title) > 1}  # the variables *p* and *y* are none
    if page == english_page:
        assert english and sorted(english - there_are) == []
    else:  # a language that has no italics puts titles, and other words, in quotation marks
        quoted = re.findall("“([^”|\n]+)”", rows) + re.findall(r"\*([^*|\n]+)\*", rows)
        assert len(english) == len(there_are & set(quoted))


@pytest.mark.parametrize("page", [name for name in FILES if name.startswith("docs/glossary")])
def test_a_term_of_the_glossary_is_in_bold_in_the_section_that_it_names(page):
    for term, name, section in TERM.findall((ROOT / page).read_text("utf-8")):
        if ("zh_CN" in name) == ("zh-CN" in page):  # not where a lesson is in English alone
            bold = " ".join(re.findall(r"\*\*(.+?)\*\*", sections(name)[section]))
            assert term.lower() in bold.lower(), (term, name, section)
