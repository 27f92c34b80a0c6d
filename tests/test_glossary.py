"""Each term of the glossary stands in bold in the section that it names."""

import re

import pytest

from helpers.files import ROOT
from tests.test_links import prose
from tools import anchor

PAGES = sorted((ROOT / "docs").glob("glossary*.md"))
TERM = re.compile(r"^\| (.+?) \| .+? \| \[\w+\]\(\.\./(\S+?)#(\S+?)\)", re.MULTILINE)


def sections(name):
    """Return the text of each section of a notebook, by the anchor of its heading."""
    parts = re.split(r"^#+ (.*)$", prose(name), flags=re.MULTILINE)[1:]
    return dict(zip(map(anchor, parts[::2]), parts[1::2], strict=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_term_is_met_where_the_glossary_says(page):
    own = f"notebooks/{page.stem.partition('.')[2].replace('-', '_')}".rstrip("/") + "/"
    terms = [term for term in TERM.findall(page.read_text("utf-8")) if term[1].startswith(own)]
    assert len(terms) > 80
    of = {name: sections(name) for name in {name for _term, name, _anchor in terms}}
    for term, name, section in terms:
        bold = " ".join(re.findall(r"\*\*(.+?)\*\*", of[name][section])).lower()
        assert term.lower() in bold, (term, name, section)
