"""Show what a class has done: exercises, wrong answers, guesses, and answers to the quiz.

    python -m tools.class_results FOLDER [--class-list FILE] [--language zh_CN]

It reads the notebooks in FOLDER, at any depth, and executes nothing. A notebook belongs to the
lesson with which it shares most checks. Its saved outputs say how far each exercise is: right,
not yet, error, not answered, not run (an answer without its output), or not in the file.
If a learner has handed in several attempts, the best one counts, and each wrong answer is listed.
A lesson in which nobody has answered or run anything has no table.

The learner is the first folder below FOLDER, or else the file's name without its suffix. In a
name that Moodle has made, the learner is the part before the number. Tables of the quiz (*.csv)
may be anywhere in FOLDER. A class list is a text file with a name in each line, or a table.

The report is in the language of most of the notebooks. A second page of it has no names.
"""

import argparse
import re
import sys
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.files import artifacts, describe_cause, write_or_exit
from helpers.language import _, current_language, translated_languages, use_language
from tools import pages, quiz_results
from tools.answers import UNANSWERED, Attempt
from tools.class_list import absent_names, read_class_list
from tools.hand_ins import (
    HandIn,
    collect_files,
    is_begun,
    is_table,
    list_unread_files,
    sort_names,
)
from tools.lessons import Exercise, Guess, Lesson, read_lessons
from tools.tables import SEPARATORS, system_separator, write_table
from tools.wrong_answers import explain_wrong_answer

# How far an exercise may be, the best first.
RESULTS = ("right", "not yet", "error", "not answered", "not run", "not in the file")
MARKDOWN_SIGNS = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # where they would be markup


def report_class(arguments: list[str] | None = None) -> None:
    """Show and write what the files in a folder say; SystemExit says why nothing is."""
    options = _parse_arguments(arguments)
    report_files = [
        options.csv.with_suffix(".csv"),
        options.csv.with_suffix(".html"),
        options.csv.with_name(f"{options.csv.stem}_without_names.html"),
    ]
    class_list = _read_class_list(options.class_list)
    not_handed_in = [*report_files, *([options.class_list] if options.class_list else [])]
    language = options.language or _language_of(_read_class(options.folder, not_handed_in)[1])
    with use_language(language):
        lessons, hand_ins = _read_class(options.folder, not_handed_in)
        report = build_report(options.folder, hand_ins, lessons, class_list)
        if not (report["learners"] or report["quiz_rows"]):
            raise SystemExit(_explain_empty_report(options.folder, report))
        _write_report(report, report_files, options.separator)


def _read_class(folder: Path, not_handed_in: list[Path]) -> tuple[dict[str, Lesson], list[HandIn]]:
    """Return the lessons, and the files in a folder, with their texts in the language in use."""
    lessons = read_lessons()
    checks = {name: lesson.checks for name, lesson in lessons.items()}
    return lessons, collect_files(folder, checks, not_handed_in)


def _write_report(report: dict, report_files: list[Path], separator: str | None) -> None:
    """Print a report, and write its spreadsheet and its two pages."""
    spreadsheet, page, page_without_names = report_files
    text = report_text(report)
    print(text)
    columns = SEPARATORS[separator] if separator else system_separator()
    write_table(spreadsheet, spreadsheet_rows(report["lessons"]), columns)
    for path, markdown in ((page, text), (page_without_names, report_text(report, names=False))):
        notebook = new_notebook(cells=[new_markdown_cell(markdown)])
        write_or_exit(path, pages.notebook_page(notebook, _("What a class has done")))
    print(_("To read in a browser: {path}", path=page))
    print(_("For the projector, without names: {path}", path=page_without_names))
    print(_("For a spreadsheet: {path}", path=spreadsheet))


def _language_of(hand_ins: list[HandIn]) -> str:
    """Return the language of most notebooks, or the language in use if none says its language."""
    known = {"en", *translated_languages()}
    languages = Counter(
        hand_in.notebook.language
        for hand_in in hand_ins
        if hand_in.notebook and hand_in.notebook.language in known
    )
    return languages.most_common(1)[0][0] if languages else current_language()


def _read_class_list(path: Path | None) -> list[str]:
    """Return the names in a class list, or [] without one; SystemExit says what is wrong."""
    if path is None:
        return []
    try:
        return read_class_list(path)
    except (OSError, ValueError) as error:
        reason = describe_cause(error)
        problem = _("The class list {path} can't be read: {reason}.", path=path, reason=reason)
        raise SystemExit(problem) from error


def _explain_empty_report(folder: Path, report: dict) -> str:
    """Return a sentence about a folder without results, and the files that can't be read."""
    problem = _("{folder} holds no notebooks of the lessons, and no quiz.", folder=folder)
    if report["files_not_read"]:
        problem += " " + _("Not read:")
        for line in report["not_read"]:
            problem += f"\n    {line}"
    return problem


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Return the folder to read, the files to write, and how."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.class_results",
        description="Show what a class has done: exercises, wrong answers, guesses, and answers "
        "to the quiz. The command reads saved notebooks and executes nothing.",
    )
    parser.add_argument(
        "folder",
        type=Path,
        help="the folder with all that was handed in: a folder for each learner, or files with "
        "the learners' names",
    )
    parser.add_argument(
        "--class-list",
        type=Path,
        metavar="FILE",
        help="a text file with a name in each line, or a table with names; the report then says "
        "who has handed in nothing",
    )
    parser.add_argument(
        "--language",
        choices=["en", *translated_languages()],
        help="the language of the report (default: the language of most notebooks)",
    )
    parser.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        default=artifacts() / "class_results.csv",
        help="where to write the spreadsheet; the two pages get the same name (default: "
        "%(default)s)",
    )
    parser.add_argument(
        "--separator",
        choices=SEPARATORS,
        help="what stands between the columns of the spreadsheet (default: what Excel on this "
        "computer expects)",
    )
    options = parser.parse_args(arguments)
    if not options.folder.exists():
        parser.error(f"there is no folder {options.folder}")
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is a file; name the folder in which it is")
    return options


def report_text(report: dict, names: bool = True) -> str:
    """Return a report of `build_report` as Markdown that can be read on a screen, too.

    If `names` is false, the report leaves out each learner's name and results.
    """
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = escape_markdown
    environment.filters["code"] = inline_code
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    text = environment.from_string(template).render(
        **report, names=names, table=markdown_table, misconception_rows=misconception_rows, _=_
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def result_name(result: str) -> str:
    """Return one of RESULTS in the language in use."""
    return {
        "right": _("right"),
        "not yet": _("not yet"),
        "error": _("error"),
        "not answered": _("not answered"),
        "not run": _("not run"),
        "not in the file": _("not in the file"),
    }[result]


def spreadsheet_rows(lessons: list[dict]) -> list[list[str]]:
    """Return the tables of all lessons one below the other, with the lesson in the first column."""
    rows = []
    for lesson in lessons:
        header, *learners = lesson["rows"]
        rows.append([_("lesson"), *header])
        rows += [[lesson["name"], *row] for row in learners]
    return rows


def lesson_summary(name: str, lesson: Lesson, learners: dict[str, list[Attempt]]) -> dict:
    """Return a lesson's table, and for each exercise the results and the wrong answers.

    The table has, for each learner, how many are right, and the best result of each exercise.
    """
    headings = [exercise.heading for exercise in lesson.exercises]
    rows = [[_("learner"), _("right"), *headings]]
    results_by_check = defaultdict(Counter)
    for learner in sort_names(learners):
        results = best_results(lesson.checks, learners[learner])
        share = _("{right} of {all}", right=results.count("right"), all=len(results))
        rows.append([learner, share, *map(result_name, results)])
        for check, result in zip(lesson.checks, results, strict=True):
            results_by_check[check][result] += 1
    exercises = []
    for exercise in lesson.exercises:
        counts = results_by_check[exercise.check]
        results = [(result_name(result), counts[result]) for result in RESULTS if counts[result]]
        wrong = wrong_answers(name, exercise, learners.values())
        exercises.append((exercise, results, wrong))
    return {"name": name, "rows": rows, "learners": len(learners), "exercises": exercises}


def misconception_rows(misconceptions: dict[str, dict]) -> list[list[str]]:
    """Return a table with a row for each misconception, and a column for each form."""
    forms = sorted({form for by_form in misconceptions.values() for form in by_form})
    names = {"A": _("before (A)"), "B": _("after (B)"), "C": _("weeks later (C)")}
    rows = [[_("misconception"), *(names[form] for form in forms)]]
    for name, by_form in misconceptions.items():
        cells = []
        for form in forms:
            chosen, given = by_form.get(form, (0, 0))
            cells.append(_("{count} of {all}", count=chosen, all=given) if given else "")
        rows.append([name, *cells])
    return rows


def best_results(checks: list[str], attempts: list[Attempt]) -> list[str]:
    """Return one of RESULTS for each check: the best one of a learner's attempts."""
    results = dict.fromkeys(checks, "not in the file")
    for attempt in attempts:
        if attempt.check in results:  # and not an exercise of another version
            earlier = results[attempt.check]
            results[attempt.check] = min(attempt.result, earlier, key=RESULTS.index)
    return list(results.values())


def count_guesses(name: str, questions: list[Guess], hand_ins: list[HandIn]) -> list[tuple]:
    """Return, for each question, it, its guesses with their counts, and how many didn't guess.

    The commonest guess comes first. If a learner has handed in several files, the last one counts.
    """
    by_learner = defaultdict(dict)
    for hand_in in hand_ins:
        if hand_in.lesson == name:
            by_learner[hand_in.learner] |= hand_in.notebook.guesses
    counted = []
    for question in questions:
        guesses = [
            by_cell[question.cell] for by_cell in by_learner.values() if question.cell in by_cell
        ]
        missing = len(by_learner) - len(guesses)
        counted.append((question, Counter(guesses).most_common(), missing))
    return counted


def wrong_answers(
    lesson: str, exercise: Exercise, learners: Iterable[list[Attempt]]
) -> list[tuple[str, str, int]]:
    """Return wrong answers, a text about each of them, and how many learners gave it.

    The commonest answer comes first. The second text says what the answer reveals. If nobody knows
    that, it is the message that the learner read, which tells answers of the same text apart.
    """
    counts = Counter()
    for attempts in learners:
        answers = set()
        for attempt in attempts:
            is_wrong = attempt.check == exercise.check and attempt.result in ("not yet", "error")
            if is_wrong and attempt.answer not in ("", UNANSWERED):
                meaning = explain_wrong_answer(lesson, exercise.number, attempt.answer)
                answers.add((attempt.answer, meaning or attempt.message))
        counts.update(sorted(answers))
    return [(answer, meaning, count) for (answer, meaning), count in counts.most_common()]


def class_overview(
    hand_ins: list[HandIn],
    attempts: dict[str, dict],
    lessons: list[dict],
    class_list: list[str],
    quiz_learners: list[str],
) -> dict[str, object]:
    """Return what the report says of the whole class before it comes to single lessons.

    `attempts` has the learners of each lesson. `missing` names, for each lesson that more than
    half of the class has handed in, the others. The class are the names of the class list, or
    without one all who have handed in a notebook.
    """
    learners = sort_names({hand_in.learner for hand_in in hand_ins if hand_in.lesson})
    shares = {lesson["name"]: {row[0]: row[1] for row in lesson["rows"]} for lesson in lessons}
    rows = [[_("learner"), *shares]]
    rows += [[name, *(share.get(name, "") for share in shares.values())] for name in learners]
    present = [*(hand_in.learner for hand_in in hand_ins), *quiz_learners]
    nothing = absent_names(class_list, present)
    expected = [name for name in class_list or learners if name not in nothing]
    missing = {}
    for lesson, handed_in in attempts.items():
        if class_list:
            absent = absent_names(expected, handed_in)
        else:  # the names are spelled alike, and may end with a number of Moodle's
            absent = [name for name in expected if name not in handed_in]
        if absent and 2 * len(handed_in) > len(expected):
            missing[lesson] = absent
    not_run = defaultdict(list)
    for hand_in in hand_ins:
        notebook = hand_in.notebook
        if notebook and not notebook.was_run and is_begun(notebook):
            not_run[hand_in.learner].append(hand_in.lesson)
    return {
        "learners": learners,
        "overview": rows,
        "nothing": nothing,
        "not_on_list": absent_names(learners, class_list) if class_list else [],
        "missing": missing,
        "not_run": {name: not_run[name] for name in sort_names(not_run)},
    }


def build_report(
    folder: Path, hand_ins: list[HandIn], lessons: dict[str, Lesson], class_list: list[str]
) -> dict:
    """Return all that the template shows about the files that were handed in."""
    tables = [hand_in.path for hand_in in hand_ins if not (hand_in.lesson or hand_in.reason)]
    quiz = quiz_results.quiz_report(folder, tables)
    hand_ins = _add_reasons(hand_ins, dict(quiz["quiz"].files_not_read))
    attempts = collect_attempts(hand_ins)
    begun = {
        hand_in.lesson for hand_in in hand_ins if hand_in.notebook and is_begun(hand_in.notebook)
    }
    attempts_to_show = {name: attempts[name] for name in lessons if name in begun}
    summaries = []
    for name, learners in attempts_to_show.items():
        summary = lesson_summary(name, lessons[name], learners)
        summary["guesses"] = count_guesses(name, lessons[name].guesses, hand_ins)
        summaries.append(summary)
    quiz_learners = [quiz["quiz"].name(sheet.learner) for sheet in quiz["quiz"].sheets]
    return {
        **quiz,
        **class_overview(hand_ins, attempts_to_show, summaries, class_list, quiz_learners),
        **_unread_files(hand_ins),
        "lessons": summaries,
        "not_begun": [name for name in lessons if name in attempts and name not in begun],
        "notebooks": sum(hand_in.notebook is not None for hand_in in hand_ins),
    }


def collect_attempts(hand_ins: list[HandIn]) -> dict[str, dict[str, list[Attempt]]]:
    """Return the attempts of each learner in each lesson that somebody has handed in."""
    attempts = defaultdict(lambda: defaultdict(list))
    for hand_in in hand_ins:
        if hand_in.notebook:
            attempts[hand_in.lesson][hand_in.learner] += hand_in.notebook.attempts
    return attempts


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


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return MARKDOWN_SIGNS.sub(r"\\\g<0>", text)


def inline_code(text: str) -> str:
    """Return a text as code within a line of Markdown, whatever backticks it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def markdown_table(rows: list[list[str]]) -> str:
    """Return a table in Markdown, the first row above, aligned on a screen too."""
    rows = [[escape_markdown(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    lines = []
    for row in rows:
        cells = [
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def _width(text: str) -> int:
    """Return how many columns of a screen a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # a name that the screen's encoding lacks
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    report_class()
