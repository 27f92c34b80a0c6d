"""Show what a class has done: exercises, wrong answers, and what it gains in the quiz.

    python -m tools.class_results FOLDER [--csv FILE]

It reads the notebooks in FOLDER, at any depth, and executes nothing. A notebook belongs to the
lesson with which it shares most checks. Its saved outputs say how far each exercise is: right,
not yet, error, not answered, not run (an answer without its output), or deleted (no file has it).
If a learner has handed in several attempts, the best one counts, and each wrong answer is listed.
A lesson in which nobody has answered or run anything has no table. Below the table stands how the
class has guessed, without names.

The learner is the first folder below FOLDER, or else the file's name without its suffix. In a
name that Moodle has made, the learner is the part before the number.
Tables of the quiz (*.csv) may be anywhere in FOLDER.
"""

import argparse
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import nbformat
from jinja2 import Environment
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import artifacts, write_or_exit
from tools import english_notebooks, pages, quiz_results
from tools.answers import UNANSWERED, Attempt, SavedNotebook, calls, read_notebook
from tools.tables import write_table

LARGEST = 20_000_000  # bytes of a notebook; a lesson has less than a million
RESULTS = ("right", "not yet", "error", "not answered", "not run", "deleted")  # the best first
MARKDOWN = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # its signs, where they are such
MOODLE = re.compile(r"(.+?)_(\d+)_assignsubmission_")
# Kinds of files that hold no notebook, and what to do about them.
REASONS = {
    ".zip .7z .rar .tar .gz": "a packed folder, which has to be unpacked first",
    ".xlsx .xls .ods .numbers": "a spreadsheet, which has to be saved as CSV",
    ".html .htm .pdf": "a page made from a notebook; ask for the notebook itself, a file .ipynb",
}


class HandIn(NamedTuple):
    """One file that was handed in.

    `name` is its path below the class's folder, as it can be shown. `learner` is the learner's
    name, and `number` the one that Moodle adds to it, or "". Either `lesson` and `notebook` are
    there, or `reason` says why the file can't be read. A table of the quiz has none of them.
    """

    path: Path
    learner: str
    number: str
    name: str
    lesson: str = ""
    notebook: SavedNotebook | None = None
    reason: str = ""


def lesson_checks() -> dict[str, list[str]]:
    """Return, for each lesson, the checks of its exercises."""
    lessons = {}
    for path in english_notebooks():
        cells = nbformat.read(path, as_version=4).cells
        sources = [c.source for c in cells if "exercise" in c.metadata.get("tags", [])]
        lessons[path.stem] = [check for source in sources for check, _answer in calls(source)]
    return lessons


class Question(NamedTuple):
    """A cell of a lesson in which learners guess.

    `heading` is the section in which it stands, and `result` what the lesson's own output says.
    """

    cell: str
    heading: str
    result: str


def lesson_questions() -> dict[str, list[Question]]:
    """Return, for each lesson, the cells in which learners guess."""
    lessons = {}
    for path in english_notebooks():
        heading, questions = "", []
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                heading = (re.findall("^## (.+)$", cell.source, re.MULTILINE) or [heading])[-1]
            elif "guesses.compare(" in cell.source:
                printed = "".join(output.get("text", "") for output in cell.outputs)
                result = re.search(r"The result is (.*)\.$", printed, re.MULTILINE)
                questions.append(Question(cell.id, heading, result[1] if result else ""))
        lessons[path.stem] = questions
    return lessons


def learner_of(name: Path) -> tuple[str, str]:
    """Return the learner to whom a path in the class's folder belongs, and Moodle's number."""
    for part in name.parts:
        if match := MOODLE.match(part):
            return match[1], match[2]
    return (name.parts[0] if len(name.parts) > 1 else name.stem), ""


def collect_files(
    folder: Path, lessons: dict[str, list[str]], written: Iterable[Path]
) -> list[HandIn]:
    """Return each file in a folder, but hidden ones and those that this program has written."""
    written = {path.resolve() for path in written}
    hand_ins = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        is_empty_folder = path.is_dir() and not path.is_symlink() and not any(path.iterdir())
        is_file = path.is_symlink() or not path.is_dir()
        # JupyterLab's checkpoints are hidden.
        is_hidden = any(part.startswith(".") for part in name.parts)
        if is_hidden or path.resolve() in written or not (is_file or is_empty_folder):
            continue
        name = Path(*map(quiz_results.printable, name.parts))
        hand_in = HandIn(path, *learner_of(name), name.as_posix())
        if is_empty_folder:
            hand_in = hand_in._replace(reason="an empty folder")
        elif reason := unreadable(path):
            hand_in = hand_in._replace(reason=reason)
        elif not is_table(path):
            hand_in = read_file(hand_in, lessons)
        hand_ins.append(hand_in)
    return tell_apart(hand_ins)


def is_table(path: Path) -> bool:
    """May a file be a table of the quiz? A browser may call a notebook x.ipynb.txt."""
    return path.suffix.lower() in quiz_results.SUFFIXES and ".ipynb" not in path.name.lower()


def unreadable(path: Path) -> str | None:
    """Return why a file isn't opened at all, or None."""
    if path.is_symlink():
        return "a link to another place"
    if not path.is_file():
        return "no file"
    for suffixes, reason in REASONS.items():
        if path.suffix.lower() in suffixes.split():
            return reason
    if path.stat().st_size > LARGEST:
        return f"larger than {LARGEST // 1_000_000} MB"
    if ".ipynb" in path.name.lower() or path.suffix.lower() == ".json" or is_table(path):
        return None
    return "no notebook"


def read_file(hand_in: HandIn, lessons: dict[str, list[str]]) -> HandIn:
    """Return a hand-in with what its notebook holds, or with why it can't be read."""
    is_named_so = ".ipynb" in hand_in.path.name.lower()
    try:
        notebook = read_notebook(hand_in.path)
    except OSError as error:
        return hand_in._replace(reason=error.strerror or "it can't be opened")
    except Exception:  # a file may be damaged in any way, by accident or intent
        return hand_in._replace(reason="a damaged notebook" if is_named_so else "no notebook")
    checks = {attempt.check for attempt in notebook.attempts}
    lesson = max(lessons, key=lambda lesson: len(checks.intersection(lessons[lesson])))
    if checks.isdisjoint(lessons[lesson]):
        reason = "a notebook without an exercise of the lessons" if is_named_so else "no notebook"
        return hand_in._replace(reason=reason)
    return hand_in._replace(lesson=lesson, notebook=notebook)


def tell_apart(hand_ins: list[HandIn]) -> list[HandIn]:
    """Put Moodle's number behind a name if two numbers of the name share a lesson.

    Otherwise they are one learner, to whom Moodle gives another number for each assignment.
    """
    handed_in = defaultdict(lambda: defaultdict(set))
    for hand_in in hand_ins:
        if hand_in.number and hand_in.lesson:
            handed_in[hand_in.learner][hand_in.lesson].add(hand_in.number)
    several = {
        learner
        for learner, lessons in handed_in.items()
        if any(len(numbers) > 1 for numbers in lessons.values())
    }
    apart = []
    for hand_in in hand_ins:
        if hand_in.number and hand_in.learner in several:
            hand_in = hand_in._replace(learner=f"{hand_in.learner} {hand_in.number}")
        apart.append(hand_in)
    return apart


def in_order(names: Iterable[str]) -> list[str]:
    """Return names as in a register: without regard to capitals."""
    return sorted(names, key=lambda name: (name.casefold(), name))


def summary(lesson: str, checks: list[str], learners: dict[str, list[Attempt]]) -> dict:
    """Return a lesson's table, and for each exercise the results and the wrong answers.

    The table has, for each learner, how many are right, and the best result of each exercise.
    """
    rows, exercises = [], []
    for name in in_order(learners):
        results = dict.fromkeys(checks, "deleted")
        for attempt in learners[name]:
            if attempt.check in results:  # and not an exercise of another version
                best = min(attempt.result, results[attempt.check], key=RESULTS.index)
                results[attempt.check] = best
        right = list(results.values()).count("right")
        rows.append([name, f"{right} of {len(checks)}", *results.values()])
    for column, check in enumerate(checks, start=2):
        counts = Counter(row[column] for row in rows)
        results = {result: counts[result] for result in RESULTS if result in counts}
        exercises.append((check, results, wrong_answers(check, learners.values())))
    header = ["learner", "right", *(f"exercise {number + 1}" for number in range(len(checks)))]
    return {"name": lesson, "rows": [header, *rows], "exercises": exercises}


def count_guesses(lesson: str, questions: list[Question], hand_ins: list[HandIn]) -> list[tuple]:
    """Return, for each question, it, its guesses with their counts, and how many didn't guess.

    The commonest guess comes first. If a learner has handed in several files, the last one counts.
    """
    by_learner = defaultdict(dict)
    for hand_in in hand_ins:
        if hand_in.lesson == lesson:
            by_learner[hand_in.learner] |= hand_in.notebook.guesses
    counted = []
    for question in questions:
        given = [
            guesses[question.cell] for guesses in by_learner.values() if question.cell in guesses
        ]
        counted.append((question, Counter(given).most_common(), len(by_learner) - len(given)))
    return counted


def wrong_answers(check: str, learners: Iterable[list[Attempt]]) -> list[tuple[str, str, int]]:
    """Return wrong answers, the messages about them, and how many learners gave each of them.

    The commonest come first. The messages tell answers apart that have the same text.
    """
    wrong = Counter()
    for attempts in learners:
        tried = [attempt for attempt in attempts if attempt.check == check]
        failed = [attempt for attempt in tried if attempt.result in ("not yet", "error")]
        failed = [attempt for attempt in failed if attempt.answer not in ("", UNANSWERED)]
        answers = {(attempt.answer, attempt.message) for attempt in failed}
        wrong.update(sorted(answers))
    return [(answer, message, count) for (answer, message), count in wrong.most_common()]


def by_reason(hand_ins: list[HandIn]) -> list[str]:
    """Return a line for each learner and reason: which files, and why they can't be read."""
    files = defaultdict(list)
    for hand_in in hand_ins:
        if hand_in.reason:
            files[hand_in.learner, hand_in.reason].append(hand_in.name)
    lines = []
    for (learner, reason), names in files.items():
        more = f", and {len(names) - 3} more" if len(names) > 3 else ""
        lines.append(f"{learner}: {reason} ({', '.join(names[:3])}{more})")
    return in_order(lines)


def overview(hand_ins: list[HandIn], read: dict[str, dict], lessons: list[dict]) -> dict:
    """Return what the report says of the whole class before it comes to single lessons.

    `missing` names, for each lesson that more than half of the learners have handed in, the
    others.
    """
    learners = in_order({hand_in.learner for hand_in in hand_ins if hand_in.lesson})
    rows = [["learner", *(lesson["name"] for lesson in lessons)]]
    shares = {lesson["name"]: {row[0]: row[1] for row in lesson["rows"]} for lesson in lessons}
    rows += [[name, *(shares[key].get(name, "") for key in shares)] for name in learners]
    missing = {}
    for lesson, handed_in in read.items():
        absent = [name for name in learners if name not in handed_in]
        if absent and 2 * len(handed_in) > len(learners):
            missing[lesson] = absent
    not_run = defaultdict(list)
    for hand_in in hand_ins:
        if hand_in.notebook and not hand_in.notebook.was_run and is_touched(hand_in.notebook):
            not_run[hand_in.learner].append(hand_in.lesson)
    return {
        "learners": learners,
        "overview": rows,
        "missing": missing,
        "not_run": {name: not_run[name] for name in in_order(not_run)},
    }


def main(arguments: list[str] | None = None) -> None:
    """Show and write what the files in a folder say; SystemExit says why nothing is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the notebooks are, at any depth")
    default = artifacts() / "class_results.csv"
    parser.add_argument("--csv", type=Path, default=default, help="default: %(default)s")
    options = parser.parse_args(arguments)
    spreadsheet, page = (options.csv.with_suffix(suffix) for suffix in (".csv", ".html"))
    about = class_report(options.folder, [spreadsheet, page])
    if not (about["learners"] or about["rows"]):
        reasons = "".join(f"\n    {line}" for line in about["not_read"])
        problem = f"{options.folder} holds no notebooks of the lessons, and no quiz."
        raise SystemExit(problem + (f" Not read:{reasons}" if reasons else ""))
    environment = Environment()
    environment.filters["plain"] = lambda text: MARKDOWN.sub(r"\\\g<0>", text)
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    text = environment.from_string(template).render(**about, table=table)
    print(text)
    lessons = about["lessons"]
    header = max((lesson["rows"][0] for lesson in lessons), key=len, default=[])
    sheet = [["lesson", *header]]
    sheet += [[lesson["name"], *row] for lesson in lessons for row in lesson["rows"][1:]]
    write_table(spreadsheet, sheet)
    notebook = new_notebook(cells=[new_markdown_cell(text)])
    write_or_exit(page, pages.page(notebook, "What a class has done"))
    print(f"To read in a browser: {page}\nFor a spreadsheet: {spreadsheet}")


def class_report(folder: Path, written: list[Path]) -> dict:
    """Return all that the template shows about the files in a folder."""
    lessons = lesson_checks()
    hand_ins = collect_files(folder, lessons, written)
    tables = [one.path for one in hand_ins if not (one.lesson or one.reason)]
    quiz = quiz_results.report(folder, tables)
    refused = dict(quiz["quiz"].files_not_read)
    hand_ins = [one._replace(reason=one.reason or refused.get(one.path, "")) for one in hand_ins]
    read, touched = defaultdict(lambda: defaultdict(list)), set()
    for hand_in in hand_ins:
        if hand_in.notebook:
            read[hand_in.lesson][hand_in.learner] += hand_in.notebook.attempts
            if is_touched(hand_in.notebook):
                touched.add(hand_in.lesson)
    in_use = {lesson: read[lesson] for lesson in lessons if lesson in touched}
    done = [summary(lesson, lessons[lesson], learners) for lesson, learners in in_use.items()]
    questions = lesson_questions()
    for lesson in done:
        name = lesson["name"]
        lesson["guesses"] = count_guesses(name, questions[name], hand_ins)
    readable = {hand_in.learner for hand_in in hand_ins if not hand_in.reason}
    return {
        **quiz,
        **overview(hand_ins, in_use, done),
        "lessons": done,
        "untouched": [lesson for lesson in lessons if lesson in read and lesson not in touched],
        "notebooks": sum(hand_in.notebook is not None for hand_in in hand_ins),
        "without": by_reason([one for one in hand_ins if one.learner not in readable]),
        "not_read": by_reason(hand_ins),
        "files_not_read": sum(bool(hand_in.reason) for hand_in in hand_ins),
    }


def is_touched(notebook: SavedNotebook) -> bool:
    """Has anybody answered an exercise, or run a cell?"""
    return notebook.was_run or any(one.answer != UNANSWERED for one in notebook.attempts)


def table(rows: list[list[str]]) -> str:
    """Return a table in Markdown, the first row above, aligned on a screen too."""
    rows = [[MARKDOWN.sub(r"\\\g<0>", cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(map(str.ljust, row, widths))} |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    main()
