"""What a class hands in: this project's notebooks, answered or not, under any name; and others."""

import copy
import csv
import json
import os
import subprocess
import sys

import nbformat
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
OTHER = [{"output_type": "execute_result", "data": {"text/plain": "Right. "}}]


def lesson(name):
    """Return a committed notebook, which has its outputs, and its exercise cells."""
    notebook = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    return notebook, [c for c in notebook["cells"] if "exercise" in c["metadata"].get("tags", [])]


def answered():
    """Return notebook 1 with answers put in and not run: right, not yet, an error."""
    notebook, cells = lesson("01_load.ipynb")
    for cell, answer in zip(cells, ("(5, 20, 20)", "1", "1 / 0"), strict=True):
        cell["source"] = "".join(cell["source"]).replace("...", answer)
    return notebook, cells


def hand_in(path, notebook):
    path.parent.mkdir(exist_ok=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    path.write_text(text, encoding="utf-8")


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_class_is_shown_and_written_for_a_spreadsheet(tmp_path, capsys):
    work, sheet = tmp_path / "class", tmp_path / "new" / "sheet.csv"
    first, _ = lesson("01_load.ipynb")
    edited, cells = answered()
    hand_in(path := tmp_path / "executed" / "a.ipynb", edited | {"cells": cells})
    folders = os.pathsep.join([os.environ["PYTHONPATH"], str(ROOT)])
    notebook, *_unused = execute(path, PYTHONPATH=folders)  # as a kernel leaves it
    joined = copy.deepcopy(notebook)  # as Colab may save it: no tags, no ids, texts in one piece
    for cell in joined["cells"]:
        cell.update(id="", metadata={})
    cleared, cells = lesson("03_train.ipynb")
    for cell in cells:
        cell.update(outputs=[], execution_count=None)
    hand_in(work / "=1+1;-2.ipynb.txt", nbformat.writes(notebook))
    hand_in(work / "a, \u202e数.ipynb", joined)
    hand_in(work / "b" / "01_load (1).ipynb", first)
    hand_in(work / "b" / "03_train.ipynb", cleared)
    hand_in(work / "c" / "03_train.ipynb", edited)
    hand_in(work / "c" / ".01_load.ipynb", first)
    hand_in(work / ".ipynb_checkpoints" / "01_load.ipynb", first)
    main([str(work), "--csv", str(sheet)])
    out = f"""\
01_load, handed in: 4
exercise 1    exercise 2    exercise 3    notebook
right         not yet       error         ./=1+1;-2.ipynb.txt
right         not yet       error         ./a, ?数.ipynb
not answered  not answered  not answered  ./b/01_load (1).ipynb
not run       not run       not run       ./c/03_train.ipynb
exercise 1, middle_of_five: 2 right, 1 not answered, 1 not run
exercise 2, most_ink: 2 not yet, 1 not answered, 1 not run
exercise 3, black_and_white: 2 error, 1 not answered, 1 not run

03_train, handed in: 1
exercise 1    exercise 2    exercise 3    notebook
not run       not run       not run       ./b/03_train.ipynb
exercise 1, loss_of_a_half: 1 not run
exercise 2, steps_in_all: 1 not run
exercise 3, more_examples: 1 not run

For a spreadsheet: {sheet}
"""
    assert capsys.readouterr().out == out
    lines = [line for line in out.splitlines() if line[42:].startswith("./")]
    rows = [[line[42:], *(line[i : i + 14].strip() for i in (0, 14, 28))] for line in lines]
    assert [row[1:] for row in read(sheet)[1:]] == rows
    assert [row[0] for row in read(sheet)] == ["lesson", *["01_load"] * 4, "03_train"]
    # Excel needs the mark. In quotes, a name is no formula where semicolons separate either.
    start = (
        '\ufeff"lesson","notebook","exercise 1","exercise 2","exercise 3"\r\n"01_load","./=1+1;-2.'
    )
    assert sheet.read_bytes().startswith(start.encode())


def test_every_lesson_is_known_by_its_exercises(tmp_path):
    """In each language, in which nothing but the names of the checks is the same."""
    main([str(NOTEBOOKS), "--csv", str(tmp_path / "sheet.csv")])
    paths = sorted(NOTEBOOKS.rglob("*.ipynb"))
    names = [[path.stem, f"./{path.relative_to(NOTEBOOKS).as_posix()}"] for path in paths]
    rows = read(tmp_path / "sheet.csv")[1:]
    assert sorted(rows) == sorted([*name, *["not answered"] * 3] for name in names)


PASSED_OVER = {
    "a.pdf": ("%PDF-1.7", "no notebook"),
    "cell.ipynb": ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', "no notebook"),
    "deep.ipynb": ("[" * 100_000, "no notebook"),
    "large.ipynb": (" " * (LARGEST + 1), "larger than 20 MB"),
    "none.ipynb": ('{"nbformat": 4, "cells": []}', "a notebook without exercises of the lessons"),
    "old.ipynb": ('{"nbformat": 3, "worksheets": []}', "a notebook of another format than 4"),
}


def test_a_file_that_is_no_notebook_or_an_old_one_is_named(tmp_path, capsys):
    work, outside = tmp_path / "class", tmp_path / "outside.ipynb"
    for name, (text, _reason) in PASSED_OVER.items():
        hand_in(work / name, text)
    notebook, cells = lesson("03_train.ipynb")
    hand_in(work / "p.ipynb", json.dumps(notebook).replace("steps_in_all", "steps"))
    notebook["cells"].remove(cells[2])
    hand_in(work / "q.ipynb", notebook)
    hand_in(outside, lesson("01_load.ipynb")[0])
    (work / "r.ipynb").symlink_to(outside)
    (work / "s").symlink_to(tmp_path)
    with pytest.raises(SystemExit, match="class is no folder that holds notebooks of the lessons"):
        main([str(work)])
    lines = [f"./{name}: {reason}" for name, (_text, reason) in PASSED_OVER.items()]
    lines += ["./p.ipynb: 03_train of another version, without steps_in_all, with steps"]
    lines += ["./q.ipynb: 03_train of another version, without more_examples"]
    lines += [f"./{name}: no readable file of this folder" for name in ("r.ipynb", "s")]
    assert capsys.readouterr().out.splitlines() == ["passed over:", *lines, ""]


SAID = {
    "what a cell prints comes before": (CELL, RIGHT + NOT_YET, ["not yet"]),
    "an error after the check": (CELL, NOT_YET + ERROR, ["not yet"]),
    "another output": (CELL, OTHER, ["not run"]),
    "answered later": (f"# answer = ...\n{CELL}", NOT_ANSWERED, ["not run"]),
    "in a comment": (f"{CELL}  # checks.b(1)", RIGHT, ["right"]),
    "two": (f"{CELL}; checks.b(2)", RIGHT + NOT_YET, ["right", "not yet"]),
    "two, an error between": (f"{CELL}; checks.b(2)", RIGHT + ERROR, ["right", "error"]),
    "none": ("print('Right. ')", RIGHT, []),
}


@pytest.mark.parametrize(("source", "outputs", "expected"), SAID.values(), ids=SAID)
def test_a_result_is_what_the_saved_output_says(source, outputs, expected):
    assert list(said(source, outputs)) == list(zip("ab", expected, strict=False))


def test_the_best_of_several_attempts_counts(tmp_path):
    notebook, cells = lesson("01_load.ipynb")
    notebook["cells"] += [cells[1] | {"outputs": outputs} for outputs in (NOT_YET, RIGHT, [])]
    hand_in(tmp_path / "a.ipynb", notebook)
    main([str(tmp_path), "--csv", str(tmp_path / "sheet.csv")])
    assert read(tmp_path / "sheet.csv")[1][2:] == ["not answered", "right", "not answered"]


@pytest.mark.parametrize("name", ["empty", "missing", "file"])
def test_a_folder_without_notebooks_ends_in_one_sentence(tmp_path, capsys, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / name)])
    assert ended.value.code.endswith(f"{name} is no folder that holds notebooks of the lessons.")
    assert capsys.readouterr().out == ""


def test_a_place_that_cannot_be_written_and_a_screen_that_lacks_a_letter(tmp_path):
    hand_in(tmp_path / "数.ipynb", lesson("01_load.ipynb")[0])
    command = [sys.executable, "-m", "tools.class_results", tmp_path, "--csv"]
    command.append(tmp_path / "数.ipynb" / "sheet.csv")
    screen = {"env": os.environ | {"PYTHONIOENCODING": "cp1252"}, "encoding": "cp1252"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, **screen)
    assert done.returncode == 1 and "not answered  ./?.ipynb" in done.stdout
    assert "sheet.csv can't be written (" in done.stderr and "Traceback" not in done.stderr
