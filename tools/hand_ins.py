"""What a class has handed in: files in a folder, each with its learner and its notebook."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from helpers.language import _
from tools import quiz_results
from tools.answers import UNANSWERED, SavedNotebook, read_notebook

MAX_BYTES = 20_000_000  # of a notebook; a lesson has less than a million
MOODLE_NAME = re.compile(r"(.+?)_(\d+)_assignsubmission_")


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


def unreadable_kinds() -> dict[str, str]:
    """Return, for suffixes of files that hold no notebook, what to do about such files."""
    return {
        ".zip .7z .rar .tar .gz": _("a packed folder, which has to be unpacked first"),
        ".xlsx .xls .ods .numbers": _("a spreadsheet, which has to be saved as CSV"),
        ".html .htm .pdf": _(
            "a page made from a notebook; ask for the notebook itself, a file .ipynb"
        ),
    }


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
        reason = _("an empty folder") if is_empty_folder else reason_not_to_open(path)
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
        return _("a link to another place")
    if not path.is_file():
        return _("no file")
    for suffixes, reason in unreadable_kinds().items():
        if path.suffix.lower() in suffixes.split():
            return reason
    if path.stat().st_size > MAX_BYTES:
        return _("larger than {size} MB", size=MAX_BYTES // 1_000_000)
    if ".ipynb" in path.name.lower() or path.suffix.lower() == ".json" or is_table(path):
        return None
    return _("no notebook")


def read_file(hand_in: HandIn, lessons: dict[str, list[str]]) -> HandIn:
    """Return a hand-in with what its notebook holds, or with why it can't be read."""
    has_name_of_notebook = ".ipynb" in hand_in.path.name.lower()
    try:
        notebook = read_notebook(hand_in.path)
    except OSError as error:
        return hand_in._replace(reason=error.strerror or _("it can't be opened"))
    except Exception:  # a file may be damaged in any way, by accident or intent
        reason = _("a damaged notebook") if has_name_of_notebook else _("no notebook")
        return hand_in._replace(reason=reason)
    checks = {attempt.check for attempt in notebook.attempts}
    lesson = max(lessons, key=lambda lesson: len(checks.intersection(lessons[lesson])))
    if checks.isdisjoint(lessons[lesson]):
        reason = _("no notebook")
        if has_name_of_notebook:
            reason = _("a notebook without an exercise of the lessons")
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


def list_unread_files(hand_ins: list[HandIn]) -> list[str]:
    """Return a line for each learner and reason: which files, and why they can't be read."""
    files = defaultdict(list)
    for hand_in in hand_ins:
        if hand_in.reason:
            files[hand_in.learner, hand_in.reason].append(hand_in.name)
    lines = []
    for (learner, reason), names in files.items():
        shown = ", ".join(names[:3])
        if len(names) > 3:
            shown = _("{files}, and {count} more", files=shown, count=len(names) - 3)
        lines.append(f"{learner}: {reason} ({shown})")
    return sort_names(lines)


def is_begun(notebook: SavedNotebook) -> bool:
    """Has anybody answered an exercise, or run a cell?"""
    return notebook.was_run or any(attempt.answer != UNANSWERED for attempt in notebook.attempts)
