"""The quiz: its source, the page that is made of it, and what a made-up class answers."""

import base64
import csv
import json
import locale
import random
import re
from collections import Counter

import nbformat
import numpy as np
import pytest
from inline_snapshot import external_file

from helpers.common.files import ROOT
from helpers.common.language import catalogue, translated_languages, use_language
from teach import class_results, exports, quiz, quiz_questions
from teach.quiz_results import learning_gain
from teach.quiz_sheets import read_sheets
from teach.tables import SEPARATORS, read_table, system_separator, write_table
from tests.browser import axe_violations
from tests.editions import needs_chinese
from tools import four_notebooks

QUESTIONS = quiz_questions.read_questions()
NAMES = [item.name for item in QUESTIONS if item.form == "A"]
NAME = '=Ö "7", <b>'  # a formula, to a spreadsheet
NAME_KEY = '"7" <b> =ö'
RIGHT = {form: "".join(one.right for one in QUESTIONS if one.form == form) for form in "ABC"}
NEXT_LETTER = str.maketrans("abcd", "bcda")
LANGUAGES = ["en", *translated_languages()]
HEDGES = re.compile(r"\b(may|might|can't|nobody can|perhaps|nearly)\b", re.IGNORECASE)


def test_the_checks_in_the_notebooks_are_those_of_the_quiz():
    for path in four_notebooks():
        cells = nbformat.read(path, as_version=4).cells
        checks = {cell.id: cell.source for cell in cells if cell.id.startswith("quiz")}
        expected = {}
        for one in QUESTIONS:
            if one.form == "A" and one.in_notebook and path.stem in one.name:
                text = f"**Check yourself.** {one.text}\n"
                for letter, answer in one.answers.items():
                    text += f"\n<details><summary>({letter}) {answer}</summary>\n\n"
                    verdict = "Right" if letter == one.right else "No"
                    text += f"{verdict}. {one.shows[letter]}\n</details>"
                expected[f"quiz-{one.name[-1]}"] = text
        assert checks == expected, f"these cells of {path.name} aren't as docs/quiz.md has them"


@pytest.mark.parametrize("language", translated_languages())
def test_a_translation_asks_the_same(language):
    with use_language(language):
        translated = quiz_questions.read_questions()
    for one, other in zip(QUESTIONS, translated, strict=True):
        assert (one.form, one.name, one.right) == (other.form, other.name, other.right)
        assert one.text != other.text


def test_a_heading_may_have_two_sentences(tmp_path, monkeypatch):
    source = tmp_path / "quiz.md"
    text = quiz_questions.SOURCE.read_text(encoding="utf-8")
    text = re.sub(r"^### 1\. .*", "### 1. A shape. What does it say?", text, flags=re.MULTILINE)
    source.write_text(text, encoding="utf-8")
    monkeypatch.setattr(quiz_questions, "SOURCE", source)
    assert quiz_questions.read_questions()[0].topic == "A shape. What does it say?"


def test_letters_that_somebody_typed_keep_their_meaning_with_each_version_of_python(monkeypatch):
    def change_order(generator, letters, *_count):
        letters = [*reversed(letters)]
        return letters

    for function in ("sample", "shuffle"):
        monkeypatch.setattr(random.Random, function, change_order)
    assert quiz_questions.read_questions() == QUESTIONS


def test_a_question_without_letters_says_where_they_belong(monkeypatch, tmp_path):
    source = tmp_path / "quiz.md"
    text = quiz_questions.SOURCE.read_text(encoding="utf-8").replace("\n### 1. ", "\n### 9. ")
    source.write_text(text, encoding="utf-8")
    monkeypatch.setattr(quiz_questions, "SOURCE", source)
    with pytest.raises(ValueError, match=r'quiz_letters.json has no line for "B 01_load 9"'):
        quiz_questions.read_questions()


def test_the_misconceptions_name_sections_and_no_question_has_an_answer_twice():
    table = quiz_questions.SOURCE.read_text(encoding="utf-8").partition("## Six misconceptions")[2]
    table = table.partition("\n## ")[0]
    notebooks = "".join(path.read_text(encoding="utf-8") for path in four_notebooks())
    assert all(f"## {broken}" in notebooks for broken in re.findall(r"\d\d, \*(.+?)\*", table))
    assert all(len({*one.answers.values()}) == 4 for one in QUESTIONS)


def test_the_letters_of_each_question_are_their_snapshot():
    """Letters that a class has answered keep their meaning by them.

    `pytest tests/teach -k snapshot --renew` adds a new question. No other line may change.
    """
    lines = []
    for one in QUESTIONS:
        order = "".join(quiz_questions.order_answers(one.form, one.name))
        lines.append(f"{one.form} {one.name}: {one.right} of {order}\n")
    snapshot = ROOT / "tests" / "teach" / "quiz_letters.txt"
    assert "".join(lines) == external_file(str(snapshot))


def asked(form, name):
    """Return the numbers in the text of a question, and its right answer."""
    [one] = [one for one in QUESTIONS if (one.form, one.name) == (form, name)]
    numbers = [
        float(number.replace(",", "")) for number in re.findall(r"-?\d[\d.,]*\d|-?\d", one.text)
    ]
    return numbers, one.answers[one.right]


@pytest.mark.parametrize("form", "AB")
def test_the_right_answers_that_are_computed_are_what_numpy_computes(form):
    numbers, right = asked(form, "02_architecture 3")
    patch = np.reshape(numbers[-9:], (3, 3))
    kernel = np.broadcast_to(np.reshape(numbers[:-9], (-1, 3)), (3, 3))  # "each row" is one row
    assert f"{(kernel * patch).sum():.0f}" == right
    (weight, derivative, rate), right = asked(form, "03_train 3")
    assert f"{weight - rate * derivative:.2f}".rstrip("0") == right
    (count, _probability, counted), _right = asked(form, "04_evaluate 2")
    [shown] = [one.shows[one.right] for one in QUESTIONS if one[:2] == (form, "04_evaluate 2")]
    assert f"are {counted / count:.0%}" in shown
    numbers, right = asked(form, "04_evaluate 8")
    groups = {numbers[0] / numbers[1], numbers[2] / numbers[3]}
    assert f"{100 * (1 - max(groups)):.0f}" == right, "the group that is asked for is the worse one"


@pytest.mark.parametrize("form", "ABC")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_has_an_answer_for_each_misconception(language, form):
    with use_language(language):
        names = quiz_questions.read_misconceptions()
    asked = [question for question in questions_in(language) if question.form == form]
    shown = {quiz_questions.misconception_of(text) for one in asked for text in one.shows.values()}
    assert len(names) == 6 and shown == {"", *names}


def questions_in(language: str) -> list:
    """Return the questions in a language."""
    with use_language(language):
        return quiz_questions.read_questions()


@pytest.mark.parametrize("form", "ABC")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_answer_is_not_known_by_its_length(language, form):
    """Where the four answers have unlike lengths, the longest is right in a quarter, by chance."""
    longest = []
    for question in questions_in(language):
        if question.form == form:
            lengths = {letter: len(answer) for letter, answer in question.answers.items()}
            others = [length for letter, length in lengths.items() if letter != question.right]
            right = lengths[question.right]
            # One letter more or less isn't seen.
            kind = "longest" if right > 1.1 * max(others) else "shortest"
            if kind == "longest" or right < min(others) / 1.1:
                longest.append((kind, question.name))
    count = len(RIGHT[form])
    for kind in ("longest", "shortest"):
        names = [name for found, name in longest if found == kind]
        assert len(names) <= count / 4, f"the {kind} answer is right in {names}"


@pytest.mark.parametrize("form", "ABC")
def test_the_right_answer_is_not_the_only_one_with_a_hedge(form):
    for question in QUESTIONS:
        hedged = [letter for letter, text in question.answers.items() if HEDGES.search(text)]
        assert hedged != [question.right], f"form {question.form} of {question.name}"


@pytest.mark.parametrize("form", "ABC")
def test_always_one_letter_is_right_about_as_often_as_any_other(form):
    letters = Counter(RIGHT[form])
    assert max(letters.values()) <= 0.3 * len(RIGHT[form]), letters
    assert min(letters.values()) >= 0.1 * len(RIGHT[form]), letters
    assert not re.search(r"(.)\1\1", RIGHT[form])


def test_the_letters_of_one_form_do_not_tell_those_of_another():
    pairs = Counter(zip(RIGHT["A"], RIGHT["B"], strict=True))
    assert max(pairs.values()) <= 3, pairs


def read(folder, **tables: str | bytes):
    """Return what is read from tables, which stand in a folder under their names."""
    for name, content in tables.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return read_sheets(folder, QUESTIONS, paths)


def given(reading) -> list[tuple[str, str, str]]:
    """Return learners, forms and letters of all sheets."""
    return [(one.learner, one.form, "".join(one.letters.values())) for one in reading.sheets]


@pytest.mark.parametrize(
    "table",
    [
        "name,form,01_load 1,01_load 2\nJörg,A,c,b\n",
        "Name; FORM ;01_LOAD 1; 01_load  2\r\nJörg;A;c;b\r\n",
        "name\tform\t01_load 1\t01_load 2\rJörg\tA\tc\tb\r",
        "sep=;\nname;form;01_load 1;01_load 2\nJörg;a;C;B\n",
        "\n;;\nname;form;01_load 1;01_load 2\n;;;\nJörg;Form A;c);(b)\n",
        "Class 10b,,,\nname,form,01_load 1,01_load 2\nJörg,A 卷,c.,b)\n",
        '"name","form","01_load 1","01_load 2"\n"Jo\u0308rg","(A)"," c "," b"\n',
        '"name";"form";"01_load 1";"01_load 2"\n"Jör"g;A;c;b\n',
        "name,form,01_load 1,01_load 2\nJörg,A,c,b,,\n,,\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_table_is_read_as_a_spreadsheet_or_a_person_writes_it(tmp_path, table, encoding):
    data = table.encode(encoding, errors="ignore" if encoding == "cp1252" else "strict")
    reading = read(tmp_path, **{"typed.CSV": data})
    name = "jorg" if encoding == "cp1252" and "\u0308" in table else "jörg"
    assert given(reading) == [(name, "A", "cb")]
    assert (reading.rows, reading.rows_not_read, reading.files_not_read) == (1, [], [])


WESTERN = ["Jörg", "Müßig", "Größe", "Öz", "ÉLOÏSE", "Ñuño"]
CHINESE = ["李雷", "朱镕基", "韩梅梅", "王喆 Zoe"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [*((name, "cp1252") for name in WESTERN), *((name, "gb18030") for name in CHINESE)],
)
def test_a_name_is_the_same_in_the_encoding_of_a_western_or_chinese_excel(tmp_path, name, encoding):
    table = f"name,form,01_load 1\n{name},A,c\n"
    reading = read(tmp_path, **{"a.csv": table.encode(encoding)})
    assert [sheet.name for sheet in reading.sheets] == [name]


def test_the_answer_i_do_not_know_is_read_and_counts_as_not_right(tmp_path):
    reading = read(tmp_path, **{"t.csv": "name,form,01_load 1\nAnn,A,e)\nAnn,B,b\n"})
    assert given(reading) == [("ann", "A", "e"), ("ann", "B", "b")]
    gain = learning_gain(reading, QUESTIONS, "AB")
    assert gain.shares.tolist() == [[0, 100]], "it wasn't compared with the answer in form B"


def test_rows_that_cannot_be_read_are_named_with_the_reason(tmp_path):
    rows = ["name,form,01_load 1,01_load 2", "Ann,,a,b", "Bo,AB,a,b", "Cem,D,a,b", "Di,A,,-"]
    rows += ["Ed,A,a,x", "Flo,C,a,b", ",B,a,a", ",,,", "Gil,B,1,2"]
    reading = read(tmp_path, **{"t.csv": "\n".join(rows)})
    assert reading.rows_not_read == [
        ("t.csv row 2 (Ann)", "no form; it has to be A, B or C"),
        ("t.csv row 3 (Bo)", 'the form is "ab"; it has to be A, B or C'),
        ("t.csv row 4 (Cem)", 'the form is "d"; it has to be A, B or C'),
        ("t.csv row 5 (Di)", "no letter from a to e"),
        ("t.csv row 10 (Gil)", "no letter from a to e"),
    ]
    remarks = "\n".join(reading.remarks)
    assert "t.csv row 6 (Ed): no letter from a to e, so it counts as not answered (" in remarks
    assert '(01_load 2 is "x")' in remarks
    assert "t.csv row 7 (Flo): form C doesn't ask 01_load 2" in remarks
    assert "t.csv row 8: no name, so this sheet counts in no gain" in remarks
    assert reading.rows == 8 and [one.learner for one in reading.sheets] == [
        "ed",
        "flo",
        "t.csv row 8",
    ]


def test_columns_that_are_no_questions_are_named(tmp_path):
    reading = read(tmp_path, **{"t.csv": "name,form,01_load 1,Q2,\nAnn,A,c,b,\n"})
    assert reading.remarks == ["t.csv: the quiz has no question for the columns q2"]


@pytest.mark.parametrize("letter", "bc")
@pytest.mark.parametrize("other", ["Ann", "ann", " ANN "])
def test_two_sheets_of_one_name_are_both_counted_and_named_and_in_no_gain(tmp_path, other, letter):
    rows = [
        "name,form,01_load 1",
        "Ann,A,c",
        f"{other},A,{letter}",
        "Ann,B,b",
        "Kim,A,c",
        "Kim,B,b",
    ]
    reading = read(tmp_path, **{"t.csv": "\n".join(rows)})
    assert len(reading.sheets) == 5 and reading.ambiguous == {"ann"}
    assert "t.csv row 2 (Ann); t.csv row 3 (" in reading.remarks[0]
    assert "give two learners two names" in reading.remarks[0]
    assert len(learning_gain(reading, QUESTIONS, "AB").shares) == 1  # of Kim


def test_a_sheet_that_stands_in_two_files_counts_once_and_is_named(tmp_path):
    table = "name,form,01_load 1\nAnn,A,c\n"
    reading = read(tmp_path, **{"a.csv": table, "b/a.csv": table})
    assert len(reading.sheets) == 1 and reading.ambiguous == set()
    assert "the same answers as" in reading.remarks[0]


def test_of_two_downloads_of_one_learner_the_first_counts_and_the_other_is_named(tmp_path):
    first, second = (f"name,form,01_load 1\nAnn,B,{letter}\n" for letter in "ab")
    reading = read(tmp_path, **{"quiz B Ann (1).csv": second, "quiz B Ann.csv": first})
    assert given(reading) == [("ann", "B", "a")]
    assert "quiz B Ann (1).csv row 2 (Ann): saved again after quiz B Ann.csv" in reading.remarks[0]


def test_two_spellings_are_one_learner(tmp_path):
    reading = read(tmp_path, **{"t.csv": "name,form,01_load 1\nAnna,A,c\nanna,B,b\nÄnn,B,b\n"})
    assert len(learning_gain(reading, QUESTIONS, "AB").shares) == 1
    assert [sheet.name for sheet in reading.sheets][:2] == ["Anna", "anna"]


def test_names_of_signs_alone_are_names(tmp_path):
    reading = read(tmp_path, **{"t.csv": "name,form,01_load 1\n***,A,c\n:-),A,a\n"})
    assert [one.learner for one in reading.sheets] == ["***", ":-)"]


def test_a_table_of_one_long_cell_or_of_zeros_takes_no_time(tmp_path):
    table = f"name,form,01_load 1\0\n{'A' * 200_000},A,c\n"
    reading = read(tmp_path, **{"t.csv": table, "large.csv": "," * 1_000_001})
    assert len(reading.sheets) == 1
    assert [reason for _path, reason in reading.files_not_read] == [
        "no table of the quiz: it has more than 1,000,000 bytes"
    ]


@pytest.mark.parametrize(("decimal_point", "separator"), [(".", ","), (",", ";")])
def test_a_table_has_the_separator_that_excel_expects(monkeypatch, decimal_point, separator):
    monkeypatch.setattr(locale, "localeconv", lambda: {"decimal_point": decimal_point})
    assert system_separator() == separator


@pytest.mark.parametrize("separator", SEPARATORS)
def test_an_empty_table_that_was_filled_in_is_read_with_each_separator(
    tmp_path, monkeypatch, separator
):
    monkeypatch.setattr(quiz, "ROOT", tmp_path)
    quiz.run_command(["--separator", separator])
    path = tmp_path / "build" / "quiz.csv"
    header = path.read_text("utf-8-sig").splitlines()[0]
    assert header.split(SEPARATORS[separator])[:3] == ['"name"', '"form"', '"01_load 1"']
    with path.open("a", encoding="utf-8") as file:
        file.write(SEPARATORS[separator].join(["Ann", "A", "c", "e"]) + "\n")
    assert given(read_sheets(tmp_path, QUESTIONS, [path])) == [("ann", "A", "ce")]


def test_a_table_with_answers_is_not_overwritten_when_the_quiz_is_written_again(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(quiz, "ROOT", tmp_path)
    path = tmp_path / "build" / "quiz.csv"
    quiz.run_command(["--separator=comma"])
    quiz.run_command(["--separator=semicolon"])
    assert path.read_text("utf-8-sig").startswith('"name";"form";'), "an empty table is renewed"
    with path.open("a", encoding="utf-8") as file:
        file.write("Ann;A;c;e\n")
    answers = path.read_bytes()
    capsys.readouterr()
    quiz.run_command([])
    assert path.read_bytes() == answers
    assert f"{path} may have answers already, so it stays as it is." in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"PK\x03\x04 of Excel", b"name,form\n" + bytes(2_000_000)])
def test_a_file_that_is_no_table_by_now_is_not_overwritten_by_an_empty_one(tmp_path, content):
    (tmp_path / "quiz.csv").write_bytes(content)
    quiz.write_quiz(tmp_path)
    assert (tmp_path / "quiz.csv").read_bytes() == content


FORMULAS = ["=1+1", "+1", "-1", "@a", "'=1", "''=1", " =1", "\t=1", "\r1"]


@pytest.mark.parametrize("separator", SEPARATORS.values())
@pytest.mark.parametrize("name", [*FORMULAS, "Ann", "'Ann"])
def test_a_formula_in_a_table_is_a_text_and_is_read_back(tmp_path, name, separator):
    path = tmp_path / "a.csv"
    write_table(path, [["name", "form"], [name, "A"]], separator)
    rows = csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=separator)
    assert not re.match(r"\s*[=+@\t\r-]", [*rows][1][0])
    assert read_table(path, "name", "form")[1] == [name.replace("\r", "\n"), "A"]


def report(folder, capsys) -> str:
    class_results.report_class([str(folder), "--csv", str(folder / "out" / "results")])
    return capsys.readouterr().out


def test_a_report_says_gains_with_their_interval_and_what_wrong_answers_show(tmp_path, capsys):
    """Three who know so many of the answers, and take the next letter for the others."""
    rows, known_answers = [["name", "form", *NAMES]], {"A": (4, 8, 6), "B": (10, 12, 16)}
    for form, known in known_answers.items():
        for learner, count in zip(("Fern", "Kim", "Li"), known, strict=True):
            letters = RIGHT[form][:count] + RIGHT[form][count:].translate(NEXT_LETTER)
            rows.append([learner, form, *letters])
    (tmp_path / "typed.csv").write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    text = report(tmp_path, capsys)
    assert "Rows of the quiz read: 6\n\n" in text
    before, after = (100 * np.array(known) / len(NAMES) for known in known_answers.values())
    right = f"{before.mean():.0f}% of the questions right in form A, and {after.mean():.0f}% in"
    assert f"had {right} form B" in text
    gain = (after - before).mean()
    assert f"The gain is {gain:.1f} percentage points." in text and "unanswered" not in text
    # 4.303 is from a table of t, with 2 degrees of freedom.
    half_width = 4.303 * (after - before).std(ddof=1) / 3**0.5
    interval = f"between {gain - half_width:.1f} and {gain + half_width:.1f} percentage points"
    assert f"would probably gain {interval} on average" in text
    assert "This includes 0, so chance alone can make such a gain." in text
    eleventh = text.partition(f"### {NAMES[10]}: ")[2]
    items = (item for item in QUESTIONS if item.name == NAMES[10])
    for item, right, wrong in zip(items, (0, 2), (3, 1), strict=False):  # of forms A and B
        share = f"{right} of 3 right ({right / 3:.0%}): {item.answers[item.right]}"
        answer = item.right.translate(NEXT_LETTER)
        mistake = f"{wrong} of 3: {item.answers[answer]} — {item.shows[answer]}"
        assert f"\n- **{item.form}**: {item.text}\n  - {share}\n  - {mistake}\n" in eleventh


@pytest.mark.parametrize(("second_answer", "gain"), [("e", "0.0"), (RIGHT["B"][1], "50.0")])
def test_equal_gains_of_all_learners_are_given_no_interval(tmp_path, capsys, second_answer, gain):
    rows = ["name,form," + ",".join(NAMES[:2])]
    for learner in ("Ann", "Bo", "Cy"):
        rows.append(f"{learner},A,{RIGHT['A'][0]},e")
        rows.append(f"{learner},B,{RIGHT['B'][0]},{second_answer}")
    (tmp_path / "typed.csv").write_text("\n".join(rows), encoding="utf-8")
    text = report(tmp_path, capsys)
    assert f"The gain is {gain} percentage points." in text
    assert "Chance can't be estimated" in text and "all have gained the same" in text
    assert "confidence interval" not in text and "include 0" not in text


def test_an_unanswered_question_counts_in_no_gain_and_the_other_count_is_said(tmp_path, capsys):
    """Of five questions, A has one right, one wrong and three without an answer."""
    a, b = RIGHT["A"][0] + RIGHT["A"][1].translate(NEXT_LETTER), RIGHT["B"][:4]
    rows = ["name,form," + ",".join(NAMES[:5]), f"Ann,A,{','.join(a)},,,", f"Ann,B,{','.join(b)},"]
    (tmp_path / "typed.csv").write_text("\n".join(rows), encoding="utf-8")
    text = report(tmp_path, capsys)
    assert "had 50% of the questions right in form A, and 100% in form B" in text
    assert "left 60% of the questions unanswered in form A, and 20% in form B" in text
    assert "as wrong, 20% and then 80% were right: a gain of 60.0 percentage points" in text


def test_the_gain_is_said_without_the_questions_that_the_notebooks_ask_too(tmp_path, capsys):
    """Of two questions, the one that isn't in the notebook is right in both forms."""
    questions = {(one.form, one.name): one for one in QUESTIONS}
    assert questions["A", "01_load 2"].in_notebook and not questions["A", "01_load 1"].in_notebook
    letters = [[questions[form, f"01_load {n}"].right for n in (1, 2)] for form in "AB"]
    letters[0][1] = "e"
    rows = ["name,form,01_load 1,01_load 2"]
    rows += [",".join(["Ann", form, *row]) for form, row in zip("AB", letters, strict=True)]
    (tmp_path / "typed.csv").write_text("\n".join(rows), encoding="utf-8")
    text = report(tmp_path, capsys)
    assert "had 50% of the questions right in form A, and 100% in form B" in text
    assert "Without them, 100% were right in form A, and 100% in form B." in text


def test_a_row_without_any_letter_makes_one_line(tmp_path, capsys):
    marks = ",".join("x" * len(NAMES))
    rows = [f"name,form,{','.join(NAMES)}", f"Ann,A,{marks}", f"Bo,A,c{marks[1:]}"]
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    text = report(tmp_path, capsys)
    for learner in ("Ann", "Bo"):
        assert text.count(f"({learner})") == 1, f"more than one line for {learner}"


def test_the_report_counts_the_rows_and_names_those_that_are_not_read(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("name,form,01_load 1\nAnn,A,c\nBo,,a\n", encoding="utf-8")
    text = report(tmp_path, capsys)
    assert "Rows of the quiz read: 1\n- Files not read: 0\n- Rows of the quiz not read: 1\n" in text
    assert "\n    t.csv row 3 (Bo): no form; it has to be A, B or C\n" in text


# Somebody may have thrown the Chinese edition away.
CHINESE_TITLE = [(["zh_CN"], "测验题")] if "zh_CN" in translated_languages() else []


@pytest.mark.parametrize(
    ("arguments", "title"),
    [([], "Quiz"), (["en"], "Quiz"), *CHINESE_TITLE],
)
def test_the_quiz_is_written_in_the_language_that_is_asked_for(
    tmp_path, monkeypatch, arguments, title
):
    monkeypatch.setattr(quiz, "ROOT", tmp_path)
    quiz.run_command(arguments)
    page = (tmp_path / "build" / "quiz.html").read_text(encoding="utf-8")
    assert f"<title>{title}</title>" in page


def test_a_language_that_is_not_there_is_refused_with_a_list(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(quiz, "ROOT", tmp_path)
    with pytest.raises(SystemExit):
        quiz.run_command(["fr"])
    problem = capsys.readouterr().err
    assert "fr" in problem and all(name in problem for name in ["en", *translated_languages()])
    assert not (tmp_path / "build").exists(), "a quiz in another language was written"


def moodle_questions(text: str) -> dict[str, list[dict]]:
    """Return the questions of each category as Moodle's importer reads a file of the format GIFT.

    It leaves comments out, takes escaped signs away, splits the rest by the signs that are left,
    and puts the escaped ones back. A question has a name, a text, and answers, each of which is its
    text, whether it is right, and the feedback. A number of percent before an answer is a weight,
    and four signs # begin a feedback on the whole question. The quiz uses neither of them.
    """
    categories = {}
    text = re.sub(r"^\s*//.*", " ", text, flags=re.MULTILINE)
    for block in re.split(r"\n\s*\n", text.strip()):
        block = re.sub(r"\\([\\~=#{}:])", lambda sign: f"&&{ord(sign[1]):03};", block)
        if block.startswith("$CATEGORY:"):
            questions = categories.setdefault(block.removeprefix("$CATEGORY:").strip(), [])
            continue
        name, asked, answers = re.fullmatch(r"::(.*?)::([^{}]*){([^{}]*)}", block, re.S).groups()
        assert "####" not in answers
        parts = re.split(r"(?=[~=])", answers.strip())
        assert parts.pop(0) == "", "a text stands before the first answer"
        read_answers = []
        for part in parts:
            answer, _sign, feedback = part[1:].partition("#")
            assert not re.match(r"\s*%-*\d{1,2}\.?\d*%", answer), "Moodle takes this for a weight"
            read_answers.append((moodle_text(answer), part[0] == "=", moodle_text(feedback)))
        question = {
            "name": unescape(name.strip()),
            "text": moodle_text(asked),
            "answers": read_answers,
        }
        questions.append(question)
    return categories


def moodle_text(text: str) -> str:
    """Return a text without the name of its format, with the escaped signs in their place."""
    text = text.strip()
    if text.startswith("["):
        name_of_format, _bracket, text = text.partition("]")
        assert name_of_format == "[html", "Moodle takes this for the name of a format"
    return unescape(text.strip())


def unescape(text: str) -> str:
    """Return a text with the escaped signs in their place."""
    return re.sub(r"&&(\d{3});", lambda code: chr(int(code[1])), text)


@pytest.mark.parametrize("beginning", ["", "[html] ", "[plain]", "{", "=", "//", "::", "%50%"])
def test_a_text_comes_into_moodle_with_all_its_signs(beginning):
    odd = beginning + r"\a ~b =c #d {e} :f ::g:: -> %50%h [i] // \n \= $CATEGORY: x"
    texts = {"a": f"{odd}2", "b": odd, "c": f"{odd}3", "d": f"{odd}4"}
    question = QUESTIONS[1]._replace(name=odd, text=odd, answers=texts, shows=texts, right="b")
    text = f"$CATEGORY: x\n\n{exports.moodle_question(question)}"
    [[read_question]] = moodle_questions(text).values()
    shown = [" ".join(quiz_questions.inline_html(text).split()) for text in (odd, *texts.values())]
    assert read_question["name"] == f"{question.form} {odd}"
    assert read_question["text"] == shown[0]
    assert read_question["answers"][:-1] == [(text, text == shown[0], text) for text in shown[1:]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_for_moodle_holds_each_question_with_its_right_answer(language):
    with use_language(language):
        categories = moodle_questions(exports.moodle_file(quiz_questions.read_questions()))
    questions = questions_in(language)
    dont_know = catalogue(language).gettext("I don't know.")
    assert {*categories} == {f"hello-mnist/{question.sheet}" for question in questions}
    in_moodle = {item["name"]: item for items in categories.values() for item in items}
    assert len(in_moodle) == len(questions)
    for question in questions:
        item = in_moodle[f"{question.form} {question.name}"]
        texts = [quiz_questions.inline_html(answer) for answer in question.answers.values()]
        assert [text for text, _is_right, _feedback in item["answers"]] == [*texts, dont_know]
        right = [
            letter for letter, answer in zip("abcde", item["answers"], strict=True) if answer[1]
        ]
        assert right == [question.right]
        explained = [bool(feedback) for _text, _is_right, feedback in item["answers"]]
        assert explained == [question.form != "A"] * 4 + [False]


def test_the_help_says_what_is_written_and_what_each_option_is_for(capsys):
    with pytest.raises(SystemExit):
        quiz.run_command(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "usage: python -m teach.quiz" in text and "a file for Moodle" in text
    assert "what Excel on this computer expects" in text


def choose_sheet(page, name):
    """Choose a sheet of the quiz, and return its form, the only one that is visible then."""
    page.get_by_role("link", name=name).click()
    assert page.locator("form[data-quiz]:visible").count() == 1
    return page.locator("form[data-quiz]:visible")


def save_answers(page, form, folder):
    """Press the button of a form, and return the file that the page saves."""
    with page.expect_download() as download:
        form.locator("button").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_pages_save_answers_and_show_one_sheet_at_a_time(tmp_path, opened):
    quiz.write_quiz(tmp_path)
    for path in (tmp_path / "quiz.html", quiz_questions.SOURCE.with_name("try_it.html")):
        page = opened(path)
        page.locator("summary").evaluate_all("folded => folded.forEach((one) => one.click())")
        assert page.locator("form:visible").count() == 0
        sheets = page.locator("a[href^='#quiz-']")
        assert sheets.count() == len({one.sheet for one in QUESTIONS})
        form = choose_sheet(page, "B: 01_load, after it")
        form.locator("[name=name]").fill(NAME)
        form.locator("[value=b]").first.check()
        saved = save_answers(page, form, tmp_path / path.stem)
        assert "Saved among your downloads" in form.inner_text()
        assert "\"'=Ö" in saved.read_text(encoding="utf-8"), "a spreadsheet would run this name"
        reading = read_sheets(tmp_path, QUESTIONS, [saved])
        assert given(reading) == [(NAME_KEY, "B", "b")]
        assert [sheet.name for sheet in reading.sheets] == [NAME]
        assert axe_violations(page) == []


def test_a_learner_can_answer_i_do_not_know(tmp_path, opened):
    quiz.write_quiz(tmp_path)
    page = opened(tmp_path / "quiz.html")
    form = choose_sheet(page, "A: 02_architecture, before it")
    answers = form.get_by_label("(e) I don't know.")
    assert answers.count() == form.locator("fieldset").count()
    form.locator("[name=name]").fill("Ann")
    for answer in answers.all():
        answer.check()
    saved = save_answers(page, form, tmp_path / "saved")
    assert given(read_sheets(tmp_path, QUESTIONS, [saved])) == [("ann", "A", "eeeee")]


def test_the_page_for_learners_has_no_key(tmp_path):
    """The site and the file to try hold quiz_page, and build/quiz.html a script besides."""
    quiz.write_quiz(tmp_path)
    for page in (quiz.quiz_page(), (tmp_path / "quiz.html").read_text(encoding="utf-8")):
        assert QUESTIONS[0].text in page
        codes = re.findall(r'data-[\w-]+="([\w+/=]{100,})"', page)
        readable = page + "".join(base64.b64decode(code).decode() for code in codes)
        assert "right letters" not in readable and "01_load 1: c" not in readable
        for question in QUESTIONS:
            for shown in question.shows.values():
                text = quiz_questions.inline_html(shown)
                assert text not in readable, question.name
                assert json.dumps(text)[1:-1] not in readable, question.name


def test_the_button_of_the_quiz_looks_like_those_of_the_site(tmp_path, opened):
    quiz.write_quiz(tmp_path)
    form = choose_sheet(opened(tmp_path / "quiz.html"), "C: weeks later")
    style = "el => [getComputedStyle(el).backgroundColor, getComputedStyle(el).borderTopStyle]"
    assert form.locator("button").evaluate(style) == ["rgba(0, 0, 0, 0)", "solid"]


def test_on_paper_each_sheet_says_the_rules_and_one_that_was_chosen_stands_alone(tmp_path, opened):
    quiz.write_quiz(tmp_path)
    page = opened(tmp_path / "quiz.html")
    page.emulate_media(media="print")
    forms = page.locator("form:visible")
    assert forms.count() == len({one.sheet for one in QUESTIONS})
    for form in forms.all():
        assert "One answer to each question is right." in form.inner_text()
    text = page.locator("body").inner_text()
    assert "Save my answers" not in text, "nobody can press a button on paper"
    page.emulate_media(media="screen")
    choose_sheet(page, "C: weeks later")
    page.emulate_media(media="print")
    assert forms.count() == 1


def test_teachers_have_the_right_letters_of_each_sheet_on_a_page_of_their_own(tmp_path, opened):
    quiz.write_quiz(tmp_path)
    text = opened(tmp_path / "quiz_key.html").locator("body").inner_text()
    assert "01_load 1: c. 01_load 2: b." in text.partition("A: 01_load, before it")[2]
    letters = re.findall(r"\d: ([a-d])\.", text)
    assert letters == [one.right for one in sorted(QUESTIONS, key=lambda one: one.form)]
    assert "always saying 1, without looking. — Always saying 1 is right" in text


def test_the_command_says_what_each_file_is_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(quiz, "ROOT", tmp_path)
    quiz.run_command([])
    lines = capsys.readouterr().out.splitlines()
    files = ["quiz.html", "quiz_key.html", "quiz.csv", "quiz_moodle.txt"]
    assert [line.split(": ")[1] for line in lines] == [str(tmp_path / "build" / f) for f in files]
    assert "for teachers only" in lines[1]


# A question as the platform's importer reads it: its lines in their order, each in one line.
XUEXITONG = re.compile(
    r"(?P<number>\d+)\.【单选题】(?P<text>.+)\n"
    r"(?P<answers>(?:[A-Z]\..+\n)+)"
    r"答案：(?P<right>[A-Z])(?:\n答案解析：(?P<explanation>.+))?"
)


@needs_chinese
def test_the_files_for_xuexitong_have_each_question_with_its_right_answer(tmp_path, capsys):
    with use_language("zh_CN"):
        quiz.write_quiz(tmp_path)
        questions = quiz_questions.read_questions()
        assert str(tmp_path / "quiz_chaoxing") in capsys.readouterr().out
    for question in questions:
        path = tmp_path / "quiz_chaoxing" / f"{quiz_questions.sheet_address(question)}.txt"
        read_blocks = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
        read_questions = [XUEXITONG.fullmatch(block) for block in read_blocks]
        assert all(read_questions), path.name
        numbers = [int(read_question["number"]) for read_question in read_questions]
        assert numbers == [*range(1, len(numbers) + 1)]
        wanted = re.sub("[`*]", "", question.text)
        [found] = [one for one in read_questions if one["text"] == wanted]
        answers = dict(line.split(".", 1) for line in found["answers"].splitlines())
        expected = {letter.upper(): text for letter, text in question.answers.items()}
        expected = {letter: re.sub("[`*]", "", text) for letter, text in expected.items()}
        assert answers == expected | {"E": "不知道。"}
        assert found["right"] == question.right.upper()
        assert (found["explanation"] is None) == (question.form == "A")
        assert not re.search("[`{}]|__", found[0]), "a sign that means something to the importer"
    assert len({*(tmp_path / "quiz_chaoxing").iterdir()}) == 9


def test_no_file_for_xuexitong_is_written_in_english(tmp_path):
    quiz.write_quiz(tmp_path)
    assert not (tmp_path / "quiz_chaoxing").exists()
