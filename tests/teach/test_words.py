"""On the pages for teachers, a lesson is a lesson in class, and a plan is a plan."""

import re

import pytest

from helpers.common.files import ROOT

DOCS = ROOT / "docs"
PAGES = [DOCS / f"{name}.md" for name in ("teaching", "laptops", "troubleshooting", "quiz")]
PAGES += [
    path
    for folder in ("lessons", "print")
    for path in sorted((DOCS / folder).glob("*.md"))
    if "." not in path.stem
]
# What "lesson" was said for, and the word that says it.
OTHER_WORDS = {
    "project": re.compile(
        r"\b(?:add|bring|change|copy|install|remove|start|test|update)(?:e?s|ed|ing)? the lesson\b"
        r"|\b(?:comes with|copy of|network of|page of|version of) the lesson\b"
        r"|\bthe lesson (?:from|has|itself|needs|on every|runs|sends|takes|uses)\b"
        r"|\bthe lesson's\b",
        re.IGNORECASE,
    ),
    "notebook": re.compile(r"\boptional lesson|\blesson \[|\blesson `"),
    "plan": re.compile(r"\blesson plan|\bplan for (?:a|the) lesson\b"),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_for_teachers_calls_a_lesson_in_class_a_lesson_and_nothing_else(page):
    text = page.read_text(encoding="utf-8")
    wrong = [
        f"{found[0]!r}: say {word!r}"
        for word, said in OTHER_WORDS.items()
        for found in said.finditer(text)
    ]
    assert wrong == []
