"""What a class hands in: notebooks, answered or not, under any name; and other files."""

import csv
import errno
import io
import json
import os
import re
import zipfile
from itertools import zip_longest
from pathlib import Path
from unittest.mock import Mock

import pytest
from bs4 import BeautifulSoup
from inline_snapshot import external_file

from helpers.common.files import ROOT
from helpers.common.language import translated_languages, use_language
from teach import class_results, hand_in_files, hand_ins, lessons, quiz_questions
from teach.class_results import report_class
from teach.tables import read_rows, unescape_formula
from teach.wrong_answers import explain_wrong_answer
from tests.editions import needs_chinese
from tools import all_notebooks, english_notebooks, work
from tools.answers import read_attempts

NOTEBOOKS = ROOT / "notebooks"
TEXT = {"output_type": "stream", "name": "stdout"}
RIGHT, NOT_YET = [TEXT | {"text": "Right. Why.\n"}], [TEXT | {"text": "Not yet. Why.\n"}]
UNANSWERED = [TEXT | {"text": "Not answered yet. Why.\n"}]
ERROR = [{"output_type": "error", "ename": "NameError", "evalue": "no x", "traceback": []}]
# A lesson of the tests' own, so that a fork may add exercises to those of the project.
CHECKS = {"01_one": ["shape", "digit", "accuracy"], "02_two": ["loss"], "extra": ["count"]}
UNTOUCHED = ("...", [])
SOLVED = [("(5, 20, 20)", RIGHT), ("0", RIGHT), ("0.7252", RIGHT)]
ODD = "=1+1|<b>_x_ *y* [a](b) &amp; $1$ ~~www.a.org~~ `c`"


def notebook(name: str, *attempts: tuple[str, list]) -> str:
    """Return a notebook of a lesson as text; exercises without an attempt are untouched."""
    cells = [{"cell_type": "code", "source": "print(1)", "outputs": [], "metadata": {}}]
    for check, attempt in zip_longest(CHECKS[name], attempts, fillvalue=UNTOUCHED):
        heading = f"### Exercise {len(cells) // 2 + 1}: find the {check}"
        cells.append({"cell_type": "markdown", "source": heading, "metadata": {}})
        source = f"answer = {attempt[0]}\n\nchecks.{check}(answer)"
        cell = {"cell_type": "code", "source": source, "outputs": attempt[1]}
        cells.append(cell | {"metadata": {"tags": ["exercise"]}})
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


@pytest.fixture
def handed_in(tmp_path, monkeypatch):
    """Return a function that hands in files and gives the report without line ends in it."""
    paths = [tmp_path / "lessons" / f"{name}.ipynb" for name in CHECKS]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(notebook(path.stem), encoding="utf-8")
    monkeypatch.setattr(lessons, "english_notebooks", lambda: paths)

    def hand_in(capsys, *options: str, **files: str | bytes) -> str:
        for name, content in files.items():
            path = tmp_path / "class" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        report_class([str(tmp_path / "class"), "--csv", str(tmp_path / "results.csv"), *options])
        return capsys.readouterr().out

    return hand_in


def sheet(tmp_path):
    """Return the rows of the spreadsheet that have a learner."""
    with open(tmp_path / "results.csv", encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row[0] != "lesson"]


def table(tmp_path):
    """Return the rows of the first table of the page."""
    page = (tmp_path / "results.html").read_text(encoding="utf-8")
    rows = BeautifulSoup(page, "html.parser").table("tr")
    return [[cell.text for cell in row(["td", "th"])] for row in rows]


def section(report: str, start: str) -> str:
    """Return the report from a text on, up to the next heading."""
    return report.partition(start)[2].partition("\n## ")[0]


def add_guess(text: str, guess: str) -> str:
    """Return a notebook with a section in which learners guess how many images are a 5."""
    notebook = json.loads(text)
    result = "No guess yet. The result is 5,421.\n"
    source = (
        f"from helpers import guesses\n\nguess = {guess}  # how many?\nguesses.compare(guess, n)"
    )
    cell = {"cell_type": "code", "id": "fives", "source": source, "metadata": {}}
    cell |= {"outputs": [TEXT | {"text": result}], "execution_count": 1}
    heading = {"cell_type": "markdown", "id": "h", "source": "## Count the labels", "metadata": {}}
    notebook["cells"] += [heading, cell]
    return json.dumps(notebook)


def packed(**files: str | bytes) -> bytes:
    """Return a zip file with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def without_exercise(text: str, number: int) -> str:
    """Return a notebook of which a learner has deleted the cell of an exercise."""
    notebook = json.loads(text)
    del notebook["cells"][2 * number]
    return json.dumps(notebook)


def hint(text: str) -> list:
    """Return the output of a wrong answer with a hint."""
    return [TEXT | {"text": f"Not yet. {text}\n"}]


def moodle(name: str, number: int, file: str) -> str:
    """Return the path under which Moodle gives a teacher a file."""
    return f"{name}_{number}_assignsubmission_file_{file}"


DONE, DONE_2 = notebook("01_one", *SOLVED), notebook("02_two", ("1", RIGHT))
# Eight classes: what each has handed in.
CLASSES = {
    "results": {
        "Lea.ipynb": DONE,
        "anna.ipynb": notebook("01_one", ("1", NOT_YET), ("x", ERROR)),
        "ben.ipynb": notebook("01_one", ("1", []), UNTOUCHED),
        "Cem.ipynb": notebook("01_one", ("1", UNANSWERED), ("2", RIGHT)),
        "Dan.ipynb": notebook("01_one", ("...", UNANSWERED)),
        "Eve.ipynb": without_exercise(DONE, 2),
        "Zoe/1.ipynb": notebook("01_one", ("(5, 21, 21)", NOT_YET)),
        "Zoe/later/2.ipynb": DONE,
    },
    "wrong_answers": {
        "Ann.ipynb": notebook("01_one", ("found", hint("As before.")), ("(5, 21, 21)", NOT_YET)),
        "Ben.ipynb": notebook("01_one", ("found", hint("Both sides.")), ("(20, 20)", NOT_YET)),
        "Cem.ipynb": notebook("01_one", ("found", hint("Both sides.")), ("(20, 20)", NOT_YET)),
        "Dan.ipynb": notebook("01_one", ("found", ERROR), ("1 / 0" + " + 1" * 40, ERROR)),
    },
    "guesses": {
        f"{name}.ipynb": add_guess(DONE, guess)
        for name, guess in {
            "Ann": "10_000",
            "Ben": "6000",
            "Cem": "6000",
            "Dan": "...",
            "Eve": "6000 if",
            "Fay": "5,000",
            "Gus": "(6000, 7000)",
        }.items()
    },
    "lessons": {  # few have handed in `extra`, and nobody has begun it
        "cem/1.ipynb": DONE,
        "Ann/1.ipynb": DONE,
        "Ben/1.ipynb": DONE,
        "cem/2.ipynb": DONE_2,
        "Ben/2.ipynb": notebook("02_two", ("5", [])),
        "Ann/extra.ipynb": notebook("extra"),
        "Dan/1.ipynb": notebook("01_one", ("5", [])),
        "Dan/2.ipynb": notebook("02_two", ("5", [])),
        "Eve.ipynb": notebook("01_one"),
    },
    "names": {
        **{moodle("Falk Berg", 4716, "01_one.ipynb"): DONE},
        **{moodle("Falk Berg", 5120, "/02_two.ipynb"): DONE_2},  # of another assignment
        **{moodle(name, n, "a.ipynb"): DONE for n, name in ((11, "Mia Lang"), (12, "Mia Lang"))},
        **{moodle(name, n, "a.ipynb"): DONE for n, name in ((21, "Lu Ito"), (22, "lu ito"))},
        **{f"{name}.ipynb": DONE for name in ("Gruppe 1", "Gruppe 2", "राम", "रीम")},
        "a/a.ipynb.txt": DONE,  # as browsers and copies rename a file
        "b/b.IPYNB": DONE,
        "c/c.json": DONE,
        "d/d (1).ipynb": DONE,
    },
    "unreadable": {
        "Karl a/01.html": b"<html>",
        "Karl b/01.json": b"[]",
        "Karl c/01.py": b"answer = 5",
        "Karl d/a.7z": b"7z",
        "Karl e/a.zip": b"PK",
        "Karl f/b.zip": b"",
        "Karl g/a.xlsx": b"PK",
        "Karl h/a.csv": b"x,y\n1,2\n",
        "Karl i/large.ipynb": bytes(200_001),
        "Karl j/nothing.ipynb": b"",
        "Karl k/blank.ipynb": b" \n",
        "Karl l/half.ipynb": DONE.encode()[:300],
        "Karl m/old.ipynb": b'{"nbformat": 3, "worksheets": []}',
        "Karl n/word.ipynb": b"\xd0\xcf\x11\xe0",
        "Karl o/empty.ipynb": b'{"cells": []}',
        "Xaver/.DS_Store": b"of macOS",
        "notquiz.csv": "x,y\n1,2\n",  # in the folder itself, so its name is no learner's
        "t.txt": "a note",
        "Ann/1.ipynb": DONE,
        **{f"Ann/p/{number}.py": "" for number in range(40)},
    },
    "packed": {
        "work_Dora (12).ZIP": packed(
            **{
                "my_notebooks/01_one.ipynb": DONE,
                "my_notebooks/extras/extra.ipynb": notebook("extra", ("1", NOT_YET)),
                "my_notebooks/mine.ipynb": '{"cells": []}',
                "my_notebooks/half.ipynb": notebook("02_two")[:100],
                "my_notebooks/large.ipynb": bytes(200_001),
                "my_notebooks/notes.txt": "mine",
                "artifacts/mnist_cnn.keras": "weights",
            }
        ),
        "work_Ben.zip": packed(**{"my_notebooks/01_one.ipynb": DONE}),
        "Cem/work_2026-12-02.zip": packed(**{"my_notebooks/01_one.ipynb": DONE}),
    },
    "class_list": {
        "Gruppe 1.ipynb": DONE,
        "ann_lee.ipynb": DONE,
        **{moodle("Falk Berg", 4716, "1.ipynb"): DONE},
        "Zoe.ipynb": DONE,
    },
}
CLASS_LIST = "Nachname;Vorname\nLee;Ann\nBerg;Falk\n1;Gruppe\n2;Gruppe\n;Gus\n"
REPORTS = ROOT / "tests" / "teach" / "reports"  # a folder for each class


def page_text(path: Path) -> str:
    """Return the texts of a page with their elements, one in each line; a row is one line.

    The rest of a page is nbconvert's, and differs from version to version.
    """
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for link in page.select(".anchor-link"):
        link.decompose()
    lines = []
    for element in page.body.select("h1, h2, h3, p, li, pre, tr"):
        cells = [cell.get_text() for cell in element(["td", "th"])]
        lines.append(f"{element.name}: {' | '.join(cells) or element.get_text()}")
    return "\n".join(lines) + "\n"


REPORT_LANGUAGES = [(name, "en") for name in CLASSES]
REPORT_LANGUAGES.append(pytest.param("lessons", "zh_CN", marks=needs_chinese))


@pytest.mark.parametrize(("name", "language"), REPORT_LANGUAGES)
def test_the_report_about_a_class_is_its_snapshot(
    handed_in, tmp_path, capsys, monkeypatch, name, language
):
    """`pytest tests/teach -k snapshot --renew` writes the reports; `git diff` shows the change."""
    monkeypatch.setattr(hand_in_files, "MAX_BYTES", 200_000)
    options = ["--language", language, "--separator", "comma"]
    if name == "guesses":
        lesson = tmp_path / "lessons" / "01_one.ipynb"
        lesson.write_text(add_guess(lesson.read_text(), "..."), encoding="utf-8")
    if name == "class_list":
        (tmp_path / "list.csv").write_text(CLASS_LIST, encoding="utf-8")
        options += ["--class-list", str(tmp_path / "list.csv")]
    screen = handed_in(capsys, *options, **CLASSES[name])
    written = {
        "screen.md": screen.replace(f"{tmp_path}{os.sep}", ""),
        "spreadsheet.csv": (tmp_path / "results.csv").read_text(encoding="utf-8-sig"),
        "page.txt": page_text(tmp_path / "results.html"),
        "page_without_names.txt": page_text(tmp_path / "results_without_names.html"),
    }
    folder = REPORTS / (name if language == "en" else f"{name}_{language}")
    for file, text in written.items():
        assert text == external_file(str(folder / file), format=".txt"), file


FROM_A_MAC = "Zoe\u0308 A\u030angstro\u0308m "  # letters and their marks apart, and a blank


@pytest.mark.parametrize("other", [FROM_A_MAC, "zoë ångström", "Ångström, Zoë", "zoë.ångström"])
def test_two_spellings_of_a_name_make_one_learner(handed_in, tmp_path, capsys, other):
    files = {"Zoë Ångström/1.ipynb": notebook("01_one", *SOLVED)}
    files[f"{other}.ipynb"] = notebook("02_two", ("1", RIGHT))
    files["quiz.csv"] = 'name,form,01_load 1\n"Ångström, Zoë",A,c\nZoë Ångström,B,c\n'
    report = handed_in(capsys, **files)
    [[name, *shares]] = table(tmp_path)[1:]
    assert name in ("Zoë Ångström", " ".join(other.split())) and shares == ["3 of 3", "1 of 1"]
    assert "Learners with both forms: 1." in report


def test_of_two_learners_of_one_name_the_one_who_lacks_a_lesson_is_named(handed_in, capsys):
    start = "Mia Lang_{}_assignsubmission_file_{}.ipynb"
    files = {start.format(n, 1): notebook("01_one", *SOLVED) for n in (11, 12)}
    files |= {f"{name}/1.ipynb": notebook("01_one", *SOLVED) for name in ("Ann", "Ben")}
    second = notebook("02_two", ("1", RIGHT))
    files |= dict.fromkeys((start.format(12, 2), "Ann/2.ipynb", "Ben/2.ipynb"), second)
    assert "**02_two is missing from:** Mia Lang 11\n" in handed_in(capsys, **files)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"01.ipynb": "1"}, "a packed folder, which has to be unpacked first"),
        ({}, "an empty packed folder"),
        ({"artifacts/x.keras": "1"}, "a packed folder without a notebook"),
        (
            {"my_notebooks/01.ipynb": "1", "my_notebooks/../01.ipynb": "1"},
            "a packed folder with a file that is no work of a learner: 'my_notebooks/../01.ipynb'",
        ),
        (
            {"my_notebooks/01.ipynb": "1", "my_notebooks/01.IPYNB": "1"},
            "a packed folder of 2 files with 1 different names. A packed folder may have between "
            "1 and 10000 files, with as many names",
        ),
        (
            {"my_notebooks/01.ipynb": bytes(3_000_001)},
            "a packed folder that would take 3 MB, and at most 2 MB are unpacked",
        ),
    ],
)
def test_a_packed_folder_that_is_not_read_is_named_with_the_reason(
    handed_in, tmp_path, capsys, monkeypatch, files, reason
):
    monkeypatch.setattr(work, "MAX_BYTES", 2_000_000)
    report = handed_in(
        capsys,
        **{"work_Dora.zip": packed(**files)},
        **{"Ann.ipynb": notebook("01_one", *SOLVED)},
    )
    line = f"    Dora: {reason} (work_Dora.zip)\n"
    assert f"**Nothing that can be read came from:**\n\n{line}" in report


@pytest.mark.parametrize("fault", ["encrypted", "one byte altered"])
def test_a_packed_notebook_that_is_damaged_or_locked_is_named(handed_in, capsys, fault):
    content = packed(**{"my_notebooks/01_one.ipynb": notebook("01_one", *SOLVED)})
    content = bytearray(content)
    if fault == "encrypted":
        content[6] |= 1
        content[content.index(b"PK\x01\x02") + 8] |= 1
    else:
        content[len("my_notebooks/01_one.ipynb") + 100] ^= 255
    report = handed_in(
        capsys,
        **{"work_Dora.zip": bytes(content)},
        **{"Ann.ipynb": notebook("01_one", *SOLVED)},
    )
    assert "Dora: a damaged notebook (work_Dora.zip/my_notebooks/01_one.ipynb)\n" in report


def test_each_file_is_read_once(handed_in, capsys, monkeypatch):
    reader = Mock(side_effect=hand_ins.read_notebook)
    monkeypatch.setattr(hand_ins, "read_notebook", reader)
    files = {f"{name}.ipynb": notebook("01_one", *SOLVED) for name in ("Ann", "Ben")}
    lesson_reader = Mock(side_effect=class_results.read_lessons)
    monkeypatch.setattr(class_results, "read_lessons", lesson_reader)
    handed_in(capsys, **files, **{"Cem.ipynb": b"{"})
    assert reader.call_count == 3
    assert lesson_reader.call_count == 1


def test_links_and_empty_folders_are_named_and_hidden_files_are_not(handed_in, tmp_path, capsys):
    folder = tmp_path / "class"
    (folder / "Xaver").mkdir(parents=True)
    (folder / "Ann").mkdir()
    for name, target in {"a.ipynb": "Ben/1.ipynb", "b.ipynb": "Ben", "c": "."}.items():
        (folder / "Ann" / name).symlink_to(folder / target)
    (folder / "Ann" / "to_itself").symlink_to("to_itself")
    solved = notebook("01_one", *SOLVED)
    report = handed_in(capsys, **{"Ben/1.ipynb": solved, "Ben/.ipynb_checkpoints/1.ipynb": solved})
    links = "Ann: a link to another place (Ann/a.ipynb, Ann/b.ipynb, Ann/c, and 1 more)"
    assert f"\n    {links}\n    Xaver: an empty folder (Xaver)\n" in report.partition("## ")[0]
    assert "checkpoints" not in report and [row[1] for row in sheet(tmp_path)] == ["Ben"]


def test_a_folder_with_nothing_to_read_says_so_and_why(handed_in, capsys):
    wanted = "(?s)no notebooks of the lessons, and no quiz. Not read:.*a damaged notebook"
    with pytest.raises(SystemExit, match=wanted):
        handed_in(capsys, **{"a.ipynb": b"{"})


@pytest.mark.parametrize(
    ("name", "problem"),
    [("nosuch", "there is no folder {}"), ("a.ipynb", "{} is a file; name the folder")],
)
def test_a_folder_that_is_missing_or_a_file_is_named(tmp_path, capsys, name, problem):
    (tmp_path / "a.ipynb").write_text("{}")
    with pytest.raises(SystemExit):
        report_class([str(tmp_path / name), "--csv", str(tmp_path / "results.csv")])
    assert problem.format(tmp_path / name) in capsys.readouterr().err


def test_a_report_overwrites_neither_the_class_list_nor_answers_to_the_quiz(
    handed_in, tmp_path, capsys
):
    files = {"Ann.ipynb": notebook("01_one", *SOLVED), "typed.csv": quiz_table()}
    class_list = tmp_path / "list.csv"
    class_list.write_text("Ann\nBen\n", encoding="utf-8")
    answers = tmp_path / "class" / "typed.csv"
    for target, problem in {
        class_list: "the report would overwrite the class list",
        answers: "the report would overwrite answers to the quiz",
        tmp_path: f"--csv {tmp_path} is a folder; name a file in it",
        Path("."): "--csv . is a folder; name a file in it",
    }.items():
        with pytest.raises(SystemExit):
            handed_in(capsys, "--csv", str(target), "--class-list", str(class_list), **files)
        assert problem in " ".join(capsys.readouterr().err.split())
    assert class_list.read_text(encoding="utf-8") == "Ann\nBen\n"
    assert answers.read_text(encoding="utf-8") == quiz_table()


def test_a_folder_that_cannot_be_read_is_named_with_the_reason(handed_in, capsys, monkeypatch):
    list_folder = os.listdir

    def list_unless_locked(path="."):
        if os.path.basename(path) == "Karl":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return list_folder(path)

    monkeypatch.setattr(os, "listdir", list_unless_locked)
    files = {"Karl/1.ipynb": b"", "Ann/1.ipynb": notebook("01_one", *SOLVED)}
    assert "\n    Karl: Permission denied (Karl)\n" in handed_in(capsys, **files)


def test_a_second_report_into_the_folder_does_not_read_the_first(handed_in, tmp_path, capsys):
    handed_in(capsys, **{"Ann.ipynb": notebook("01_one", *SOLVED)})
    for _ in range(2):
        report_class([str(tmp_path / "class"), "--csv", str(tmp_path / "class" / "out.html")])
        assert "not read" not in capsys.readouterr().out.casefold()


def test_odd_names_are_shown_as_they_are_and_none_is_a_formula(handed_in, tmp_path, capsys):
    names = [ODD, "=1", "+1", "-1", "@x", "'=1", " =2", "|x", "\u202e数"]
    handed_in(capsys, **{f"{name}/1.ipynb": notebook("01_one", *SOLVED) for name in names})
    html = BeautifulSoup((tmp_path / "results.html").read_text("utf-8"), "html.parser")
    shown = [name.replace("\u202e", "?").strip() for name in names]
    assert sorted(shown) == sorted(row.td.text.strip() for row in html.table("tr")[1:])
    assert not html.select("script, link, [src], td *")
    written = [row[1] for row in sheet(tmp_path)]
    assert [name for name in written if name.lstrip()[0] in "=+-@"] == []
    assert sorted(shown) == sorted(unescape_formula(name).strip() for name in written)


def test_excel_opens_the_spreadsheet_with_its_letters_and_columns(handed_in, tmp_path, capsys):
    handed_in(capsys, **{"Jörg.ipynb": notebook("01_one", *SOLVED)})
    text = (tmp_path / "results.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by this mark"
    # In quotes, a name is no formula where semicolons separate, either.
    assert text.decode("utf-8-sig").splitlines()[1].startswith('"01_one","Jörg","3 of 3",')
    handed_in(capsys, "--separator", "semicolon")
    text = (tmp_path / "results.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith('"01_one";"Jörg";"3 of 3";')


def test_every_lesson_is_known_by_its_exercises_in_each_language(tmp_path):
    report_class([str(NOTEBOOKS), "--csv", str(tmp_path / "sheet.csv"), "--language", "en"])
    results = {}
    with open(tmp_path / "sheet.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if row[0] == "lesson":
                headings = row
                continue
            cells = dict(zip(headings, row, strict=True))
            exercises = [cells[name] for name in headings if re.match(r"\d+\. ", name)]
            results[cells["lesson"], cells["learner"]] = exercises
    for path in all_notebooks():
        learner = path.stem if path.parent == NOTEBOOKS else path.parent.name
        first, *others = results[path.stem, learner]
        assert first == "not answered", path
        assert others == sorted(others), f"{path}: exercises of the end alone may be missing"
        assert {*others} <= {"not answered", "not in the file"}, path


@pytest.mark.parametrize("language", ["en", *translated_languages()])
def test_exercises_have_the_titles_that_the_notebook_gives_them(language):
    folder = NOTEBOOKS if language == "en" else NOTEBOOKS / language
    with use_language(language):
        known = lessons.read_lessons()
    for path in english_notebooks():
        path = folder / path.relative_to(NOTEBOOKS)
        if path.exists():  # an optional lesson may be in English alone
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            text = "\n".join("".join(cell["source"]) for cell in cells)
            for exercise in known[path.stem].exercises:
                heading = rf"^### [^\d]*{exercise.number} ?[:：] ?{re.escape(exercise.title)}$"
                assert re.search(heading, text, re.MULTILINE), f"{path.name}: {exercise}"


def test_a_wrong_answer_stands_beside_what_it_reveals(tmp_path, capsys):
    source = "answer = (5, 21, 21)\n\nchecks.middle_of_five(answer)"
    cell = {"cell_type": "code", "source": source, "outputs": NOT_YET, "metadata": {}}
    (tmp_path / "Ann.ipynb").write_text(json.dumps({"cells": [cell]}))
    report_class([str(tmp_path), "--csv", str(tmp_path / "results.csv")])
    expected = "- 1 of 1: `(5, 21, 21)` — The learner counts both ends of 4 to 24. The end of a"
    assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lesson", "exercise", "answer", "meaning"),
    [
        ("01_load", 1, "(5, 21, 21)", "both ends"),
        ("01_load", 1, "[20, 20]", "one image"),
        ("01_load", 3, "0.83", "Nothing was made"),
        ("01_load", 3, "0.8307", "Nothing was made"),
        ("01_load", 3, "0.5112", "Only the images"),
        ("03_train", 1, "-0.693", "minus sign"),
        ("03_train", 1, "-0.6931471805599453", "minus sign"),
        ("03_train", 1, "0.301", "base 10"),
        ("03_train", 3, "0.03", "An epoch was too short"),
        ("03_train", 3, "1", "too long"),
        ("03_train", 3, "0.4", ""),
        ("03_train", 2, "6", ""),
        ("04_evaluate", 2, "0.97", "share of images"),
        ("04_evaluate", 2, "0.9914", "all images"),
        ("01_load", 2, "0.83", "least ink"),
        ("01_load", 2, "0", ""),
        ("01_load", 3, "True", ""),
        ("01_load", 3, "1e999", ""),
        ("01_load", 1, "accuracy", ""),
        ("01_load", 1, "(" * 10_000, ""),
        ("how_sure", 1, "5", ""),
    ],
)
def test_a_wrong_answer_is_known_however_it_is_rounded(lesson, exercise, answer, meaning):
    found = explain_wrong_answer(lesson, exercise, answer)
    assert meaning in found and bool(found) == bool(meaning)


LISTS = {
    "list.txt": "Ann Lee\n\nberg, Falk\nGus\n",
    "list.csv": "First name,Last name,Email address\nAnn,Lee,a@x\nFalk,Berg,f@x\nGus,,g@x\n",
    "semicolons.csv": "Nachname;Vorname\nLee;Ann\nBerg;Falk\n;Gus\n",
    "commas.csv": "Lee, Ann;10b\nBerg, Falk;10b\nGus;10b\n",
    "column.csv": "Ann Lee;10b\nFalk Berg;10b\nGus;10b\n",
    "names.csv": "Klasse\tName\n10b\tAnn Lee\n10b\tFalk Berg\n10b\tGus\n",
    "quoted.csv": '"Name"\n"Lee, Ann"\n"Berg, Falk"\n"Gus"\n',
    "excel.csv": "sep=;\nname;class\nAnn Lee;10b\nFalk Berg;10b\nGus;10b\n",
    "two_lines.csv": 'name,class\n"Ann\nLee",10b\nFalk Berg,10b\nGus,10b\n',
}


def test_a_stray_quotation_mark_in_a_list_of_names_joins_no_lines(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text('Ann Lee\n"Bo" Chan\n"Cy Dee\nGus\n', encoding="utf-8")
    assert read_rows(path) == [["Ann Lee"], ['"Bo" Chan'], ['"Cy Dee'], ["Gus"]]


@pytest.mark.parametrize("name", LISTS)
def test_who_is_on_the_class_list_and_has_handed_in_nothing_is_named(
    handed_in, tmp_path, capsys, name
):
    path = tmp_path / "class" / name  # also in the folder itself
    path.parent.mkdir()
    path.write_text(LISTS[name], encoding="utf-8")
    solved = notebook("01_one", *SOLVED)
    moodle_name = "Falk Berg_4716_assignsubmission_file_1.ipynb"
    files = {"ann_lee.ipynb": solved, moodle_name: solved, "Zoe.ipynb": solved}
    report = handed_in(capsys, "--class-list", str(path), **files)
    top = report.partition("\n## ")[0]
    assert "**Nothing was handed in by:** Gus\n" in top
    assert "**Not on the class list:** Zoe." in top
    assert "not read" not in report.casefold(), "the list was read as a table of the quiz"


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("Name;Vorname;Klasse\nLee;Ann;10b\nBerg;Falk;10b\n", "Vorname, Name"),
        ("Surname,Forename\nLee,Ann\nBerg,Falk\n", "Forename, Surname"),
        ("Name,Surname\nAnn,Lee\nFalk,Berg\n", "Name, Surname"),
        ("Cognome;Nome\nLee;Ann\nBerg;Falk\n", "Nome, Cognome"),
        ("Nom;Prénom\nLee;Ann\nBerg;Falk\n", "Prénom, Nom"),
        ("Apellido(s);Nombre\nLee;Ann\nBerg;Falk\n", "Nombre, Apellido(s)"),
        ("Nr.;Schüler\n1;Ann Lee\n2;Falk Berg\n", "Schüler"),
        ("1;Ann Lee;10b;ann.lee@school.example\n2;Falk Berg;10b;falk@school.example\n", "2"),
    ],
)
def test_a_list_as_a_school_exports_it_has_its_names_and_the_report_says_where(
    handed_in, tmp_path, capsys, table, columns
):
    path = tmp_path / "list.csv"
    path.write_text(table, encoding="utf-8")
    files = {"Ann Lee/1.ipynb": notebook("01_one", *SOLVED)}
    report = handed_in(capsys, "--class-list", str(path), **files)
    assert f"- Names on the class list: 2 (columns: {columns})\n" in report
    assert "**Nothing was handed in by:** Falk Berg\n" in report
    assert "Not on the class list" not in report


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\n", "it has no names"),
        (None, "No such file"),
        (
            b"PK\x03\x04 a table in the format of a new Excel",
            "it isn't a text file; save it as CSV",
        ),
        (b"\xd0\xcf\x11\xe0 a table in the format of an old Excel", "it isn't a text file"),
    ],
)
def test_a_class_list_that_cannot_be_read_is_named(handed_in, tmp_path, capsys, content, reason):
    path = tmp_path / "list.xlsx"
    if content:
        path.write_bytes(content)
    with pytest.raises(SystemExit, match=f"The class list .*list.xlsx can't be read: {reason}"):
        handed_in(capsys, "--class-list", str(path), **{"Ann.ipynb": notebook("01_one", *SOLVED)})


def test_the_page_for_the_projector_names_nobody_and_has_the_wrong_answers(
    handed_in, tmp_path, capsys
):
    names = ["Ann", "Ben", "Cem", "Dan", "Eve", "Fay"]
    (tmp_path / "list.txt").write_text("\n".join(names))
    wrong = notebook("01_one", ("(20, 20)", NOT_YET))
    files = {"Ann/1.ipynb": wrong, "Ben/1.ipynb": wrong, "Cem/1.html": "<html>"}
    files["Dan/1.ipynb"] = notebook("01_one", ("5", []))
    files["Eve/quiz.csv"] = "name,form,01_load 1,01_load 2\nEve,A,c,x\nEve,X,c,c\nEve,B,,b\n"
    handed_in(capsys, "--class-list", str(tmp_path / "list.txt"), **files)
    texts = []
    for path in ("results.html", "results_without_names.html"):
        page = BeautifulSoup((tmp_path / path).read_text("utf-8"), "html.parser")
        texts.append(page.body.get_text())
    assert [name for name in names if re.search(rf"\b{name}\b", texts[0])] == names
    assert [name for name in names if re.search(rf"\b{name}\b", texts[1])] == []
    assert all("2 of 3: (20, 20)" in text for text in texts)


QUIZ = "name;form;01_load 1;04_evaluate 6\nAnn;A;c;{a}\nBen;A;e;{a}\nAnn;B;a;{b}\nBen;B;{c};{b}\n"


def quiz_table() -> str:
    """Return a table in which two learners believe in continuous learning before, and not after."""
    questions = {(one.form, one.name): one for one in quiz_questions.read_questions()}
    before, after = (questions[form, "04_evaluate 6"] for form in "AB")
    [belief] = [
        letter
        for letter, shown in before.shows.items()
        if quiz_questions.misconception_of(shown) == quiz_questions.read_misconceptions()[3]
    ]
    return QUIZ.format(a=belief, b=after.right, c=questions["B", "01_load 1"].right)


def test_the_report_sums_up_each_misconception_before_and_after(handed_in, capsys):
    report = handed_in(capsys, **{"quiz.csv": quiz_table()})
    [row] = [line for line in report.splitlines() if line.startswith("| Continuous learning")]
    assert [cell.strip() for cell in row.split("|")[2:4]] == ["2 of 2", "0 of 2"]


def test_each_question_of_the_quiz_stands_beside_its_answers(handed_in, capsys):
    report = handed_in(capsys, **{"quiz.csv": quiz_table()})
    question = next(one for one in quiz_questions.read_questions() if one.name == "01_load 1")
    right = question.answers[question.right]
    expected = f"- **A**: {question.text}\n  - 1 of 2 right (50%): {right}\n"
    assert f"{expected}  - 1 of 2: I don't know.\n" in report


def test_exercises_come_first_and_statistics_last(handed_in, capsys):
    files = {"Ann.ipynb": notebook("01_one", *SOLVED), "quiz.csv": quiz_table()}
    report = handed_in(capsys, **files)
    headings = re.findall("^## (.+)$", report, re.MULTILINE)
    assert headings == ["01_one", "The quiz", "How much the class has gained"]


@needs_chinese
def test_the_report_has_the_language_of_the_notebooks(tmp_path, capsys):
    for name in ("Ann", "Ben"):
        path = tmp_path / "class" / name / "01_load.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes((NOTEBOOKS / "zh_CN" / "01_load.ipynb").read_bytes())
    (tmp_path / "class" / "quiz.csv").write_text(quiz_table(), encoding="utf-8")
    (tmp_path / "class" / "Ann" / "half.ipynb").write_text("{")
    (tmp_path / "class" / "Ben" / "large.ipynb").write_bytes(bytes(hand_in_files.MAX_BYTES + 1))
    (tmp_path / "class" / "work_Ann.zip").write_bytes(packed(**{"artifacts/../x": "1"}))
    arguments = [str(tmp_path / "class"), "--csv", str(tmp_path / "results.csv")]
    report_class(arguments)
    report = capsys.readouterr().out
    with use_language("zh_CN"):
        [question, *_others] = quiz_questions.read_questions()
        assert lessons.read_lessons()["01_load"].exercises[0].title in report
    assert question.text in report
    english = re.findall(
        r"\b(?!Dense|ReLU|softmax|logits?|valid|same|load|evaluate|Ann|Ben|notebook)"
        r"[A-Za-z]{4,}\b",
        re.sub(r"(?m)^.*tmp.*$|`.*?`|\(\w+[./].*?\)|'.*?'", "", report),
    )
    assert english == [], "the report isn't all Chinese"
    report_class([*arguments, "--language", "en"])
    assert "# What a class has done" in capsys.readouterr().out


def test_the_help_says_what_each_option_is_for(capsys):
    with pytest.raises(SystemExit):
        report_class(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for part in (
        "usage: python -m teach.class_results",
        "who has handed in nothing",
        "the language of most notebooks",
        "what Excel on this computer expects",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("answer=5\nchecks.a(answer)", "5"),
        ("answer: int = 8\nchecks.a(answer)", "8"),
        ("answer = i; checks.a(answer)", "i"),
        ("i = 3\nanswer = i; checks.a(answer)", "3"),
        ("answer = (\n    5,\n    21,\n)\nchecks.a(answer, 3)", "(5, 21)"),
        ("answer = '''a\nb'''\nchecks.a(answer)", "'a\\nb'"),
        ("answer = '#1'\n\nchecks.a(answer, 3)", "'#1'"),
        ("answer = 1\nanswer = 2\nprint(checks.a(answer))", "2"),
        ("answer = 1\nif True:\n    answer += 1\nchecks.a(answer)", "answer += 1"),
        ("model, answer = build(), 3\nchecks.a((model, answer))", "(model, answer)"),
        ("model, answer = build(), 3\nchecks.a(answer)", "3"),
        ("answer, more = build()\nchecks.a(answer)", "answer, more = build()"),
        ("found = build()\nanswer = found\nchecks.a(answer)", "found"),
        ("guess = 0.5\nchecks.a(guess)", "0.5"),
        ("checks.a(answer := 5)", "5"),
        ("a = ...\nb = ...\nchecks.a((a, b), n)", "..."),
        ("a = x.T @ d\nb = ...\nchecks.a((a, b), n)", "(x.T @ d, ...)"),
        ("checks.a(answer=5)", "5"),
        # These don't parse.
        ("%time\nanswer=5; checks.a(answer)", "5"),
        ("answer = (3\n  4\nchecks.a(answer\n#checks.b(1)", "(3 4"),
        ("answer: int = 8 8\nchecks.a(answer)", "8 8"),
        # Once a regular expression took hours for this.
        ("\n" * 200_000 + "checks.a(1)", "1"),
        ("-" * 90_000 + "1\nchecks.a(1)", "1"),
    ],
)
def test_an_answer_is_read_however_it_is_written(source, answer):
    [attempt] = read_attempts({"source": source, "outputs": NOT_YET})
    assert (attempt.check, attempt.answer) == ("a", answer)


@pytest.mark.parametrize(
    ("source", "outputs", "results"),
    [
        ("print('Right. ')\nchecks.a(5)", RIGHT + NOT_YET, ["not yet"]),
        ("# answer = ...\nchecks.a(5)", UNANSWERED, ["not run"]),
        ("a = 1\nb = ...\nchecks.a((a, b))", UNANSWERED, ["not answered"]),
        ("checks.a(...)", ERROR, ["error"]),
        # The answer was taken back after it was checked, or the output was edited.
        ("answer = ...\nchecks.a(answer)", RIGHT, ["not answered"]),
        ("a = ...\nb = ...\nchecks.a((a, b))", RIGHT, ["not answered"]),
        ("answer = ...\nchecks.a(answer)", NOT_YET, ["not answered"]),
        ("checks.a(5)\nchecks.b()", RIGHT + ERROR, ["right", "error"]),
        ("# checks.a(5)\n'checks.a(5)'", RIGHT, []),
    ],
)
def test_a_result_is_what_the_output_says(source, outputs, results):
    assert [one.result for one in read_attempts({"source": source, "outputs": outputs})] == results
