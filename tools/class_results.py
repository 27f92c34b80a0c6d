"""Show what a class has done: who has which exercise right, by the notebooks handed in.

    python -m tools.class_results FOLDER [--csv FILE]

It reads every file in FOLDER, at any depth, and executes nothing. The checks in a notebook say
which lesson it is, whatever the file's name; their saved output says how far each exercise is:
right, not yet, error, not answered, or not run (no output, or "Not answered yet" below an answer).
The table stands on the screen and, for a spreadsheet, in artifacts/class_results.csv or in FILE. A
file that is no notebook, or a lesson of another version, is named and passed over.
"""

import argparse
import csv
import json
import re
import sys
from itertools import zip_longest
from pathlib import Path

from helpers import language
from helpers.files import ROOT, WriteError, artifacts, replacing

LARGEST = 20_000_000  # bytes; a lesson has less than one million
RESULTS = ("right", "not yet", "error", "not answered", "not run")  # the best first
# How the checks of helpers/checks/core.py begin to say so, in each language.
MESSAGES = ("Right. {praise}", "Not yet. {hint}", "", "Not answered yet. {hint}")
SAID = {
    language.catalogue(name).gettext(message).partition("{")[0]: result
    for name in ["en", *language.translations()]
    for message, result in zip(MESSAGES, RESULTS, strict=False)
    if message
}
VERDICT = re.compile(f"^({'|'.join(map(re.escape, SAID))})", re.MULTILINE)


class PassedOverError(Exception):
    """A file is no notebook of a lesson; the message says what it is."""


def files(folder: Path) -> list[Path]:
    """Return what lies in `folder` at any depth and isn't hidden; a link is not followed."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path for path in found if "/." not in f"/{path.relative_to(folder).as_posix()}")


def results(path: Path, folder: Path) -> dict[str, str]:
    """Return the result of each check in a saved notebook; PassedOverError if it isn't one."""
    try:
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            raise FileNotFoundError(path)
        if path.stat().st_size > LARGEST:
            raise PassedOverError("larger than 20 MB")
        found, cells = {}, json.loads(path.read_bytes())["cells"]
        for cell in (cell for cell in cells if cell["cell_type"] == "code"):
            for check, result in said("".join(cell["source"]), cell["outputs"]):
                found[check] = min(result, found.get(check, result), key=RESULTS.index)
        return found
    except OSError as error:
        raise PassedOverError("no readable file of this folder") from error
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise PassedOverError("no notebook of format 4") from error


def said(source: str, outputs: list[dict]) -> list[tuple[str, str]]:
    """Pair each check that a cell calls with its result, by the cell's saved outputs."""
    code = re.sub("#.*", "", source)
    calls = re.findall(r"\bchecks\.(\w+)\(", code)
    texts = ["".join(output["text"]) for output in outputs if output.get("name") == "stdout"]
    # The last verdicts: a cell can print "Right. " itself before its check does.
    found = VERDICT.findall("".join(texts))[-len(calls) :] if calls else []
    verdicts = [SAID[verdict] for verdict in found]
    if not re.search(r"=\s*\.\.\.", code):  # the answer came later than the output
        verdicts = ["not run" if verdict == "not answered" else verdict for verdict in verdicts]
    failed = any(output["output_type"] == "error" for output in outputs)
    return list(zip_longest(calls, verdicts, fillvalue="error" if failed else "not run"))


def lesson_of(found: dict[str, str], lessons: dict[str, list[str]]) -> str:
    """Return the lesson that has these checks; PassedOverError says how the nearest differs."""
    lesson = max(lessons, key=lambda name: len(found.keys() & lessons[name]))
    if not found.keys() & lessons[lesson]:
        raise PassedOverError("a notebook without exercises of the lessons")
    if other := found.keys() ^ set(lessons[lesson]):
        raise PassedOverError(f"{lesson} of another version, in {', '.join(sorted(other))[:200]}")
    return lesson


def show(lesson: str, checks: list[str], rows: list[list[str]]) -> None:
    """Print what was handed in of a lesson, the names last; then the sums of each exercise."""
    print(f"{lesson}, handed in: {len(rows)}")
    numbers = [f"exercise {number}" for number in range(1, len(checks) + 1)]
    for name, *cells in [["notebook", *numbers], *rows]:
        print("".join(f"{cell:14}" for cell in cells) + name)
    for number, check in enumerate(checks, start=1):
        column = [row[number] for row in rows]
        sums = (f"{column.count(result)} {result}" for result in RESULTS if result in column)
        print(f"exercise {number}, {check}: {', '.join(sums)}")
    print()


def main(arguments: list[str] | None = None) -> None:
    """Show and write what the notebooks in a folder say; SystemExit says why nothing is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the notebooks are, at any depth")
    default = artifacts() / "class_results.csv"
    parser.add_argument("--csv", type=Path, default=default, help="default: %(default)s")
    options = parser.parse_args(arguments)
    ours = (path for path in files(ROOT / "notebooks") if path.suffix == ".ipynb")
    lessons = {path.stem: list(results(path, ROOT)) for path in ours}
    handed_in, passed_over = {lesson: [] for lesson in lessons}, []
    for path in files(options.folder):
        # "./" in front: what begins with = + - or @ is a formula to a spreadsheet.
        name = f"./{path.relative_to(options.folder).as_posix()}"
        name = "".join(letter if letter.isprintable() else "?" for letter in name)
        try:
            found = results(path, options.folder)
            lesson = lesson_of(found, lessons)
            handed_in[lesson].append([name, *(found[check] for check in lessons[lesson])])
        except PassedOverError as reason:
            passed_over.append(f"{name}: {reason}")
    handed_in = {lesson: rows for lesson, rows in handed_in.items() if rows}
    for lesson, rows in handed_in.items():
        show(lesson, lessons[lesson], rows)
    if passed_over:
        print("passed over:", *passed_over, sep="\n", end="\n\n")
    if not handed_in:
        raise SystemExit(f"{options.folder} is no folder that holds notebooks of the lessons.")
    lines = [[lesson, *row] for lesson, rows in handed_in.items() for row in rows]
    most = max(map(len, lines)) - 2
    header = ["lesson", "notebook", *(f"exercise {number + 1}" for number in range(most))]
    excel = {"encoding": "utf-8-sig", "newline": ""}  # which knows UTF-8 by its mark
    try:
        with replacing(options.csv) as beside, beside.open("w", **excel) as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *lines])
    except WriteError as error:
        raise SystemExit(str(error)) from error
    print(f"For a spreadsheet: {options.csv}")


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    main()
