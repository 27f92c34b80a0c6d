"""Show what a class has done: exercises, wrong answers, guesses, and answers to the quiz.

    python -m teach.class_results FOLDER [--class-list FILE] [--language zh_CN]

It reads the notebooks in FOLDER, at any depth, and executes nothing. A notebook belongs to the
lesson with which it shares most checks. Its saved outputs say how far each exercise is: right,
not yet, error, not answered, not run (an answer without its output), or not in the file.
If a learner has handed in several attempts, the best one counts, and each wrong answer is listed.
A lesson in which nobody has answered or run anything has no table.

The learner is the first folder below FOLDER, or else the file's name without its suffix. In a name
that Moodle has made, the learner is the part before the number. A file work_NAME.zip that
`tools.work pack` has made needs no unpacking: the learner is NAME, and each notebook in the file
counts. Tables of the quiz (*.csv) may be anywhere in FOLDER. A class list is a text file with a
name in each line, or a table.

The report is in the language of most of the notebooks. A second page of it has no names.
"""

import argparse
import os
import re
import warnings
from collections import Counter
from pathlib import Path

from jinja2 import Environment

from helpers.common.files import artifacts
from helpers.common.language import (
    LazyMessage,
    _,
    current_language,
    translated_languages,
    use_language,
)
from teach.class_list import ClassList, read_class_list
from teach.class_report import (
    LessonSummary,
    Report,
    build_report,
    learner_rows,
    misconception_rows,
    overview_rows,
)
from teach.hand_ins import HandIn, collect_hand_ins, find_lessons
from teach.lessons import read_lessons
from teach.markdown import escape_markdown, inline_code, markdown_table
from teach.quiz_sheets import is_quiz_table
from teach.tables import add_separator_argument, choose_separator, write_table
from tools.commands import exit_on, start_command, write_or_exit
from tools.pages import markdown_page


def report_class(arguments: list[str] | None = None) -> None:
    """Show and write what the files in a folder say; SystemExit says why nothing is."""
    options = _parse_arguments(arguments)
    report_files = _report_files(options.csv)
    class_list = _read_class_list(options.class_list)
    other_files = [*report_files, options.class_list] if options.class_list else report_files
    hand_ins = collect_hand_ins(options.folder, other_files)
    with use_language(options.language or _find_language(hand_ins)):
        lessons = read_lessons()
        hand_ins = find_lessons(hand_ins, lessons)
        report = build_report(options.folder, hand_ins, lessons, class_list)
        if report.is_empty:
            raise SystemExit(_explain_empty_report(options.folder, report))
        _write_report(report, report_files, options.separator)


def _report_files(csv: Path) -> list[Path]:
    """Return the paths of the spreadsheet, of the page, and of the page without names."""
    page_without_names = csv.with_name(f"{csv.stem}_without_names.html")
    return [csv.with_suffix(".csv"), csv.with_suffix(".html"), page_without_names]


def _write_report(report: Report, report_files: list[Path], separator: str | None) -> None:
    """Write the spreadsheet and the two pages of a report, and print it."""
    spreadsheet, page, page_without_names = report_files
    text = report_text(report)
    text_without_names = report_text(report, with_names=False)
    rows = spreadsheet_rows(report.lessons)
    title = _("What a class has done")
    try:
        write_table(spreadsheet, rows, choose_separator(separator))
        write_or_exit(page, markdown_page(text, title))
        write_or_exit(page_without_names, markdown_page(text_without_names, title))
    finally:
        print(text)  # the teacher reads it also where a file can't be written
    print(_("To read in a browser: {path}", path=page))
    print(_("For the projector, without names: {path}", path=page_without_names))
    print(_("For a spreadsheet: {path}", path=spreadsheet))


def _find_language(hand_ins: list[HandIn]) -> str:
    """Return the language of most notebooks, or the language in use if none says its language."""
    known = {"en", *translated_languages()}
    languages = Counter(
        hand_in.notebook.language
        for hand_in in hand_ins
        if hand_in.notebook and hand_in.notebook.language in known
    )
    return languages.most_common(1)[0][0] if languages else current_language()


def _read_class_list(path: Path | None) -> ClassList:
    """Return a class list, which has no names without a file; SystemExit says what is wrong."""
    if path is None:
        return ClassList([], [])
    message = LazyMessage("The class list {path} can't be read: {cause}.", path=path)
    with exit_on((OSError, ValueError), message):
        return read_class_list(path)


def _explain_empty_report(folder: Path, report: Report) -> str:
    """Return a sentence about a folder without results, and the files that can't be read."""
    problem = _("{folder} holds no notebooks of the lessons, and no quiz.", folder=folder)
    if report.files_not_read:
        problem += " " + _("Not read:")
        for line in report.not_read:
            problem += f"\n    {line}"
    return problem


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Return the folder to read, the files to write, and how."""
    parser = argparse.ArgumentParser(
        prog="python -m teach.class_results",
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
    add_separator_argument(parser)
    options = parser.parse_args(arguments)
    if not options.folder.exists():
        parser.error(f"there is no folder {options.folder}")
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is a file; name the folder in which it is")
    problem = _explain_bad_target(options.csv, options.class_list)
    if problem:
        parser.error(problem)
    return options


def _explain_bad_target(csv: Path, class_list: Path | None) -> str:
    """Return why the report can't be written where --csv says, or ""."""
    if not csv.name or csv.is_dir():
        return f"--csv {csv} is a folder; name a file in it, such as {csv / 'class_results.csv'}"
    spreadsheet, *_pages = _report_files(csv)
    if class_list and os.path.realpath(class_list) == os.path.realpath(spreadsheet):
        return f"the report would overwrite the class list {class_list}; name another file by --csv"
    if is_quiz_table(spreadsheet):
        return f"the report would overwrite answers to the quiz in {spreadsheet}; name another file"
    return ""


def report_text(report: Report, with_names: bool = True) -> str:
    """Return a report as Markdown that can be read on a screen, too.

    If `with_names` is false, the report leaves out each learner's name and results.
    """
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = escape_markdown
    environment.filters["code"] = inline_code
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    text = environment.from_string(template).render(
        report=report,
        quiz=report.quiz,
        with_names=with_names,
        table=markdown_table,
        learner_rows=learner_rows,
        overview_rows=overview_rows,
        misconception_rows=misconception_rows,
        _=_,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def spreadsheet_rows(lessons: list[LessonSummary]) -> list[list[str]]:
    """Return the tables of all lessons one below the other, with the lesson in the first column."""
    rows = []
    for lesson in lessons:
        header, *learners = learner_rows(lesson)
        rows.append([_("lesson"), *header])
        rows += [[lesson.name, *row] for row in learners]
    return rows


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # what Python says of a learner's strings
    start_command(report_class)
