"""Pack a learner's work into one file, and unpack it again, on this computer or on another one.

    python -m tools.work pack [NAME] [--to FOLDER]
    python -m tools.work unpack FILE

The work is all that you have saved in my_notebooks/ and artifacts/. `pack` writes it into
work_NAME.zip, or gives the file today's date if you name nobody. `unpack` puts each file of it
where it belongs. Neither command overwrites a file: one that was there before is kept beside the
new one, with a number in its name.
"""

import argparse
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from helpers.common.files import (
    ROOT,
    WriteError,
    artifacts,
    atomic_write,
)
from helpers.common.language import LazyMessage, _, current_language, use_language
from tools.commands import describe_cause, exit_on, numbered_path, start_command
from tools.lab import COPIES, RECORDS, language_of_folder, read_records

PREFIX = "work_"  # of the name of a packed file
# More than a class ever saves; a file from elsewhere may claim anything.
MAX_BYTES = 1_000_000_000
MAX_FILES = 10_000
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
UNSAFE_SIGNS = set('\\:*?"<>|')  # which Windows has in no file name, or takes for a drive
# Windows takes these names for devices, whatever follows behind a full stop.
DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
DEVICES |= {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
# What reading a damaged or an encrypted zip file may raise.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)


class RefusedError(Exception):
    """A packed file that may not be unpacked; its argument is a LazyMessage with the reason."""


def work_folders() -> dict[str, Path]:
    """Return the folders that hold a learner's work, by their names in the packed file."""
    return {"my_notebooks": COPIES, "artifacts": artifacts()}


def find_work() -> dict[str, Path]:
    """Return the files of a learner's work, by their names in the packed file.

    Hidden files, links, and copies of notebooks in which nothing was saved are no work.
    """
    records = read_records(COPIES / RECORDS)
    checksums = {COPIES / name: record.copy for name, record in records.items()}
    work = {}
    for folder_name, folder in work_folders().items():
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            is_hidden = any(part.startswith(".") for part in name.split("/"))
            if is_hidden or path.is_symlink() or not path.is_file():
                continue
            if not has_checksum(path, checksums.get(path)):
                work[f"{folder_name}/{name}"] = path
    return work


def has_checksum(path: Path, checksum: int | None) -> bool:
    """Has a file this checksum? A file that can't be read has none."""
    with suppress(OSError):
        return checksum is not None and zlib.crc32(path.read_bytes()) == checksum
    return False


def belongs_to_work(name: str) -> bool:
    """May a file of this name lie in a packed file? It has to be inside one of its folders."""
    folder, *parts = name.split("/")
    return folder in work_folders() and bool(parts) and all(map(is_safe_name, parts))


def is_safe_name(name: str) -> bool:
    """Does every system allow a file or a folder of this name, and show it?"""
    is_hidden = name.startswith(".")
    has_safe_signs = name.isprintable() and not UNSAFE_SIGNS & set(name)
    # Windows drops a full stop or a space at the end.
    is_device = name.partition(".")[0].rstrip().upper() in DEVICES
    has_safe_end = not name.endswith((".", " "))
    return bool(name) and not is_hidden and has_safe_signs and has_safe_end and not is_device


def keep_earlier_file(path: Path) -> None:
    """Give a file that would be overwritten a number in its name, if there is such a file."""
    if path.exists():
        kept_path = numbered_path(path)
        path.rename(kept_path)
        print(_("The file that was there before is kept as {path}.", path=kept_path))


def pack(name: str, folder: Path) -> Path:
    """Write the learner's work into a file in `folder`, and return its path.

    SystemExit if there is no work or no such folder, or if a file can't be read or written. The
    files of the learner and an earlier packed file then stay as they were.
    """
    if not folder.is_dir():
        raise SystemExit(_("There is no folder {folder}. Nothing was packed.", folder=folder))
    packed = folder / f"{PREFIX}{name}.zip"
    message = LazyMessage(
        "{path} can't be written ({cause}). Free some space, or name another folder with --to. "
        "Your notebooks and results are as they were.",
        path=packed,
    )
    with exit_on(OSError, message):
        work = find_work()
        problem = explain_bad_work(work)
        if problem:
            raise SystemExit(problem)
        with atomic_write(packed) as temporary:
            # A file from before 1980, which a wrong clock writes, gets the first date there is.
            with zipfile.ZipFile(
                temporary, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False
            ) as archive:
                for member, path in work.items():
                    archive.write(path, member)
            keep_earlier_file(packed)
    print(_("Packed {files} into {path}.", files=count_files(len(work)), path=packed))
    print(_("The file has what you have saved. A change that isn't saved yet is not in it."))
    return packed


def explain_bad_work(work: dict[str, Path]) -> str:
    """Return why work can't be packed, or "".

    There has to be work, all files have to be readable, and `unpack` has to take them back.
    """
    if not work:
        return _(
            "There is nothing to pack: nothing was saved in {folders}.", folders=_name_folders()
        )
    for name, path in work.items():
        if not belongs_to_work(name):
            return _(
                "{path} has a name that not every system allows. Rename this file, and type the "
                "command again.",
                path=path,
            )
        try:
            path.open("rb").close()
        except OSError as error:
            return _(
                "{path} can't be read ({cause}). Close the program that uses this file, and type "
                "the command again. Nothing was packed.",
                path=path,
                cause=describe_cause(error),
            )
    sizes = {path: path.stat().st_size for path in work.values()}
    if sum(sizes.values()) > MAX_BYTES or len(work) > MAX_FILES:
        return _(
            "These are {count} files of {size:.0f} MB, and at most {max_count} files of "
            "{max_size:.0f} MB can be packed. The largest one is {largest}. Move what you don't "
            "need elsewhere.",
            count=len(work),
            size=sum(sizes.values()) / 1e6,
            max_count=MAX_FILES,
            max_size=MAX_BYTES / 1e6,
            largest=max(sizes, key=sizes.get),
        )
    return ""


def _name_folders() -> str:
    """Return the folders of a learner's work as a sentence names them."""
    copies, results = work_folders().values()
    return _("{first} and {second}", first=copies, second=results)


def unpack(packed: Path) -> None:
    """Put each file of a packed file where it belongs, and keep each file that was there.

    SystemExit if the file is damaged, or isn't one that `pack` writes: then nothing is unpacked.
    SystemExit also if a file can't be written. All files that were there are still there then.
    """
    refused = LazyMessage("{path} is {cause}. Nothing was unpacked.", path=packed)
    damaged = LazyMessage(
        "{path} is damaged, or was not made by `python -m tools.work pack`. Copy it again "
        "from where it was made. Nothing was unpacked.",
        path=packed,
    )
    unreadable = LazyMessage(
        "{path} can't be read ({cause}). Type the name of a file that "
        "`python -m tools.work pack` has made.",
        path=packed,
    )
    with (
        exit_on(RefusedError, refused),
        exit_on(DAMAGED, damaged),
        exit_on(OSError, unreadable),
        zipfile.ZipFile(packed) as archive,
    ):
        members = find_members(archive)
        if archive.testzip():
            raise zipfile.BadZipFile
        for member in members:
            unpack_member(archive, member)
    files = count_files(len(members))
    print(_("Unpacked {files} into {folders}.", files=files, folders=_name_folders()))


def find_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files in a packed file, apart from those that macOS adds.

    Raises RefusedError if one of them doesn't belong there, if two have one name, or if all are too
    large. Raises BadZipFile if one is compressed in a way that neither `pack` nor macOS uses.
    """
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not is_added_by_macos(member.filename)
    ]
    names = {member.filename.casefold() for member in members}  # as Windows and macOS compare them
    for member in members:
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if is_link or not belongs_to_work(member.filename):
            reason = LazyMessage(
                "a packed folder with a file that is no work of a learner: {name!r}",
                name=member.filename,
            )
            raise RefusedError(reason)
    if not members or len(names) < len(members) or len(members) > MAX_FILES:
        reason = LazyMessage(
            "a packed folder of {count} files with {names} different names. A packed folder may "
            "have between 1 and {max_count} files, with as many names",
            count=len(members),
            names=len(names),
            max_count=MAX_FILES,
        )
        raise RefusedError(reason)
    size = sum(member.file_size for member in members)
    if size > MAX_BYTES:
        reason = LazyMessage(
            "a packed folder that would take {size:.0f} MB, and at most {max_size:.0f} MB are "
            "unpacked",
            size=size / 1e6,
            max_size=MAX_BYTES / 1e6,
        )
        raise RefusedError(reason)
    # Other ways raise errors of their own where a file is damaged.
    if any(member.compress_type not in METHODS for member in members):
        raise zipfile.BadZipFile
    return members


def is_added_by_macos(name: str) -> bool:
    """Does macOS add a file of this name when it packs a folder?"""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Write one file of a packed file; do nothing if the same file is there already.

    SystemExit if the file can't be written.
    """
    folder, _slash, name = member.filename.partition("/")
    path = work_folders()[folder] / name
    with suppress(OSError):
        if path.stat().st_size == member.file_size and zlib.crc32(path.read_bytes()) == member.CRC:
            return
    message = LazyMessage(
        "{path} can't be written ({cause}). Free some space, or close the program that uses "
        "this file, and type the command again. No file of yours is lost.",
        path=member.filename,
    )
    with exit_on(WriteError, message), atomic_write(path) as temporary:
        with archive.open(member) as source, temporary.open("wb") as target:
            shutil.copyfileobj(source, target)
        keep_earlier_file(path)


def count_files(number: int) -> str:
    """Return "1 file" or "3 files"."""
    return _("1 file") if number == 1 else _("{number} files", number=number)


def language_of_work(names: Iterable[str]) -> str:
    """Return the language of most notebooks, by their names in a packed file."""
    notebooks = [name.split("/") for name in names if name.endswith(".ipynb")]
    languages = [language_of_folder(parts[1]) for parts in notebooks if len(parts) > 1]
    return max(sorted({*languages}), key=languages.count, default=current_language())


def _read_names(packed: Path) -> list[str]:
    """Return the names of the files in a packed file."""
    with zipfile.ZipFile(packed) as archive:
        return archive.namelist()


def learner_name(text: str) -> str:
    """Return a name for a file; argparse shows the message of the error, ArgumentTypeError."""
    if not text.replace(" ", "").replace("-", "").replace("_", "").isalnum():
        raise argparse.ArgumentTypeError("a name has letters, digits, blanks, - and _ only")
    return text


def run_command(arguments: list[str] | None = None) -> None:
    """Do what the command line says; SystemExit says why that can't be done."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.work", description=__doc__.splitlines()[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack", help="write your notebooks and results into one file")
    today = date.today().isoformat()
    packing.add_argument(
        "name", nargs="?", type=learner_name, default=today, help="default: the date of today"
    )
    packing.add_argument(
        "--to", type=Path, default=ROOT, metavar="FOLDER", help="default: the project's folder"
    )
    unpacking = commands.add_parser("unpack", help="put the files of a packed file into place")
    unpacking.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    names = []
    with suppress(OSError, *DAMAGED):  # `pack` and `unpack` say what is wrong with a file
        names = [*find_work()] if options.command == "pack" else _read_names(options.file)
    with use_language(language_of_work(names)):
        if options.command == "pack":
            pack(options.name, options.to)
        else:
            unpack(options.file)


if __name__ == "__main__":
    start_command(run_command)
