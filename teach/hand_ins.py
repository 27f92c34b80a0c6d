"""What a class has handed in: files in a folder, each with its learner and its notebook."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from helpers.common.files import describe_cause
from helpers.common.language import _
from teach import quiz_results
from teach.lessons import Lesson
from teach.names import replace_unprintable, sort_names, spelling_key
from tools.answers import UNANSWERED, SavedNotebook, read_notebook

MAX_BYTES = 20_000_000  # of a notebook; a lesson has less than a million
MOODLE_NAME = re.compile(r"(.+?)_(\d+)_assignsubmission_")
PACKED_FOLDERS = {".zip", ".7z", ".rar", ".tar", ".gz"}
SPREADSHEETS = {".xlsx", ".xls", ".ods", ".numbers"}
PAGES = {".html", ".htm", ".pdf"}


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


def collect_hand_ins(
    folder: Path, lessons: dict[str, Lesson], other_files: Iterable[Path]
) -> list[HandIn]:
    """Return each file in a folder, but no hidden ones, and none of `other_files`.

    An empty folder is returned too, because a learner may have handed it in.
    """
    # `realpath` takes a link that leads to itself, too.
    other_paths = {os.path.realpath(path) for path in other_files}
    hand_ins = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if is_hidden(name) or has_visible_files(path) or os.path.realpath(path) in other_paths:
            continue
        shown_name = Path(*(replace_unprintable(part) for part in name.parts))
        hand_in = HandIn(path, *find_learner(shown_name), shown_name.as_posix())
        try:
            reason = reason_not_to_open(path)
        except OSError as error:
            reason = describe_cause(error)
        if reason:
            hand_in = hand_in._replace(reason=reason)
        elif not is_table(path):
            hand_in = read_hand_in(hand_in, lessons)
        hand_ins.append(hand_in)
    return separate_namesakes(join_spellings(hand_ins))


def is_hidden(name: Path) -> bool:
    """Is a file or one of its folders hidden, as JupyterLab's checkpoints are?"""
    return any(part.startswith(".") for part in name.parts)


def has_visible_files(path: Path) -> bool:
    """Is a path a folder in which there is more than hidden files, such as .DS_Store?

    A folder that can't be read has none.
    """
    try:
        is_folder = path.is_dir() and not path.is_symlink()
        return is_folder and any(not is_hidden(Path(name)) for name in os.listdir(path))
    except OSError:
        return False


def find_learner(name: Path) -> tuple[str, str]:
    """Return the learner to whom a path in the class's folder belongs, and Moodle's number."""
    for part in name.parts:
        match = MOODLE_NAME.match(part)
        if match:
            return match[1], match[2]
    return (name.parts[0] if len(name.parts) > 1 else name.stem), ""


def is_table(path: Path) -> bool:
    """May a file be a table of the quiz? A browser may call a notebook x.ipynb.txt."""
    return path.suffix.lower() in quiz_results.SUFFIXES and not is_named_as_notebook(path)


def is_named_as_notebook(path: Path) -> bool:
    """Does the name of a file say that it is a notebook?"""
    return ".ipynb" in path.name.lower()


def reason_not_to_open(path: Path) -> str | None:
    """Return why a file isn't opened at all, or None; OSError if the system doesn't show it."""
    suffix = path.suffix.lower()
    if path.is_symlink():
        return _("a link to another place")
    if path.is_dir():
        os.listdir(path)  # The folder only seems to be empty if it can't be read.
        return _("an empty folder")
    if not path.is_file():
        return _("no file")
    if suffix in PACKED_FOLDERS:
        return _("a packed folder, which has to be unpacked first")
    if suffix in SPREADSHEETS:
        return _("a spreadsheet, which has to be saved as CSV")
    if suffix in PAGES:
        return _("a page made from a notebook; ask for the notebook itself, a file .ipynb")
    if path.stat().st_size > MAX_BYTES:
        return _("larger than {size} MB", size=MAX_BYTES // 1_000_000)
    if is_named_as_notebook(path) or suffix == ".json" or is_table(path):
        return None
    return _("no notebook")


def read_hand_in(hand_in: HandIn, lessons: dict[str, Lesson]) -> HandIn:
    """Return a hand-in with its lesson and its notebook, or with why it can't be read.

    A notebook belongs to the lesson with which it shares most checks.
    """
    is_notebook = is_named_as_notebook(hand_in.path)
    try:
        notebook = read_notebook(hand_in.path)
    except OSError as error:
        return hand_in._replace(reason=describe_cause(error))
    except Exception:  # a file may be damaged in any way, by accident or intent
        if is_notebook and not hand_in.path.read_bytes().strip():
            return hand_in._replace(reason=_("an empty file"))
        return hand_in._replace(reason=_("a damaged notebook") if is_notebook else _("no notebook"))
    checks = {attempt.check for attempt in notebook.attempts}
    shared = {name: checks.intersection(lesson.checks) for name, lesson in lessons.items()}
    lesson = max(shared, key=lambda name: len(shared[name]))
    if shared[lesson]:
        return hand_in._replace(lesson=lesson, notebook=notebook)
    if is_notebook:
        return hand_in._replace(reason=_("a notebook without an exercise of the lessons"))
    return hand_in._replace(reason=_("no notebook"))


def join_spellings(hand_ins: list[HandIn]) -> list[HandIn]:
    """Give each learner one spelling of the name, the first one, such as "Lee, Ann" for "ann lee".

    A Mac writes the letter ö of a file's name in another way than Windows does.
    """
    spellings = {}
    for hand_in in hand_ins:
        name = " ".join(unicodedata.normalize("NFC", hand_in.learner).split())
        spellings.setdefault(spelling_key(hand_in.learner), name)
    return [
        hand_in._replace(learner=spellings[spelling_key(hand_in.learner)]) for hand_in in hand_ins
    ]


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
