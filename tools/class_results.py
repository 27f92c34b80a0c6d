"""Show what a class has done: who has which exercise right, and which wrong answers were given.

    python -m tools.class_results FOLDER [--csv FILE]

It reads every file in FOLDER, at any depth and in zip files, and executes nothing. A notebook
belongs to the lesson with which it shares most checks, whose saved outputs say how far each
exercise is: right, not yet, error, not answered, not run (no output, or "Not answered yet" below an
answer), or deleted (no file has it). Of several attempts the best counts, and each wrong answer.

The learner is the first folder below FOLDER, or else the file's name without its suffix. A zip file
is a folder of that name, unless it is a learning platform's download, which counts as if it were
unpacked into FOLDER: it lies directly in FOLDER, two or more folders in it hold notebooks or zip
files, none of them is called "notebooks", and no notebook lies beside them.
"""

import argparse
import ast
import csv
import json
import re
import sys
import warnings
from collections import Counter, defaultdict
from itertools import zip_longest
from pathlib import Path

from nbformat.v4 import new_markdown_cell, new_notebook

from helpers import language
from helpers.files import WriteError, artifacts, replacing
from tools import pages, write
from tools.execute import english_notebooks
from tools.hand_ins import hand_ins

RESULTS = ("right", "not yet", "error", "not answered", "not run", "deleted")  # the best first
# How the checks of helpers/checks/core.py begin to say so, in each language.
MESSAGES = {"Right. {praise}": "right", "Not yet. {hint}": "not yet"}
MESSAGES["Not answered yet. {hint}"] = "not answered"
SAID = {
    language.catalogue(name).gettext(message).partition("{")[0]: result
    for name in ["en", *language.translations()]
    for message, result in MESSAGES.items()
}
VERDICT = re.compile(f"^({'|'.join(map(re.escape, SAID))})", re.MULTILINE)
MARKDOWN = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # its signs, where they are such


def said(source: str, outputs: list[dict]) -> list[tuple[str, str, str]]:
    """Return each check that a cell calls, its result by the saved outputs, and its answer."""
    code = re.sub("#.*", "", source)
    calls = re.findall(r"\bchecks\.(\w+)\(", code)
    texts = ["".join(output["text"]) for output in outputs if output.get("name") == "stdout"]
    # The last verdicts: a cell can print "Right. " itself before its check does.
    found = VERDICT.findall("".join(texts))[-len(calls) :] if calls else []
    verdicts = [SAID[verdict] for verdict in found]
    if not re.search(r"=\s*\.\.\.", code):  # the answer came later than the output
        verdicts = ["not run" if verdict == "not answered" else verdict for verdict in verdicts]
    failed = any(output["output_type"] == "error" for output in outputs)
    pairs = zip_longest(calls, verdicts, fillvalue="error" if failed else "not run")
    given = answers(source) if calls else {}
    return [(check, result, given.get(check, "...")) for check, result in pairs]


def answers(source: str) -> dict[str, str]:
    """Return what a cell hands to each check: an expression, or what its name was last assigned."""
    assigned, found = {}, {}
    try:
        tree = ast.parse(re.sub(r"(?m)^(\s*)[%!].*", r"\1pass", source))  # IPython's own commands
        nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.Call))]
        for node in sorted(nodes, key=lambda node: (node.end_lineno, node.end_col_offset)):
            match node:
                case ast.Assign(targets, value):
                    assigned |= {ast.unparse(target): value for target in targets}
                case ast.Call(ast.Attribute(ast.Name("checks"), check), [given, *_]):
                    given = assigned.get(ast.unparse(given), given)
                    found[check] = " ".join(ast.unparse(given).split())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}  # no Python, of whatever kind
    return found


def collect(folder: Path, lessons: dict[str, list[str]]) -> tuple[dict, dict]:
    """Return calls by lesson and learner, each with its date first; and places passed over."""
    handed_in, passed_over = {name: defaultdict(list) for name in lessons}, defaultdict(list)
    for place, date, data, problem in hand_ins(folder):
        try:
            cells = [] if problem else json.loads(data)["cells"]
            cells = [cell for cell in cells if cell["cell_type"] == "code"]
            calls = [c for cell in cells for c in said("".join(cell["source"]), cell["outputs"])]
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            calls, problem = [], "no notebook of format 4"
        found = {check for check, *_ in calls}
        lesson = max(lessons, key=lambda name: len(found.intersection(lessons[name])))
        if found.isdisjoint(lessons[lesson]):
            problem = problem or "a notebook without exercises of the lessons"
            passed_over[place.parts[0], problem].append(str(place))
        else:
            learner = place.parts[0] if len(place.parts) > 1 else place.stem
            handed_in[lesson][learner] += [(date, *call) for call in calls]
    return {name: learners for name, learners in handed_in.items() if learners}, passed_over


def best(calls: list[tuple[str, ...]], checks: list[str]) -> list[str]:
    """Return what a learner has right of a lesson, the latest date, and each exercise's result."""
    found = [[result for _, name, result, _ in calls if name == check] for check in checks]
    results = [min(attempts, key=RESULTS.index, default=RESULTS[-1]) for attempts in found]
    others = ", ".join(sorted({name for _, name, *_ in calls}.difference(checks)))[:200]
    right = f"{results.count('right')} of {len(checks)}" + f", also: {others}" * bool(others)
    return [right, max(date for date, *_ in calls), *results]


def wrong(learners: dict[str, list], check: str) -> list[tuple[str, int]]:
    """Return each wrong answer with the number of those who gave it, the most frequent first."""
    given = {
        (answer, learner)
        for learner, calls in learners.items()
        for _, name, result, answer in calls
        if name == check and result in ("not yet", "error") and answer != "..."
    }
    return Counter(answer for answer, _ in sorted(given)).most_common()


def section(checks: list[str], learners: dict[str, list], rows: list[list[str]]) -> str:
    """Return a lesson's rows as a table, then the sums and wrong answers of each exercise."""
    exercises = [f"exercise {number}" for number in range(1, len(checks) + 1)]
    text = table(["learner", "right", "latest file", *exercises], *rows)
    for number, check in enumerate(checks, start=1):
        column, answers = [row[number + 2] for row in rows], wrong(learners, check)
        sums = [f"{column.count(result)} {result}" for result in RESULTS if result in column]
        text += f"\nExercise {number}, {check}: {', '.join(sums)}\n" + "\n" * bool(answers)
        for answer, count in answers:
            short = answer if len(answer) <= 60 else f"{answer[:59]}…"
            text += f"    {count} of {len(rows)}: {short}\n"
    return text


def table(*rows: list[str]) -> str:
    """Return a table in Markdown, the first row above; its columns are aligned on a screen too."""
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
    texts = {path.stem: path.read_text(encoding="utf-8") for path in english_notebooks()}
    lessons = {lesson: re.findall(r'"checks\.(\w+)\(', text) for lesson, text in texts.items()}
    handed_in, passed_over = collect(options.folder, lessons)
    sheet, text = [], ""
    for lesson, learners in handed_in.items():
        rows = [[who, *best(calls, lessons[lesson])] for who, calls in sorted(learners.items())]
        sheet += [[lesson, *row] for row in rows]
        text += f"## {lesson}\n\n{section(lessons[lesson], learners, rows)}\n"
    if len(handed_in) > 1:
        right = {(lesson, who): share for lesson, who, share, *_ in sheet}
        names = sorted({who for _, who in right})
        shares = [[who, *(right.get((lesson, who), "") for lesson in handed_in)] for who in names]
        text = f"{table(['learner', *handed_in], *shares)}\n{text}"
    text = f"# What a class has done\n\n{text}" + "## Passed over\n\n" * bool(passed_over)
    for (_, reason), places in passed_over.items():
        more = f" and {len(places) - 3} more" * (len(places) > 3)
        text += f"    {', '.join(places[:3])}{more}: {reason}\n"
    print(text)
    if not sheet:
        raise SystemExit(f"{options.folder} is no folder that holds notebooks of the lessons.")
    exercises = [f"exercise {number + 1}" for number in range(max(map(len, sheet)) - 4)]
    header = ["lesson", "learner", "right", "latest file", *exercises]
    # With a mark in front, a name with which a formula begins is none to a spreadsheet.
    sheet = [[lesson, re.sub(r"^(?=\W)", "'", who), *row] for lesson, who, *row in sheet]
    front, page = new_notebook(cells=[new_markdown_cell(text)]), options.csv.with_suffix(".html")
    excel = {"encoding": "utf-8-sig", "newline": ""}  # which knows UTF-8 by its mark
    try:
        with replacing(options.csv) as beside, beside.open("w", **excel) as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *sheet])
        write(page, pages.page(front, "What a class has done"))
    except WriteError as error:
        raise SystemExit(str(error)) from error
    print(f"To read in a browser: {page}\nFor a spreadsheet: {options.csv}")


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    main()
