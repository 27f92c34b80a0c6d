"""Each term of the glossary stands in bold in the section that it names."""

import re

from helpers.files import ROOT
from tests.test_links import prose

TERM = re.compile(r"^\| (.+?) \| .+ \| \[\w+\]\(\.\./(\S+?)#(\S+)\) \|$", re.MULTILINE)


def sections(name):
    """Return the text of each section of a notebook, by the anchor of its heading."""
    parts = re.split(r"^#+ (.*)$", prose(name), flags=re.MULTILINE)[1:]
    anchors = [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in parts[::2]]
    return dict(zip(anchors, parts[1::2], strict=True))


def test_each_term_is_met_where_the_glossary_says():
    terms = TERM.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert len(terms) > 80
    of = {name: sections(name) for name in {name for _term, name, _anchor in terms}}
    for term, name, anchor in terms:
        bold = " ".join(re.findall(r"\*\*(.+?)\*\*", of[name][anchor])).lower()
        assert term.lower() in bold, (term, name, anchor)
