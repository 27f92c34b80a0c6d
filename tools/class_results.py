"""Show what a class has done: who has which exercise right, and which wrong answers came.

    python -m tools.class_results FOLDER [--csv FILE]

It reads the notebooks in FOLDER, at any depth, and executes nothing. A notebook belongs to the
lesson with which it shares most checks. Its saved outputs say how far each exercise is: right,
not yet, error, not answered, not run (no output, or "Not answered yet" below an answer), or
deleted (no file has it). Of several attempts the best counts, and each wrong answer.

The learner is the first folder below FOLDER, or else the file's name without its suffix.
"""

import argparse
import ast
import csv
import json
import re
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from nbformat.v4 import new_markdown_cell, new_notebook

from helpers import language
from helpers.files import WriteError, artifacts, replacing
from tools import pages, write
from tools.execute import english_notebooks

LARGEST = 20_000_000  # bytes of a notebook; a lesson has less than a million
RESULTS = ("right", "not yet", "error", "not answered", "not run", "deleted")  # the best first
# How the checks of helpers/checks/core.py begin to say the first, second and fourth.
MESSAGES = ("Right. {praise}", "Not yet. {hint}", "Not answered yet. {hint}")
VERDICTS = {
    language.catalogue(name).gettext(message).partition("{")[0]: result
    for name in ["en", *language.translations()]
    for message, result in zip(MESSAGES, ("right", "not yet", "not answered"), strict=True)
}
VERDICT = re.compile(f"^({'|'.join(map(re.escape, VERDICTS))})", re.MULTILINE)
COMMAND = re.compile(r"^([ \t]*)[%!].*", re.MULTILINE)  # IPython's, not Python
# What a file that is no notebook of format 4 ends in.
OTHERWISE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)
MARKDOWN = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # its signs, where they are such


class Attempt(NamedTuple):
    """A check that a notebook calls, its result by the saved output, and the answer."""

    check: str
    result: str
    answer: str
    date: str


def calls(source: str) -> list[tuple[str, str]]:
    """Return each check that a cell calls, with its answer; "" where the cell is no Python.

    An answer is an expression, or what its name was last assigned.
    """
    assigned, found = {}, []
    try:
        tree = ast.parse(COMMAND.sub(r"\1pass", source))
        nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.Call))]
        for node in sorted(nodes, key=lambda node: (node.end_lineno, node.end_col_offset)):
            match node:
                case ast.Assign(targets, value):
                    assigned |= {ast.unparse(target): value for target in targets}
                case ast.Call(ast.Attribute(ast.Name("checks"), check), arguments):
                    answer = arguments[0] if arguments else ast.Constant(...)
                    answer = assigned.get(ast.unparse(answer), answer)
                    found.append((check, " ".join(ast.unparse(answer).split())))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # whatever it is instead
        return [(check, "") for check in re.findall(r"(?m)^[^#\n]*\bchecks\.(\w+)\(", source)]
    return found


def read(path: Path) -> Iterator[Attempt]:
    """Yield an attempt for each check that a notebook calls."""
    date = time.strftime("%Y-%m-%d", time.localtime(path.stat().st_mtime))
    for cell in json.loads(path.read_bytes())["cells"]:
        if cell["cell_type"] == "code":
            called, outputs = calls("".join(cell["source"])), cell["outputs"]
            printed = ["".join(out["text"]) for out in outputs if out.get("name") == "stdout"]
            # The last verdicts: a cell can print "Right. " itself before its check does.
            verdicts = VERDICT.findall("".join(printed))[-len(called) :] if called else []
            failed = any(output["output_type"] == "error" for output in outputs)
            for (check, answer), verdict in zip_longest(called, verdicts):
                result = VERDICTS.get(verdict, "error" if failed else "not run")
                if result == "not answered" and answer != "...":  # it came after the output
                    result = "not run"
                yield Attempt(check, result, answer, date)


def collect(folder: Path, lessons: dict[str, list[str]]) -> tuple[dict, dict]:
    """Return attempts by lesson and learner; and files passed over by folder and reason."""
    handed_in, passed_over = defaultdict(lambda: defaultdict(list)), defaultdict(list)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if "/." in f"/{name}" or (path.is_dir() and not path.is_symlink()):
            continue
        name = Path("".join(letter if letter.isprintable() else "?" for letter in name))
        attempts = []
        reason = "a notebook without exercises of the lessons"
        if path.is_symlink() or not path.is_file():
            reason = "a link, or no file"
        elif ".ipynb" not in path.name:
            reason = "no notebook; a zip file has to be unpacked first"
        elif path.stat().st_size > LARGEST:
            reason = f"larger than {LARGEST // 10**6} MB"
        else:
            try:
                attempts = list(read(path))
            except (OSError, *OTHERWISE):
                reason = "can't be read as a notebook of format 4"
        checks = {attempt.check for attempt in attempts}
        lesson = max(lessons, key=lambda lesson: len(checks.intersection(lessons[lesson])))
        if checks.isdisjoint(lessons[lesson]):
            passed_over[name.parts[0], reason].append(name.as_posix())
        else:
            learner = name.parts[0] if len(name.parts) > 1 else name.stem
            handed_in[lesson][learner] += attempts
    return {name: handed_in[name] for name in lessons if name in handed_in}, passed_over


def summary(attempts: list[Attempt], checks: list[str]) -> list[str]:
    """Return how much a learner has right, the latest date, and each exercise's result."""
    best = dict.fromkeys(checks, "deleted")
    for check, result, *_ in attempts:
        best[check] = min(result, best.get(check, result), key=RESULTS.index)
    results = [best.pop(check) for check in checks]
    right = f"{results.count('right')} of {len(checks)}"
    if best:
        right += f", also: {', '.join(sorted(best))[:200]}"
    return [right, max(attempt.date for attempt in attempts), *results]


def wrong_answers(learners: dict[str, list[Attempt]], check: str) -> list[tuple[str, int]]:
    """Return each wrong answer with the number of its learners, the most frequent first."""
    given = {
        (attempt.answer, learner)
        for learner, attempts in learners.items()
        for attempt in attempts
        if attempt.check == check and attempt.result in ("not yet", "error")
    }
    answers = [answer for answer, _ in sorted(given) if answer not in ("", "...")]
    return Counter(answers).most_common()


def section(checks: list[str], learners: dict[str, list], rows: list[list[str]]) -> str:
    """Return a lesson's rows as a table, then the sums and wrong answers of each exercise."""
    exercises = [f"exercise {number}" for number in range(1, len(checks) + 1)]
    text = table(["learner", "right", "latest file", *exercises], *rows)
    for number, check in enumerate(checks, start=1):
        results = Counter(row[number + 2] for row in rows)
        counts = [f"{results[result]} {result}" for result in RESULTS if result in results]
        text += f"\nExercise {number}, {check}: {', '.join(counts)}\n\n"
        for answer, count in wrong_answers(learners, check):
            short = answer if len(answer) <= 60 else f"{answer[:59]}…"
            text += f"    {count} of {len(rows)}: {short}\n"
    return text


def table(*rows: list[str]) -> str:
    """Return a table in Markdown, the first row above, aligned on a screen too."""
    rows = [[MARKDOWN.sub(r"\\\g<0>", cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(map(str.ljust, row, widths))} |\n" for row in rows)


def main(arguments: list[str] | None = None) -> None:
    """Show and write what the files in a folder say; SystemExit says why nothing is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the notebooks are, at any depth")
    default = artifacts() / "class_results.csv"
    parser.add_argument("--csv", type=Path, default=default, help="default: %(default)s")
    options = parser.parse_args(arguments)
    page = options.csv.with_suffix(".html")
    if options.csv.suffix.lower() == page.suffix:
        parser.error(f"--csv: {options.csv} is where the page goes; let it end in .csv")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in english_notebooks()}
    lessons = {lesson: re.findall(r'"checks\.(\w+)\(', text) for lesson, text in texts.items()}
    handed_in, passed_over = collect(options.folder, lessons)
    sheet, text = [], ""
    for lesson, learners in handed_in.items():
        rows = [[name, *summary(learners[name], lessons[lesson])] for name in sorted(learners)]
        sheet += [[lesson, *row] for row in rows]
        text += f"## {lesson}\n\n{section(lessons[lesson], learners, rows)}\n"
    if len(handed_in) > 1:
        right = {(lesson, name): share for lesson, name, share, *_ in sheet}
        names = sorted({name for _, name in right})
        rows = [[name, *(right.get((key, name), "") for key in handed_in)] for name in names]
        text = f"{table(['learner', *handed_in], *rows)}\n{text}"
    text = f"# What a class has done\n\n{text}"
    if passed_over:
        text += "## Passed over\n\n"
    for (_, reason), names in passed_over.items():
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        text += f"    {', '.join(names[:3])}{more}: {reason}\n"
    print(text)
    if not sheet:
        raise SystemExit(f"{options.folder} is no folder that holds notebooks of the lessons.")
    exercises = [f"exercise {number + 1}" for number in range(max(map(len, sheet)) - 4)]
    header = ["lesson", "learner", "right", "latest file", *exercises]
    # With a mark in front, a name with which a formula begins is none to a spreadsheet.
    sheet = [[lesson, re.sub(r"^(?=\W)", "'", name), *row] for lesson, name, *row in sheet]
    excel = {"encoding": "utf-8-sig", "newline": ""}  # which knows UTF-8 by its mark
    try:
        with replacing(options.csv) as beside, beside.open("w", **excel) as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *sheet])
        notebook = new_notebook(cells=[new_markdown_cell(text)])
        write(page, pages.page(notebook, "What a class has done"))
    except WriteError as error:
        raise SystemExit(str(error)) from error
    print(f"To read in a browser: {page}\nFor a spreadsheet: {options.csv}")


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    main()
