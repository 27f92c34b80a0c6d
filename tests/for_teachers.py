"""What pupils must not find: the answers of the test, of all keys, and of the quiz."""

import re

from helpers.common.files import ROOT
from helpers.common.language import translated_languages, use_language
from teach import quiz_questions
from tools import find_translation

SHORTEST = {"en": 25, "zh_CN": 14}  # letters of an answer that is no chance; Chinese has fewer
CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def plain(text: str) -> str:
    """Return a text without what JSON, HTML and Markdown add to it, and in one line."""
    text = re.sub(
        r"\\[nu\"]|<[^>]+>|[`*\"“”]", " ", text.replace("&quot;", " ").replace("&#x27;", "'")
    )
    return " ".join(text.replace("&#39;", "'").replace("&amp;", "&").split())


def answers_of_keys(language: str) -> set[str]:
    """Return the sentences and fields on the last sheet of each page that has a key."""
    found = set()
    for path in [*(ROOT / "docs" / "print").glob("*.md"), ROOT / "docs/lessons/one_hour.md"]:
        if "." in path.stem:
            continue
        text = CODE.sub("", find_translation(path, language).read_text(encoding="utf-8"))
        _sheets, line, key = text.rpartition("\n---\n")
        if not line:
            continue  # the pupils' sheets of predictions, whose answers are in the plans
        for row in key.splitlines():
            found |= {plain(field) for field in row.strip("| ").split(" | ")}
    return {text for text in found if len(text) >= SHORTEST.get(language, 25)}


def answers_of_quiz(language: str) -> set[str]:
    """Return what each answer of a question shows, if its form A isn't in a notebook as well."""
    with use_language(language):
        questions = quiz_questions.read_questions()
    hidden = [one for one in questions if not (one.in_notebook and one.form == "A")]
    found = {plain(text) for one in hidden for text in one.shows.values()}
    in_notebooks = {
        plain(text) for one in questions if one not in hidden for text in one.shows.values()
    }
    return {text for text in found - in_notebooks if len(text) >= SHORTEST.get(language, 25)}


def all_answers() -> set[str]:
    """Return the answers in all languages."""
    languages = ["en", *translated_languages()]
    parts = [
        find(language) for find in (answers_of_keys, answers_of_quiz) for language in languages
    ]
    assert all(len(part) > 40 for part in parts), "no answers were found"
    return set().union(*parts)
