"""What a class has handed in: files in a folder, each with its learner and its notebook."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from helpers.common.language import LazyMessage, _
from teach.hand_in_files import (
    DAMAGED_NOTEBOOK,
    EMPTY_FILE,
    NO_NOTEBOOK,
    PACKED_WORK,
    is_named_as_notebook,
    read_contents,
)
from teach.lessons import Lesson
from teach.names import name_key, replace_unprintable, sort_names
from tools.answers import UNANSWERED, SavedNotebook, read_notebook

MOODLE_NAME = re.compile(r"(.+?)_(\d+)_assignsubmission_")


class HandIn(NamedTuple):
    """One file that was handed in.

    `name` is its path below the class's folder, as it can be shown. `learner` is the learner's
    name, and `number` the one that Moodle adds to it, or "". Either `notebook` is there, or
    `reason` says why the file can't be read. A table of the quiz has neither. `find_lessons` adds
    `lesson`.

    The reason is translated when it is shown, because the notebooks say in which language that is.
    """

    path: Path
    learner: str
    number: str
    name: str
    notebook: SavedNotebook | None = None
    lesson: str = ""
    reason: LazyMessage | str = ""


def collect_hand_ins(folder: Path, other_files: Iterable[Path]) -> list[HandIn]:
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
        learner, number = find_learner(shown_name)
        for content in read_contents(path):
            full_name = (shown_name / content.member).as_posix()
            hand_in = HandIn(path, learner, number, full_name, reason=content.reason)
            if content.notebook is not None:
                hand_in = parse_notebook(hand_in, content.notebook)
            hand_ins.append(hand_in)
    return join_spellings(hand_ins)


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


def parse_notebook(hand_in: HandIn, content: bytes) -> HandIn:
    """Return a hand-in with its notebook, or with why there is none."""
    try:
        return hand_in._replace(notebook=read_notebook(content))
    except Exception:  # a file may be damaged in any way, by accident or intent
        if not is_named_as_notebook(hand_in.name):
            return hand_in._replace(reason=NO_NOTEBOOK)
        return hand_in._replace(reason=DAMAGED_NOTEBOOK if content.strip() else EMPTY_FILE)


def find_lessons(hand_ins: list[HandIn], lessons: dict[str, Lesson]) -> list[HandIn]:
    """Return hand-ins, each notebook with its lesson, or with the reason why it has none."""
    return separate_namesakes([_find_lesson(hand_in, lessons) for hand_in in hand_ins])


def _find_lesson(hand_in: HandIn, lessons: dict[str, Lesson]) -> HandIn:
    """Return a hand-in with the lesson with which its notebook shares most checks."""
    if hand_in.notebook is None:
        return hand_in
    checks = {attempt.check for attempt in hand_in.notebook.attempts}
    shared = {name: checks.intersection(lesson.checks) for name, lesson in lessons.items()}
    lesson = max(shared, key=lambda name: len(shared[name]))
    if shared[lesson]:
        return hand_in._replace(lesson=lesson)
    reason = NO_NOTEBOOK
    if is_named_as_notebook(hand_in.name):
        reason = LazyMessage("a notebook without an exercise of the lessons")
    return hand_in._replace(notebook=None, reason=reason)


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
