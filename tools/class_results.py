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
from tools.answers import UNANSWERED, Attempt, SavedNotebook, check_calls, read_notebook
from tools.tables import write_table

MAX_BYTES = 20_000_000  # of a notebook; a lesson has less than a million
RESULTS = ("right", "not yet", "error", "not answered", "not run", "deleted")  # the best first
MARKDOWN_SIGNS = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # where they would be markup
MOODLE_NAME = re.compile(r"(.+?)_(\d+)_assignsubmission_")
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


class Question(NamedTuple):
    """A cell of a lesson in which learners guess.

    `heading` is the section in which it stands, and `result` what the lesson's own output says.
    """

    cell: str
    heading: str
    result: str


def report_class(arguments: list[str] | None = None) -> None:
    """Show and write what the files in a folder say; SystemExit says why nothing is."""
    options = _parse_arguments(arguments)
    spreadsheet = options.csv.with_suffix(".csv")
    page = options.csv.with_suffix(".html")
    report = build_report(options.folder, [spreadsheet, page])
    if not (report["learners"] or report["quiz_rows"]):
        raise SystemExit(_explain_empty_report(options.folder, report))
    text = report_text(report)
    print(text)
    write_table(spreadsheet, spreadsheet_rows(report["lessons"]))
    notebook = new_notebook(cells=[new_markdown_cell(text)])
    write_or_exit(page, pages.notebook_page(notebook, "What a class has done"))
    print(f"To read in a browser: {page}\nFor a spreadsheet: {spreadsheet}")


def _explain_empty_report(folder: Path, report: dict) -> str:
    """Return a sentence about a folder without results, and the files that can't be read."""
    problem = f"{folder} holds no notebooks of the lessons, and no quiz."
    if report["files_not_read"]:
        problem += " Not read:"
        for line in report["not_read"]:
            problem += f"\n    {line}"
    return problem


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Return the folder to read and the file to write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the notebooks are, at any depth")
    default = artifacts() / "class_results.csv"
    parser.add_argument("--csv", type=Path, default=default, help="default: %(default)s")
    options = parser.parse_args(arguments)
    if not options.folder.exists():
        parser.error(f"there is no folder {options.folder}")
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is a file; name the folder in which it is")
    return options


def report_text(report: dict) -> str:
    """Return a report of `build_report` as Markdown that can be read on a screen, too."""
    environment = Environment()
    environment.filters["plain"] = escape_markdown
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(**report, table=markdown_table)


def spreadsheet_rows(lessons: list[dict]) -> list[list[str]]:
    """Return one table of all lessons, with the name of the lesson in the first column."""
    headers = [lesson["rows"][0] for lesson in lessons]
    rows = [["lesson", *max(headers, key=len, default=[])]]
    for lesson in lessons:
        rows += [[lesson["name"], *row] for row in lesson["rows"][1:]]
    return rows


def lesson_checks() -> dict[str, list[str]]:
    """Return, for each lesson, the checks of its exercises."""
    lessons = {}
    for path in english_notebooks():
        checks = []
        for cell in nbformat.read(path, as_version=4).cells:
            if "exercise" in cell.metadata.get("tags", []):
                checks += [check for check, _answer in check_calls(cell.source)]
        lessons[path.stem] = checks
    return lessons


def lesson_questions() -> dict[str, list[Question]]:
    """Return, for each lesson, the cells in which learners guess."""
    lessons = {}
    for path in english_notebooks():
        heading = ""
        questions = []
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                headings = re.findall("^## (.+)$", cell.source, re.MULTILINE)
                heading = headings[-1] if headings else heading
            elif "guesses.compare(" in cell.source:
                printed = "".join(output.get("text", "") for output in cell.outputs)
                result = re.search(r"The result is (.*)\.$", printed, re.MULTILINE)
                questions.append(Question(cell.id, heading, result[1] if result else ""))
        lessons[path.stem] = questions
    return lessons


def learner_of(name: Path) -> tuple[str, str]:
    """Return the learner to whom a path in the class's folder belongs, and Moodle's number."""
    for part in name.parts:
        match = MOODLE_NAME.match(part)
        if match:
            return match[1], match[2]
    return (name.parts[0] if len(name.parts) > 1 else name.stem), ""


def collect_files(
    folder: Path, lessons: dict[str, list[str]], report_files: Iterable[Path]
) -> list[HandIn]:
    """Return each file in a folder, but hidden ones and the report's own files."""
    report_files = {path.resolve() for path in report_files}
    hand_ins = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        is_empty_folder = path.is_dir() and not path.is_symlink() and not any(path.iterdir())
        is_file = path.is_symlink() or not path.is_dir()
        # JupyterLab's checkpoints are hidden.
        is_hidden = any(part.startswith(".") for part in name.parts)
        if is_hidden or path.resolve() in report_files or not (is_file or is_empty_folder):
            continue
        name = Path(*map(quiz_results.replace_unprintable, name.parts))
        hand_in = HandIn(path, *learner_of(name), name.as_posix())
        reason = "an empty folder" if is_empty_folder else reason_not_to_open(path)
        if reason:
            hand_in = hand_in._replace(reason=reason)
        elif not is_table(path):
            hand_in = read_file(hand_in, lessons)
        hand_ins.append(hand_in)
    return separate_namesakes(hand_ins)


def is_table(path: Path) -> bool:
    """May a file be a table of the quiz? A browser may call a notebook x.ipynb.txt."""
    return path.suffix.lower() in quiz_results.SUFFIXES and ".ipynb" not in path.name.lower()


def reason_not_to_open(path: Path) -> str | None:
    """Return why a file isn't opened at all, or None."""
    if path.is_symlink():
        return "a link to another place"
    if not path.is_file():
        return "no file"
    for suffixes, reason in REASONS.items():
        if path.suffix.lower() in suffixes.split():
            return reason
    if path.stat().st_size > MAX_BYTES:
        return f"larger than {MAX_BYTES // 1_000_000} MB"
    if ".ipynb" in path.name.lower() or path.suffix.lower() == ".json" or is_table(path):
        return None
    return "no notebook"


def read_file(hand_in: HandIn, lessons: dict[str, list[str]]) -> HandIn:
    """Return a hand-in with what its notebook holds, or with why it can't be read."""
    has_name_of_notebook = ".ipynb" in hand_in.path.name.lower()
    try:
        notebook = read_notebook(hand_in.path)
    except OSError as error:
        return hand_in._replace(reason=error.strerror or "it can't be opened")
    except Exception:  # a file may be damaged in any way, by accident or intent
        reason = "a damaged notebook" if has_name_of_notebook else "no notebook"
        return hand_in._replace(reason=reason)
    checks = {attempt.check for attempt in notebook.attempts}
    lesson = max(lessons, key=lambda lesson: len(checks.intersection(lessons[lesson])))
    if checks.isdisjoint(lessons[lesson]):
        reason = "no notebook"
        if has_name_of_notebook:
            reason = "a notebook without an exercise of the lessons"
        return hand_in._replace(reason=reason)
    return hand_in._replace(lesson=lesson, notebook=notebook)


def separate_namesakes(hand_ins: list[HandIn]) -> list[HandIn]:
    """Put Moodle's number behind a name if two numbers of the name share a lesson.

    Otherwise they are one learner, to whom Moodle gives another number for each assignment.
    """
    numbers = defaultdict(set)
    for hand_in in hand_ins:
        if hand_in.number and hand_in.lesson:
            numbers[hand_in.learner, hand_in.lesson].add(hand_in.number)
    namesakes = {learner for (learner, _lesson), found in numbers.items() if len(found) > 1}
    separated = []
    for hand_in in hand_ins:
        if hand_in.number and hand_in.learner in namesakes:
            hand_in = hand_in._replace(learner=f"{hand_in.learner} {hand_in.number}")
        separated.append(hand_in)
    return separated


def sort_names(names: Iterable[str]) -> list[str]:
    """Return names as in a register: without regard to capitals."""
    return sorted(names, key=lambda name: (name.casefold(), name))


def lesson_summary(lesson: str, checks: list[str], learners: dict[str, list[Attempt]]) -> dict:
    """Return a lesson's table, and for each exercise the results and the wrong answers.

    The table has, for each learner, how many are right, and the best result of each exercise.
    """
    header = ["learner", "right", *(f"exercise {number + 1}" for number in range(len(checks)))]
    rows = []
    for name in sort_names(learners):
        results = best_results(checks, learners[name])
        right = results.count("right")
        rows.append([name, f"{right} of {len(checks)}", *results])
    exercises = []
    for column, check in enumerate(checks, start=2):
        counts = Counter(row[column] for row in rows)
        results = {result: counts[result] for result in RESULTS if result in counts}
        exercises.append((check, results, wrong_answers(check, learners.values())))
    return {"name": lesson, "rows": [header, *rows], "exercises": exercises}


def best_results(checks: list[str], attempts: list[Attempt]) -> list[str]:
    """Return one of RESULTS for each check: the best one of a learner's attempts."""
    results = dict.fromkeys(checks, "deleted")
    for attempt in attempts:
        if attempt.check in results:  # and not an exercise of another version
            earlier = results[attempt.check]
            results[attempt.check] = min(attempt.result, earlier, key=RESULTS.index)
    return list(results.values())


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
        guesses = [
            by_cell[question.cell] for by_cell in by_learner.values() if question.cell in by_cell
        ]
        missing = len(by_learner) - len(guesses)
        counted.append((question, Counter(guesses).most_common(), missing))
    return counted


def wrong_answers(check: str, learners: Iterable[list[Attempt]]) -> list[tuple[str, str, int]]:
    """Return wrong answers, the messages about them, and how many learners gave each of them.

    The commonest come first. The messages tell answers apart that have the same text.
    """
    counts = Counter()
    for attempts in learners:
        answers = set()
        for attempt in attempts:
            is_wrong = attempt.check == check and attempt.result in ("not yet", "error")
            if is_wrong and attempt.answer not in ("", UNANSWERED):
                answers.add((attempt.answer, attempt.message))
        counts.update(sorted(answers))
    return [(answer, message, count) for (answer, message), count in counts.most_common()]


def list_unread_files(hand_ins: list[HandIn]) -> list[str]:
    """Return a line for each learner and reason: which files, and why they can't be read."""
    files = defaultdict(list)
    for hand_in in hand_ins:
        if hand_in.reason:
            files[hand_in.learner, hand_in.reason].append(hand_in.name)
    lines = []
    for (learner, reason), names in files.items():
        more = f", and {len(names) - 3} more" if len(names) > 3 else ""
        lines.append(f"{learner}: {reason} ({', '.join(names[:3])}{more})")
    return sort_names(lines)


def class_overview(
    hand_ins: list[HandIn], attempts: dict[str, dict], lessons: list[dict]
) -> dict[str, object]:
    """Return what the report says of the whole class before it comes to single lessons.

    `attempts` has the learners of each lesson. `missing` names, for each lesson that more than
    half of the learners have handed in, the others.
    """
    learners = sort_names({hand_in.learner for hand_in in hand_ins if hand_in.lesson})
    shares = {lesson["name"]: {row[0]: row[1] for row in lesson["rows"]} for lesson in lessons}
    rows = [["learner", *shares]]
    rows += [[name, *(share.get(name, "") for share in shares.values())] for name in learners]
    missing = {}
    for lesson, handed_in in attempts.items():
        absent = [name for name in learners if name not in handed_in]
        if absent and 2 * len(handed_in) > len(learners):
            missing[lesson] = absent
    not_run = defaultdict(list)
    for hand_in in hand_ins:
        notebook = hand_in.notebook
        if notebook and not notebook.was_run and is_begun(notebook):
            not_run[hand_in.learner].append(hand_in.lesson)
    return {
        "learners": learners,
        "overview": rows,
        "missing": missing,
        "not_run": {name: not_run[name] for name in sort_names(not_run)},
    }


def build_report(folder: Path, report_files: list[Path]) -> dict:
    """Return all that the template shows about the files in a folder."""
    checks = lesson_checks()
    hand_ins = collect_files(folder, checks, report_files)
    tables = [hand_in.path for hand_in in hand_ins if not (hand_in.lesson or hand_in.reason)]
    quiz = quiz_results.quiz_report(folder, tables)
    hand_ins = _add_reasons(hand_ins, dict(quiz["quiz"].files_not_read))
    attempts = collect_attempts(hand_ins)
    begun_lessons = {
        hand_in.lesson for hand_in in hand_ins if hand_in.notebook and is_begun(hand_in.notebook)
    }
    attempts_to_show = {lesson: attempts[lesson] for lesson in checks if lesson in begun_lessons}
    summaries = _summarize_lessons(checks, attempts_to_show, hand_ins)
    return {
        **quiz,
        **class_overview(hand_ins, attempts_to_show, summaries),
        **_unread_files(hand_ins),
        "lessons": summaries,
        "not_begun": [
            lesson for lesson in checks if lesson in attempts and lesson not in begun_lessons
        ],
        "notebooks": sum(hand_in.notebook is not None for hand_in in hand_ins),
    }


def collect_attempts(hand_ins: list[HandIn]) -> dict[str, dict[str, list[Attempt]]]:
    """Return the attempts of each learner in each lesson that somebody has handed in."""
    attempts = defaultdict(lambda: defaultdict(list))
    for hand_in in hand_ins:
        if hand_in.notebook:
            attempts[hand_in.lesson][hand_in.learner] += hand_in.notebook.attempts
    return attempts


def _summarize_lessons(
    checks: dict[str, list[str]], attempts: dict[str, dict], hand_ins: list[HandIn]
) -> list[dict]:
    """Return for each lesson its table, its exercises, and how the class has guessed."""
    questions = lesson_questions()
    summaries = []
    for lesson, learners in attempts.items():
        summary = lesson_summary(lesson, checks[lesson], learners)
        summary["guesses"] = count_guesses(lesson, questions[lesson], hand_ins)
        summaries.append(summary)
    return summaries


def _unread_files(hand_ins: list[HandIn]) -> dict[str, object]:
    """Return what the report says of files that can't be read, and who handed in nothing else."""
    readable_learners = {hand_in.learner for hand_in in hand_ins if not hand_in.reason}
    unreadable = [
        hand_in
        for hand_in in hand_ins
        if hand_in.learner not in readable_learners and not _is_table_of_class(hand_in)
    ]
    return {
        "nothing_readable": list_unread_files(unreadable),
        "not_read": list_unread_files(hand_ins),
        "files_not_read": sum(bool(hand_in.reason) for hand_in in hand_ins),
    }


def _is_table_of_class(hand_in: HandIn) -> bool:
    """Does a table lie in the class's folder itself, so that its name is no learner's?"""
    return is_table(hand_in.path) and "/" not in hand_in.name and not hand_in.number


def _add_reasons(hand_ins: list[HandIn], reasons: dict[Path, str]) -> list[HandIn]:
    """Return hand-ins with the reasons why tables of the quiz can't be read, by their paths."""
    return [
        hand_in._replace(reason=hand_in.reason or reasons.get(hand_in.path, ""))
        for hand_in in hand_ins
    ]


def is_begun(notebook: SavedNotebook) -> bool:
    """Has anybody answered an exercise, or run a cell?"""
    return notebook.was_run or any(attempt.answer != UNANSWERED for attempt in notebook.attempts)


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return MARKDOWN_SIGNS.sub(r"\\\g<0>", text)


def markdown_table(rows: list[list[str]]) -> str:
    """Return a table in Markdown, the first row above, aligned on a screen too."""
    rows = [[escape_markdown(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(map(str.ljust, row, widths))} |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    report_class()
