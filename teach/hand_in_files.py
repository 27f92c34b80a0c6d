"""What a file that was handed in holds: notebooks, a table, or a reason why it isn't read."""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from helpers.common.language import LazyMessage
from teach import quiz_sheets
from tools import work
from tools.commands import describe_cause

MAX_BYTES = 20_000_000  # of a notebook; a lesson has less than a million
# What `tools.work` calls a packed file; an earlier one has a number.
PACKED_WORK = re.compile(rf"{work.PREFIX}(.+?)(?: \(\d+\))?\.zip", re.IGNORECASE)
PACKED_FOLDERS = {".7z", ".rar", ".tar", ".gz"}
SPREADSHEETS = {".xlsx", ".xls", ".ods", ".numbers"}
PAGES = {".html", ".htm", ".pdf"}
# Reasons that are given in several places.
NO_NOTEBOOK = LazyMessage("no notebook")
DAMAGED_NOTEBOOK = LazyMessage("a damaged notebook")
EMPTY_FILE = LazyMessage("an empty file")
NOT_UNPACKED = LazyMessage("a packed folder, which has to be unpacked first")


class Content(NamedTuple):
    """What was found in a file: the bytes of a notebook, or the reason why there are none.

    `member` is the name of the notebook in a packed file, or "". A table of the quiz has neither
    bytes nor a reason.
    """

    member: str = ""
    notebook: bytes | None = None
    reason: LazyMessage | str = ""


def read_contents(path: Path) -> Iterator[Content]:
    """Yield what a file holds: one content, or one for each notebook in a packed file."""
    try:
        reason = reason_not_to_open(path)
        if reason:
            yield Content(reason=reason)
        elif is_table(path):
            yield Content()
        elif is_zip_file(path):
            yield from read_packed_work(path)
        else:
            yield Content(notebook=path.read_bytes())
    except OSError as error:
        yield Content(reason=describe_cause(error))


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


def read_packed_work(path: Path) -> Iterator[Content]:
    """Yield each notebook in a file that `tools.work` has packed, or why the file can't be read."""
    if path.stat().st_size == 0:
        yield Content(reason=EMPTY_FILE)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if not names:
                yield Content(reason=LazyMessage("an empty packed folder"))
                return
            if not any(name.partition("/")[0] in work.work_folders() for name in names):
                yield Content(reason=NOT_UNPACKED)  # somebody else has packed it
                return
            members = [
                member
                for member in work.find_members(archive)
                if is_named_as_notebook(member.filename)
            ]
            for member in members:
                yield _read_member(archive, member)
            if not members:
                yield Content(reason=LazyMessage("a packed folder without a notebook"))
    except work.RefusedError as error:
        yield Content(reason=error.args[0])
    except work.DAMAGED:
        yield Content(reason=LazyMessage("a damaged packed folder"))


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Content:
    """Return a notebook in a packed file, or why it can't be read."""
    if member.file_size > MAX_BYTES:
        return Content(member.filename, reason=too_large())
    try:
        return Content(member.filename, archive.read(member))
    except work.DAMAGED:
        return Content(member.filename, reason=DAMAGED_NOTEBOOK)
