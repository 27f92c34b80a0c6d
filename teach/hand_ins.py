"""What a class has handed in: files in a folder, each with its learner and its notebook."""

import os
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from helpers.common.language import LazyMessage, _
from teach import quiz_sheets
from teach.lessons import Lesson
from teach.names import name_key, replace_unprintable, sort_names
from tools import work
from tools.answers import UNANSWERED, SavedNotebook, read_notebook
from tools.commands import describe_cause

MAX_BYTES = 20_000_000  # of a notebook; a lesson has less than a million
MOODLE_NAME = re.compile(r"(.+?)_(\d+)_assignsubmission_")
# What `tools.work` calls a packed file; an earlier one has a number.
PACKED_WORK = re.compile(rf"{work.PREFIX}(.+?)(?: \(\d+\))?\.zip", re.IGNORECASE)
PACKED_FOLDERS = {".7z", ".rar", ".tar", ".gz"}
SPREADSHEETS = {".xlsx", ".xls", ".ods", ".numbers"}
PAGES = {".html", ".htm", ".pdf"}
# Reasons that are given in several places.
NO_NOTEBOOK = LazyMessage("no notebook")
DAMAGED_NOTEBOOK = LazyMessage("a damaged notebook")
NOT_UNPACKED = LazyMessage("a packed folder, which has to be unpacked first")


class HandIn(NamedTuple):
    """One file that was handed in.

    `name` is its path below the class's folder, as it can be shown. `learner` is the learner's
    name, and `number` the one that Moodle adds to it, or "". Either `lesson` and `notebook` are
    there, or `reason` says why the file can't be read. A table of the quiz has none of them.

    The reason is translated when it is shown, because the notebooks say in which language that is.
    """

    path: Path
    learner: str
    number: str
    name: str
    lesson: str = ""
    notebook: SavedNotebook | None = None
    reason: LazyMessage | str = ""


def collect_hand_ins(
    folder: Path, lessons: dict[str, Lesson], other_files: Iterable[Path]
) -> list[HandIn]:
    """Return each file in a folder, but no hidden ones, and none of `other_files`.

    An empty folder is returned too, because a learner may have handed it in. In a file that
    `tools.work` has packed, each notebook is one that was handed in.
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
            hand_ins.append(hand_in._replace(reason=reason))
        elif is_table(path):
            hand_ins.append(hand_in)
        elif is_zip_file(path):
            hand_ins += read_packed_work(hand_in, lessons)
        else:
            hand_ins.append(read_hand_in(hand_in, lessons))
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
    if len(name.parts) > 1:
        return name.parts[0], ""
    packed = PACKED_WORK.fullmatch(name.name)
    return (packed[1] if packed else name.stem), ""


def is_table(path: Path) -> bool:
    """May a file be a table of the quiz? A browser may call a notebook x.ipynb.txt."""
    return path.suffix.lower() in quiz_sheets.SUFFIXES and not is_named_as_notebook(path.name)


def is_named_as_notebook(name: str) -> bool:
    """Does the name of a file say that it is a notebook?"""
    return ".ipynb" in name.rpartition("/")[2].lower()


def is_zip_file(path: Path) -> bool:
    """Does the name of a file say that it is a zip file, as `tools.work` packs it?"""
    return path.suffix.lower() == ".zip"


def reason_not_to_open(path: Path) -> LazyMessage | None:
    """Return why a file isn't opened at all, or None; OSError if the system doesn't show it."""
    suffix = path.suffix.lower()
    if path.is_symlink():
        return LazyMessage("a link to another place")
    if path.is_dir():
        os.listdir(path)  # The folder only seems to be empty if it can't be read.
        return LazyMessage("an empty folder")
    if not path.is_file():
        return LazyMessage("no file")
    if is_zip_file(path):
        return None
    if suffix in PACKED_FOLDERS:
        return NOT_UNPACKED
    if suffix in SPREADSHEETS:
        return LazyMessage("a spreadsheet, which has to be saved as CSV")
    if suffix in PAGES:
        return LazyMessage(
            "a page made from a notebook; ask for the notebook itself, a file .ipynb"
        )
    if path.stat().st_size > MAX_BYTES:
        return too_large()
    if is_named_as_notebook(path.name) or suffix == ".json" or is_table(path):
        return None
    return NO_NOTEBOOK


def too_large() -> LazyMessage:
    """Return the reason why a notebook of more than MAX_BYTES isn't read."""
    return LazyMessage("larger than {size} MB", size=MAX_BYTES // 1_000_000)


def read_packed_work(hand_in: HandIn, lessons: dict[str, Lesson]) -> Iterator[HandIn]:
    """Yield each notebook in a file that `tools.work` has packed, or why the file can't be read."""
    try:
        with zipfile.ZipFile(hand_in.path) as archive:
            names = archive.namelist()
            if not any(name.partition("/")[0] in work.work_folders() for name in names):
                yield hand_in._replace(reason=NOT_UNPACKED)  # somebody else has packed it
                return
            members = [
                member
                for member in work.find_members(archive)
                if is_named_as_notebook(member.filename)
            ]
            for member in members:
                name = f"{hand_in.name}/{member.filename}"
                yield _read_member(archive, member, hand_in._replace(name=name), lessons)
            if not members:
                yield hand_in._replace(reason=LazyMessage("a packed folder without a notebook"))
    except work.RefusedError as error:
        yield hand_in._replace(reason=error.args[0])
    except work.DAMAGED:
        yield hand_in._replace(reason=LazyMessage("a damaged packed folder"))
    except OSError as error:
        yield hand_in._replace(reason=describe_cause(error))


def _read_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, hand_in: HandIn, lessons: dict[str, Lesson]
) -> HandIn:
    """Return a notebook in a packed file as `parse_hand_in` does, or with why it can't be read."""
    if member.file_size > MAX_BYTES:
        return hand_in._replace(reason=too_large())
    try:
        content = archive.read(member)
    except work.DAMAGED:
        return hand_in._replace(reason=DAMAGED_NOTEBOOK)
    return parse_hand_in(hand_in, content, lessons)


def read_hand_in(hand_in: HandIn, lessons: dict[str, Lesson]) -> HandIn:
    """Return a file as `parse_hand_in` does, or with why it can't be read."""
    try:
        content = hand_in.path.read_bytes()
    except OSError as error:
        return hand_in._replace(reason=describe_cause(error))
    return parse_hand_in(hand_in, content, lessons)


def parse_hand_in(hand_in: HandIn, content: bytes, lessons: dict[str, Lesson]) -> HandIn:
    """Return a hand-in with its lesson and its notebook, or with why there is none.

    A notebook belongs to the lesson with which it shares most checks.
    """
    is_notebook = is_named_as_notebook(hand_in.name)
    try:
        notebook = read_notebook(content)
    except Exception:  # a file may be damaged in any way, by accident or intent
        if is_notebook and not content.strip():
            return hand_in._replace(reason=LazyMessage("an empty file"))
        return hand_in._replace(reason=DAMAGED_NOTEBOOK if is_notebook else NO_NOTEBOOK)
    checks = {attempt.check for attempt in notebook.attempts}
    shared = {name: checks.intersection(lesson.checks) for name, lesson in lessons.items()}
    lesson = max(shared, key=lambda name: len(shared[name]))
    if shared[lesson]:
        return hand_in._replace(lesson=lesson, notebook=notebook)
    if is_notebook:
        reason = LazyMessage("a notebook without an exercise of the lessons")
        return hand_in._replace(reason=reason)
    return hand_in._replace(reason=NO_NOTEBOOK)


def join_spellings(hand_ins: list[HandIn]) -> list[HandIn]:
    """Give each learner one spelling of the name, the first one, such as "Lee, Ann" for "ann lee".

    A Mac writes the letter ö of a file's name in another way than Windows does.
    """
    spellings = {}
    for hand_in in hand_ins:
        name = " ".join(unicodedata.normalize("NFC", hand_in.learner).split())
        spellings.setdefault(name_key(hand_in.learner), name)
    return [hand_in._replace(learner=spellings[name_key(hand_in.learner)]) for hand_in in hand_ins]


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
            files[hand_in.learner, str(hand_in.reason)].append(hand_in.name)
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
