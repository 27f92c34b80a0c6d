"""The quiz: its source, the page that is made of it, and what two made-up classes answer."""

import re
from collections import Counter
from statistics import mean, stdev

import nbformat
import numpy as np
import pytest

from helpers.language import translations, using
from tests.browser import axe_violations
from tools import class_results, quiz
from tools.execute import four_notebooks

QUESTIONS = [*quiz.questions()]
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


@pytest.mark.parametrize("known", [{"A": 0.3, "B": 0.7}, {"A": 0, "B": 0}])
def test_a_class_that_learned_gains_and_one_that_guessed_does_not(tmp_path, capsys, known):
    """Twelve who know a share of the answers and guess the others, in a typed table."""
    rng, chosen = np.random.default_rng(1), {}
    rows = [["name", "form", *(one.name for one in QUESTIONS if one.form == "A")]]
    right = {form: np.array([*RIGHT[form]]) for form in known}
    for form, share in known.items():
        size = 12, len(right[form])
        guesses = rng.choice([*"abcd"], size)
        chosen[form] = np.where(rng.random(size) < share, right[form], guesses)
        rows += [[f"Fern {number}", form, *chosen[form][number]] for number in range(12)]
    (tmp_path / "typed.csv").write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    (tmp_path / "other.csv").write_text(f"name,form\0\n{'A' * 200_000},A\n", encoding="utf-8")
    class_results.main([str(tmp_path), "--csv", str(tmp_path / "out" / "results")])
    told = capsys.readouterr().out
    before, after = (100 * (chosen[form] == right[form]).mean(axis=1) for form in "AB")
    gains = (after - before).tolist()
    half = 2.201 * stdev(gains) / 12**0.5  # by a table of t, with 11 degrees of freedom
    low, high = mean(gains) - half, mean(gains) + half
    assert low > 0 if known["B"] else low < 0 < high
    text = f"{mean(before):.0f}%, then {mean(after):.0f}%: a gain of {mean(gains):.1f} points"
    assert f"B: 12. Right were {text}, 95% interval {low:.1f} to {high:.1f}. With" in told
    for one in (one for one in QUESTIONS if one.name == rows[0][-1] and one.form in known):
        letters = Counter(chosen[one.form][:, -1].tolist())
        count = letters.pop(one.right)
        assert f"{one.form} {count} of 12 right ({count / 12:.0%})" in told
        letter, most = max(letters.items(), key=lambda item: item[1])
        assert f"\n    {one.form}, {most} of 12: {one.answers[letter]} [" in told


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
