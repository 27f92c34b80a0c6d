"""The two files to print: what they hold, that they load nothing, and how many pages they take."""

import re

import pytest
from bs4 import BeautifulSoup

from helpers.common.files import ROOT
from helpers.common.language import translated_languages
from teach import booklets
from tests.for_teachers import all_answers, answers_found_in, plain
from tests.teach.test_handouts import ENGLISH, printed_pages
from tools import find_translation, is_for_teachers, translated_path

LANGUAGES = ["", *translated_languages()]
# Heads of rows and columns, which are on a sheet and in its key.
LABELS = {"derivative for the hidden unit", "数字 1 数字 4 数字 7"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pupils_file_has_no_answer_of_a_key_or_of_the_quiz(language):
    text = plain(booklets.pupils_page(language))
    given_away = [answer for answer in all_answers() - LABELS if answer in text]
    assert given_away == []


def test_the_search_for_answers_finds_each_of_them_on_the_pages_for_teachers():
    pages = [
        path
        for path in (ROOT / "docs").rglob("*.md")
        if is_for_teachers(path.relative_to(ROOT).as_posix())
    ]
    assert sorted(all_answers() - {*answers_found_in(pages)}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_teachers_file_has_the_plans_the_sheets_the_quiz_and_the_test(language):
    soup = BeautifulSoup(booklets.teachers_page(language), "html.parser")
    ids = [section["id"] for section in soup.select("section")]
    plans = [path.stem for path in (ROOT / "docs" / "lessons").glob("*.md") if "." not in path.stem]
    assert sorted(ids) == sorted([*ENGLISH, *plans, "teaching", "quiz"])


@pytest.mark.parametrize("page", [booklets.teachers_page, booklets.pupils_page])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_in_a_file_to_print_leads_into_the_file_or_to_the_web(page, language):
    soup = BeautifulSoup(page(language), "html.parser")
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    links = [link["href"] for link in soup.select("a[href]")]
    assert [one for one in links if not one.startswith("http") and one[1:] not in ids] == []
    assert all(one["src"].startswith("data:") for one in soup.select("[src]"))


def test_the_files_to_print_are_written_where_no_pupil_gets_them(tmp_path):
    written = booklets.write_booklets(tmp_path)
    assert len(written) == 2 * len(LANGUAGES)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "build/" in ignored
    assert all(is_for_teachers(f"docs/{name}.md") for name in booklets.FOR_TEACHERS)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_to_print_take_as_many_pages_as_the_table_says(chromium, tmp_path, language):
    booklets.write_booklets(tmp_path)
    text = find_translation(ROOT / "docs" / "teaching.md", language).read_text(encoding="utf-8")
    for reader in ("teachers", "pupils"):
        stated = int(re.search(rf"^- \*\*{reader}\*\*\D*(\d+)", text, re.MULTILINE)[1])
        pages = printed_pages(chromium, tmp_path / translated_path(f"{reader}.html", language))
        # A machine without Chinese letters prints fewer pages, and the teachers' number is a bound.
        fewest = 1 if language else stated if reader == "pupils" else stated - 4
        assert fewest <= len(pages) <= stated
    # The first seven pages are the seven sheets that everybody gets.
    titles = []
    for name, _sheets in booklets.FOR_PUPILS[:7]:
        source = find_translation(booklets.DOCS / f"{name}.md", language)
        titles.append(source.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# "))
    first = ["".join(one.extract_text().split())[:6] for one in pages[:7]]
    assert len(set(titles)) == 7 and "24 · 7 = 168" in text
    if not language:  # a PDF may hold other code points for Chinese signs
        assert first == ["".join(title.split())[:6] for title in titles]
