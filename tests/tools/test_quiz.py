"""The quiz: its source, the page that is made of it, and what a made-up class answers."""

import re

import nbformat
import pytest

from helpers.language import translations, using
from tests.browser import axe_violations
from tools import class_results, four_notebooks, quiz

QUESTIONS = [*quiz.questions()]
NAMES = [item.name for item in QUESTIONS if item.form == "A"]
# The right letters of each sheet, read off docs/quiz.md.
RIGHT = {"A": "cbdadbdacadbacbcdbacc", "B": "bcadacadbdacdbcbacdbb", "C": "acbdcddbca"}


def test_the_checks_in_the_notebooks_are_those_of_the_quiz():
    for path in four_notebooks():
        cells = nbformat.read(path, as_version=4).cells
        checks = {cell.id: cell.source for cell in cells if cell.id.startswith("quiz")}
        expected = {}
        for one in QUESTIONS:
            if one.form == "A" and "notebook" in one.topic and path.stem in one.name:
                text = f"**Check yourself.** {one.text}\n"
                for letter, answer in one.answers.items():
                    text += f"\n<details><summary>({letter}) {answer}</summary>\n\n"
                    verdict = "Right" if letter == one.right else "No"
                    text += f"{verdict}. {one.shows[letter]}\n</details>"
                expected[f"quiz-{one.name[-1]}"] = text
        assert checks == expected, f"these cells of {path.name} aren't as docs/quiz.md has them"


@pytest.mark.parametrize("language", translations())
def test_a_translation_asks_the_same(language):
    with using(language):
        translated = [*quiz.questions()]
    for one, other in zip(QUESTIONS, translated, strict=True):
        assert (one.form, one.name, one.right) == (other.form, other.name, other.right)
        assert one.text != other.text


def test_each_form_has_the_right_letters_and_shows_each_misconception():
    table = quiz.SOURCE.read_text(encoding="utf-8").partition("## 01_load")[0]
    named = re.findall(r"^\| ([A-Z].+?) \|", table, re.MULTILINE)
    notebooks = "".join(path.read_text(encoding="utf-8") for path in four_notebooks())
    assert all(f"## {broken}" in notebooks for broken in re.findall(r"\d\d, \*(.+?)\*", table))
    for form, letters in RIGHT.items():
        asked = [one for one in QUESTIONS if one.form == form]
        assert [one.right for one in asked] == [*letters], f"of form {form}"
        assert all(len({*one.answers.values()}) == 4 for one in asked)
        shown = re.findall(r"\*([A-Z][^*]+)\.\*", str([one.shows for one in asked]))
        assert {*named} == {*shown} and len(named) == 6


def test_a_report_says_gains_with_their_interval_and_what_wrong_answers_show(tmp_path, capsys):
    """Three who know so many of 21 answers, and take the next letter for the others."""
    rows, following = [["name", "form", *NAMES]], str.maketrans("abcd", "bcda")
    for form, known in {"A": (4, 8, 6), "B": (10, 12, 16)}.items():
        for learner, count in zip(("Fern", "Kim", "Li"), known, strict=True):
            letters = RIGHT[form][:count] + RIGHT[form][count:].translate(following)
            rows.append([learner, form, *letters])
    (tmp_path / "typed.csv").write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    (tmp_path / "other.csv").write_text(f"name,form\0\n{'A' * 200_000},A\n", encoding="utf-8")
    class_results.main([str(tmp_path), "--csv", str(tmp_path / "out" / "results")])
    told = capsys.readouterr().out
    # By a table of t, with 2 degrees of freedom: 4.303 times 14.5 points, by the root of 3.
    gain = "29%, then 60%: a gain of 31.7 points, 95% interval -4.4 to 67.9. With"
    assert f"B: 3. Right were {gain}" in told
    [line] = [line for line in told.splitlines() if line.startswith(f"{NAMES[10]}, ")]
    assert line.endswith(": A 0 of 3 right (0%), B 2 of 3 right (67%)")
    eleventh = (item for item in QUESTIONS if item.name == NAMES[10])
    for item, wrong in zip(eleventh, (3, 1), strict=False):  # of forms A and B
        answer = item.answers[item.right.translate(following)]
        assert f"\n    {item.form}, {wrong} of 3: {answer} [" in told


def test_pages_save_answers_and_say_what_they_show(tmp_path, opened):
    quiz.main(tmp_path)
    for path in (tmp_path / "quiz.html", quiz.SOURCE.with_name("try_it.html")):
        page = opened(path)
        page.locator("summary").evaluate_all("folded => folded.forEach((one) => one.click())")
        assert page.locator("form:visible").count() == len({one.sheet for one in QUESTIONS})
        form = page.locator("form[data-quiz=B]").first
        form.locator("[name=name]").fill('Ö "7", <b>')
        form.locator("[value=b]").first.check()
        with page.expect_download() as download:
            form.locator("button").click()
        download.value.save_as(tmp_path / path.stem / download.value.suggested_filename)
        given = quiz.read(tmp_path / path.stem, QUESTIONS)
        assert given == {("ö 7 b", "B", f"01_load {n}"): "b" * (n == 1) for n in range(1, 6)}
        assert form.locator("em:visible").inner_text().startswith("Right. Only images")
        assert axe_violations(page) == []
