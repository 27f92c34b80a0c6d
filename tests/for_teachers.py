"""What pupils must not find: the answers of the test, of all keys, and of the quiz."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from helpers.common.files import ROOT
from helpers.common.language import translated_languages, use_language
from teach import quiz_questions
from tools import find_translation

SHORTEST = {"en": 25, "zh_CN": 14}  # letters of an answer that is no chance; Chinese has fewer
SHORTEST_CODE = 14  # signs of such a line of Python
CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def plain(text: str) -> str:
    """Return a text without what JSON, HTML and Markdown add to it, and in one line."""
    text = re.sub(
        r"\\[nu\"]|<[^>]+>|[`*\"“”|]", " ", text.replace("&quot;", " ").replace("&#x27;", "'")
    )
    return " ".join(text.replace("&#39;", "'").replace("&amp;", "&").split())


def long_enough(texts: set[str], language: str) -> set[str]:
    """Return the texts that nobody writes by chance."""
    return {text for text in texts if len(text) >= SHORTEST.get(language, 25)}


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
            fields = [plain(field) for field in row.strip("| -").split(" | ")]
            # A short answer, such as 0.338, is no chance beside the others of its row.
            found |= {*fields, plain(" ".join(fields))}
    found = {text for text in found if set(text) - {*" -"}}  # the line below a table's head
    return long_enough(found, language)


def answers_in_code() -> set[str]:
    """Return the lines of Python in keys that the sheets before the key don't have."""
    found = set()
    for path in (ROOT / "docs" / "print").glob("*.md"):
        sheets, _line, key = path.read_text(encoding="utf-8").rpartition("\n---\n")
        for code in re.findall(r"^```python\n(.*?)^```", key, re.DOTALL | re.MULTILINE):
            found |= {plain(line) for line in code.splitlines() if line not in sheets}
    return {line for line in found if len(line) >= SHORTEST_CODE}


def questions_of_the_test(language: str) -> set[str]:
    """Return the sentences of both forms of the test, which pupils shouldn't know before."""
    page = find_translation(ROOT / "docs/print/test.md", language).read_text(encoding="utf-8")
    sheets = page.rpartition("\n---\n")[0]
    lines = [plain(re.sub(r"\.{4,}", "", line)) for line in sheets.splitlines() if "|" not in line]
    questions = {line for line in lines if re.match(r"\d+\.|[a-c]\)|[a-c]）", line)}
    return long_enough(questions, language)


def lines_of_solutions() -> set[str]:
    """Return the lines of the pages of solutions that one language alone has."""
    found = set()
    for path in (ROOT / "docs").glob("*solutions*.md"):
        language = path.stem.partition(".")[2].replace("-", "_") or "en"
        lines = {plain(line) for line in path.read_text(encoding="utf-8").splitlines()}
        found |= long_enough({line for line in lines if re.match(r"\d+\. ", line)}, language)
    return found


def answers_of_quiz(language: str) -> set[str]:
    """Return what each answer of a question shows, if its form A isn't in a notebook as well."""
    with use_language(language):
        questions = quiz_questions.read_questions()
    hidden = [one for one in questions if not (one.in_notebook and one.form == "A")]
    found = {plain(text) for one in hidden for text in one.shows.values()}
    in_notebooks = {
        plain(text) for one in questions if one not in hidden for text in one.shows.values()
    }
    return long_enough(found - in_notebooks, language)


def all_answers() -> set[str]:
    """Return the answers in all languages, and the questions of the test."""
    languages = ["en", *translated_languages()]
    kinds = (answers_of_keys, answers_of_quiz, questions_of_the_test)
    parts = [find(language) for find in kinds for language in languages]
    parts.append(answers_in_code())
    assert all(len(part) > 10 for part in parts), "no answers were found"
    return set().union(lines_of_solutions(), *parts)


def answers_found_in(files: Iterable[Path]) -> list[str]:
    """Return the answers that stand in one of these files, also in the members of a zip file."""
    text = "\n".join(plain(text) for path in files for text in texts_of(path))
    return sorted(answer for answer in all_answers() if answer in text)


def texts_of(path: Path) -> list[str]:
    """Return the text of a file, or the texts of the files that it packs."""
    if path.suffix != ".zip":
        return [path.read_bytes().decode(errors="ignore")]
    with zipfile.ZipFile(path) as packed:
        return [packed.read(name).decode(errors="ignore") for name in packed.namelist()]
