"""What a class hands in: this project's notebooks, answered or not, under any name; and others."""

import json
import os
import subprocess
import sys

import pytest

from helpers.files import ROOT
from tools.class_results import LARGEST, main, said
from tools.execute import execute

NOTEBOOKS = ROOT / "notebooks"
CELL = "answer = 5\nchecks.a(answer)"
RIGHT, NOT_YET, NOT_ANSWERED = (
    [{"output_type": "stream", "name": "stdout", "text": f"{verdict}. Why.\n"}]
    for verdict in ("Right", "Not yet", "Not answered yet")
)
ERROR = [{"output_type": "error", "ename": "NameError", "evalue": "", "traceback": []}]


def lesson(name):
    """Return a committed notebook, which has its outputs, and its exercise cells."""
    notebook = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    return notebook, [c for c in notebook["cells"] if "exercise" in c["metadata"].get("tags", [])]


def hand_in(path, notebook):
    path.parent.mkdir(exist_ok=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    path.write_text(text, encoding="utf-8")


def test_a_class_is_shown_and_written_for_a_spreadsheet(tmp_path, capsys, monkeypatch):
    work, sheet = tmp_path / "class", tmp_path / "new" / "sheet.csv"
    first, _ = lesson("01_load.ipynb")
    edited, cells = lesson("01_load.ipynb")
    for cell, answer in zip(cells, ("(5, 20, 20)", "1", "1 / 0"), strict=True):
        cell["source"] = "".join(cell["source"]).replace("...", answer)
    hand_in(path := tmp_path / "executed" / "a.ipynb", edited | {"cells": cells})
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    executed, _failure = execute(path)  # as a kernel leaves it
    for cell in executed["cells"]:  # as Colab may save it: no tags, no ids
        cell.update(id="", metadata={})
    attempts = [cells[1] | {"outputs": outputs} for outputs in (NOT_YET, RIGHT, [])]
    hand_in(work / "=1+1;-2, \u202e数.ipynb.txt", executed)
    hand_in(work / "b" / "01_load (1).ipynb", first)
    hand_in(work / "b" / "best.ipynb", first | {"cells": first["cells"] + attempts})
    hand_in(work / "c" / "03_train.ipynb", edited)
    hand_in(work / ".ipynb_checkpoints" / "01_load.ipynb", first)
    main([str(work), "--csv", str(sheet)])
    out = f"""\
01_load, handed in: 4
exercise 1    exercise 2    exercise 3    notebook
right         not yet       error         ./=1+1;-2, ?数.ipynb.txt
not answered  not answered  not answered  ./b/01_load (1).ipynb
not answered  right         not answered  ./b/best.ipynb
not run       not run       not run       ./c/03_train.ipynb
exercise 1, middle_of_five: 1 right, 2 not answered, 1 not run
exercise 2, most_ink: 1 right, 1 not yet, 1 not answered, 1 not run
exercise 3, black_and_white: 1 error, 2 not answered, 1 not run

For a spreadsheet: {sheet}
"""
    assert capsys.readouterr().out == out
    # Excel needs the mark. In quotes, a name is no formula where semicolons separate either.
    assert sheet.read_text(encoding="utf-8").splitlines()[:2] == [
        '\ufeff"lesson","notebook","exercise 1","exercise 2","exercise 3"',
        '"01_load","./=1+1;-2, ?数.ipynb.txt","right","not yet","error"',
    ]


def test_every_lesson_is_known_by_its_exercises(tmp_path, capsys):
    """In each language, in which nothing but the names of the checks is the same."""
    main([str(NOTEBOOKS), "--csv", str(tmp_path / "sheet.csv")])
    shown = capsys.readouterr().out.splitlines()
    for path in NOTEBOOKS.rglob("*.ipynb"):
        name = path.relative_to(NOTEBOOKS).as_posix()
        assert f"not answered  not answered  not answered  ./{name}" in shown


PASSED_OVER = """\
passed over:
./a.pdf: no notebook of format 4
./large.ipynb: larger than 20 MB
./link.ipynb: no readable file of this folder
./none.ipynb: a notebook without exercises of the lessons
./old.ipynb: no notebook of format 4
./version.ipynb: 03_train of another version, in steps, steps_in_all

"""


def test_a_file_that_is_no_notebook_or_an_old_one_is_named(tmp_path, capsys):
    work, outside = tmp_path / "class", tmp_path / "outside.ipynb"
    hand_in(work / "a.pdf", "%PDF-1.7")
    hand_in(work / "large.ipynb", " " * (LARGEST + 1))
    hand_in(work / "none.ipynb", {"nbformat": 4, "cells": []})
    hand_in(work / "old.ipynb", {"nbformat": 3, "worksheets": []})
    notebook = json.dumps(lesson("03_train.ipynb")[0])
    hand_in(work / "version.ipynb", notebook.replace("steps_in_all", "steps"))
    hand_in(outside, notebook)
    (work / "link.ipynb").symlink_to(outside)
    with pytest.raises(SystemExit, match="class is no folder that holds notebooks of the lessons"):
        main([str(work)])
    assert capsys.readouterr().out == PASSED_OVER


def test_a_result_is_what_the_saved_output_says():
    assert said(CELL, RIGHT + NOT_YET) == [("a", "not yet")]  # after what the cell prints
    assert said(f"# answer = ...\n{CELL}", NOT_ANSWERED) == [("a", "not run")]
    assert said(f"{CELL}; checks.b(2)", RIGHT + ERROR) == [("a", "right"), ("b", "error")]
    assert said("print('Right. ')  # checks.b(1)", RIGHT) == []


def test_a_place_that_cannot_be_written_and_a_screen_that_lacks_a_letter(tmp_path):
    hand_in(tmp_path / "数.ipynb", lesson("01_load.ipynb")[0])
    command = [sys.executable, "-m", "tools.class_results", tmp_path]
    command += ["--csv", tmp_path / "数.ipynb" / "sheet.csv"]
    screen = {"env": os.environ | {"PYTHONIOENCODING": "cp1252"}, "encoding": "cp1252"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, **screen)
    assert done.returncode == 1 and "not answered  ./?.ipynb" in done.stdout
    assert "sheet.csv can't be written (" in done.stderr and "Traceback" not in done.stderr
