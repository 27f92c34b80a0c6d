"""Read what a class has handed in: every file in a folder, and in the zip files in it."""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

LARGEST, LARGEST_ZIP = 20_000_000, 400_000_000  # bytes, in memory; a lesson has less than a million
MEMBERS, WHOLE = 100_000, 1_000_000_000  # files and bytes in a zip file, with the zip files in it
TOO_MUCH = zipfile.LargeZipFile(f"a zip file of more than {MEMBERS} files or {WHOLE // 10**9} GB")


def hand_ins(folder: Path) -> Iterator[tuple[PurePosixPath, str, bytes, str]]:
    """Yield place, date and content of each file that isn't hidden; or else why it can't be read.

    Nothing is executed, and nothing unpacked to the disk. A zip file is a folder that is called
    as it is, without the suffix; but a learning platform's download is `folder` itself.
    """
    waiting = files(folder)[::-1]
    while waiting:
        place, date, size, read, problem, sizes = waiting.pop()
        data, is_zip = b"", place.suffix.lower() == ".zip"
        if size > (largest := LARGEST_ZIP if is_zip else LARGEST):
            problem = problem or f"larger than {largest // 10**6} MB"
        if is_zip and sizes is None:
            problem = problem or "a zip file in a zip file in another"
        try:
            data = data if problem else read()
            if is_zip and not problem:
                waiting += unzipped(data, place, sizes)[::-1]
                continue
        except zipfile.LargeZipFile as error:
            problem = str(error)
        except Exception:  # whatever comes of a file that is damaged, by accident or intent
            problem = "damaged, or can't be read"
        yield place, "{}-{:02}-{:02}".format(*date), data, problem


def files(folder: Path) -> list[tuple]:
    """Return place, date, size, reader and problem of each file, and the sizes beside it: none."""
    found = []
    for path in sorted(folder.rglob("*")):
        place = place_of(path.relative_to(folder).as_posix())
        if "/." not in f"/{place}" and (path.is_symlink() or not path.is_dir()):
            is_ours = path.is_file() and path.resolve().is_relative_to(folder.resolve())
            problem = "" if is_ours else "no readable file of this folder"
            about = path.stat() if is_ours else path.lstat()
            date = time.localtime(about.st_mtime)
            found.append((place, date, about.st_size, path.read_bytes, problem, []))
    return found


def unzipped(data: bytes, place: PurePosixPath, sizes: list[int]) -> list[tuple]:
    """Return the same of the files in a zip file; no more is read of one than its size.

    `sizes` has those in the zip file around it, if there is one, and gets the others.
    """
    if len(sizes) + data.count(b"PK\1\2") > MEMBERS:  # before zipfile makes an object of each
        raise TOO_MUCH
    archive, found, inner = zipfile.ZipFile(io.BytesIO(data)), [], None if sizes else sizes
    members = [(place_of(info.filename), info) for info in archive.infolist() if not info.is_dir()]
    members = [(name, info) for name, info in members if "/." not in f"/{name}"]
    tops = {name.parts[0] for name, _ in members if name.suffix in (".ipynb", ".zip")}
    is_bulk = len(tops) > 1 and not any(re.fullmatch(r"notebooks|.*\.ipynb", top) for top in tops)
    is_bulk = is_bulk and len(place.parts) == 1 and not sizes
    folder = place_of("") if is_bulk else place.with_suffix("")
    sizes += [info.file_size for _, info in members]
    if sum(sizes) > WHOLE:
        raise TOO_MUCH
    for name, info in members:
        is_read = info.compress_type in (0, zipfile.ZIP_DEFLATED) and not info.flag_bits & 1
        problem = "" if is_read else "encrypted, or of a compression that isn't read"
        read = partial(lambda info: archive.open(info).read(info.file_size), info)
        found.append((folder / name, info.date_time, info.file_size, read, problem, inner))
    return found


def place_of(name: str) -> PurePosixPath:
    """Return a path to show and to sort by, which leads nowhere: without "..", root and drive."""
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    return PurePosixPath(*(part for part in re.split(r"[/\\]|^\w:", name) if part.strip(". ")))
