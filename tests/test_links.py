"""Links lead to a file and a heading in it; glossary and plans name sections that there are."""

import posixpath
import re

import pytest

from helpers.files import ROOT
from tests.links import LINK, prose, sections
from tools.execute import all_notebooks

FOLDERS = ("", "docs", "publish/site", "study", "locales/*", "helpers/data")
PATHS = [path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*.md".lstrip("/"))]
FILES = [path.relative_to(ROOT).as_posix() for path in [*PATHS, *all_notebooks()]]
TERM = re.compile(r"^\| (.+?) \| .+? \| \[\w+\]\(\.\./(\S+?)#(\S+?)\)", re.MULTILINE)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_link_leads_somewhere(name):
    folder = "" if name == "publish/site/index.md" else posixpath.dirname(name)  # the site's root
    for link, section in LINK.findall(prose(name)):
        target = posixpath.normpath(posixpath.join(folder, link))
        if target != "my_network.html":  # the site makes it
            assert (ROOT / target).exists(), target
            assert not section or section[1:] in sections(target), f"{target}{section}"


@pytest.mark.parametrize("page", [name for name in FILES if name.startswith("docs/teaching")])
def test_the_plans_name_sections_that_there_are(page):
    lesson = "\n".join(prose(name) for name in FILES if re.search(r"/0\d_", name))
    rows = "\n".join(re.findall(r"^\|.*", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\*([^*|\n]+)\*", rows)) - {"e", "p", "y"}
    assert len(named) > 20 and named <= set(re.findall("^## (.*)$", lesson, re.MULTILINE))


@pytest.mark.parametrize("page", [name for name in FILES if name.startswith("docs/glossary")])
def test_each_term_of_the_glossary_is_in_bold_in_the_section_that_it_names(page):
    language = re.search(r"glossary\.?(.*)\.md", page)[1].replace("-", "_")
    own = posixpath.join("notebooks", language, "")
    terms = [term for term in TERM.findall((ROOT / page).read_text("utf-8")) if own in term[1]]
    assert len(terms) > 80
    for term, name, section in terms:
        bold = " ".join(re.findall(r"\*\*(.+?)\*\*", sections(name)[section])).lower()
        assert term.lower() in bold, (term, name, section)
