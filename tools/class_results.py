"""Show what a class has done: exercises, wrong answers, and what it gains in the quiz.

    python -m tools.class_results FOLDER [--csv FILE]

It reads the notebooks in FOLDER, at any depth, and executes nothing. A notebook belongs to the
lesson with which it shares most checks. Its saved outputs say how far each exercise is: right,
not yet, error, not answered, not run (no output, or "Not answered yet" below an answer), or
deleted (no file has it). Of several attempts the best counts, and each wrong answer.

The learner is the first folder below FOLDER, or else the file's name without its suffix.
Tables of the quiz (*.csv) may be anywhere in it.
"""

import argparse
import ast
import csv
import io
import json
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

from jinja2 import Template
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers import language
from helpers.files import artifacts
from tools import english_notebooks, pages, quiz, write

LARGEST = 20_000_000  # bytes of a notebook; a lesson has less than a million
RESULTS = ("right", "not yet", "error", "not answered", "not run", "deleted")  # the best first
# How the checks of helpers/checks/core.py begin to say three of them, in each language.
STARTS = {"Right. {praise}": "right", "Not yet. {hint}": "not yet"}
STARTS |= {"Not answered yet. {hint}": "not answered"}
VERDICTS = {
    language.catalogue(name).gettext(start).partition("{")[0]: result
    for name in ["en", *language.translations()]
    for start, result in STARTS.items()
}
VERDICT = re.compile(f"^({'|'.join(map(re.escape, VERDICTS))})", re.MULTILINE)
# In a cell, what `answer` is, with the lines that go on with it, and the call of a check.
ANSWER = re.compile(r"^[ \t]*answer = (.*(?:\n(?!.*checks\.)[ \t)\]}].*)*)", re.MULTILINE)
CHECK = re.compile(r"^(?![ \t]*#).*\bchecks\.(\w+)\((.*?)\)?$", re.MULTILINE)
MARKDOWN = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # its signs, where they are such


def calls(source: str) -> list[tuple[str, str]]:
    """Return each check that a cell calls, with its answer as Python would write it."""
    answers, called = ANSWER.findall(source), []
    for check, argument in CHECK.findall(source):
        answer = answers[-1] if answers and argument.startswith("answer") else argument
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):  # whatever it is
            answer = ast.unparse(ast.parse(answer.strip(), mode="eval"))
        called.append((check, " ".join(answer.split())))
    return called


def read(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each check that a notebook calls, the result that its output says, the answer."""
    if path.is_symlink() or path.stat().st_size > LARGEST:
        raise ValueError(f"{path} is a link, or too large")
    for cell in json.loads(path.read_bytes())["cells"]:
        called = calls("".join(cell["source"])) if cell["cell_type"] == "code" else []
        outputs = cell["outputs"] if called else []
        printed = ["".join(out["text"]) for out in outputs if out.get("name") == "stdout"]
        failed = any(output["output_type"] == "error" for output in outputs)
        # The last verdicts: a cell can print "Right. " itself before its check does.
        verdicts = VERDICT.findall("".join(printed))[-len(called) :]
        for (check, answer), verdict in zip_longest(called, verdicts):
            result = VERDICTS.get(verdict, "error" if failed else "not run")
            if result == "not answered" and answer != "...":  # it came after the output
                result = "not run"
            yield check, result, answer


def collect(folder: Path, lessons: dict[str, list[str]]) -> tuple[dict, list[str]]:
    """Return what `read` has found by lesson and learner; and names of files passed over."""
    handed_in, passed_over = {lesson: defaultdict(list) for lesson in lessons}, []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_ours = ".ipynb" in path.name.lower() or path.suffix.lower() == ".zip"
        if not is_ours or "/." in f"/{name}":  # JupyterLab's checkpoints are hidden
            continue
        name = Path("".join(letter if letter.isprintable() else "?" for letter in name))
        try:
            attempts = list(read(path))
        except Exception:  # whatever comes of a file that is damaged, by accident or intent
            attempts = []
        checks = {check for check, *_ in attempts}
        lesson = max(lessons, key=lambda lesson: len(checks.intersection(lessons[lesson])))
        if checks.isdisjoint(lessons[lesson]):
            passed_over.append(name.as_posix())
        else:
            learner = name.parts[0] if len(name.parts) > 1 else name.stem
            handed_in[lesson][learner] += attempts
    return {name: learners for name, learners in handed_in.items() if learners}, passed_over


def summary(lesson: str, checks: list[str], learners: dict[str, list]) -> dict:
    """Return a lesson's table, and of each exercise the results and the wrong answers.

    The table has of each learner how much is right, and the best result of each exercise.
    """
    rows, exercises = [], []
    for name in sorted(learners):
        results = dict.fromkeys(checks, "deleted")
        for check, result, _ in learners[name]:
            if check in results:  # it isn't another version's
                results[check] = min(result, results[check], key=RESULTS.index)
        right = list(results.values()).count("right")
        rows.append([name, f"{right} of {len(checks)}", *results.values()])
    for column, check in enumerate(checks, start=2):
        counts, wrong = Counter(row[column] for row in rows), Counter()
        for attempts in learners.values():
            tried = [attempt for attempt in attempts if attempt[0] == check]
            answers = {answer for _, result, answer in tried if result in ("not yet", "error")}
            wrong.update(sorted(answers.difference(["", "..."])))
        results = {result: counts[result] for result in RESULTS if result in counts}
        exercises.append((check, results, wrong.most_common()))
    header = ["learner", "right", *(f"exercise {number + 1}" for number in range(len(checks)))]
    return {"name": lesson, "rows": [header, *rows], "exercises": exercises}


def table(rows: list[list[str]]) -> str:
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
    spreadsheet, page = (options.csv.with_suffix(suffix) for suffix in (".csv", ".html"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in english_notebooks()}
    lessons = {lesson: re.findall(r'"checks\.(\w+)\(', text) for lesson, text in texts.items()}
    handed_in, passed_over = collect(options.folder, lessons)
    done = [summary(name, lessons[name], learners) for name, learners in handed_in.items()]
    answered = quiz.report(options.folder)
    if not (done or answered["rows"]):
        raise SystemExit(f"{options.folder} holds no notebooks of the lessons, and no quiz.")
    header = max((lesson["rows"][0] for lesson in done), key=len, default=[])
    sheet, shares = [["lesson", *header]], defaultdict(lambda: dict.fromkeys(handed_in, ""))
    without_outputs = 0
    for lesson in done:
        for name, share, *results in lesson["rows"][1:]:
            # With a mark in front, what begins like a formula is none to a spreadsheet.
            sheet.append([lesson["name"], re.sub(r"^(?=\W)", "'", name), share, *results])
            shares[name][lesson["name"]] = share
            without_outputs += {*results} - {"deleted"} == {"not run"}
    overview = [["learner", *handed_in]]
    overview += [[name, *shares[name].values()] for name in sorted(shares)]
    template = Template(Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8"))
    about = {"lessons": done, "overview": overview, "without_outputs": without_outputs}
    text = template.render(**answered, **about, passed_over=passed_over, table=table)
    print(text)
    csv.writer(quoted := io.StringIO(), quoting=csv.QUOTE_ALL).writerows(sheet)
    write(spreadsheet, f"\ufeff{quoted.getvalue()}")  # Excel knows UTF-8 by this mark
    notebook = new_notebook(cells=[new_markdown_cell(text)])
    write(page, pages.page(notebook, "What a class has done"))
    print(f"To read in a browser: {page}\nFor a spreadsheet: {spreadsheet}")


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    main()
