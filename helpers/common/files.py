"""Where results go, and how a file is written so that a failure loses nothing."""

import glob
import html
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from helpers.common.language import _

ROOT = Path(__file__).resolve().parents[2]
# MNIST, trained models and recorded numbers, which come with the lesson.
DATA = ROOT / "helpers" / "data"
# JSON that Python and the scripts of the pages read.
SHARED = ROOT / "helpers" / "page" / "shared"

# On Windows, a virus scanner may hold a new file for about a second.
SECONDS_BETWEEN_TRIES = (0.1, 0.2, 0.4, 0.8)


@dataclass(frozen=True)
class Link:
    """A file that a notebook shows as a link, which downloads it.

    If the notebook or the file is outside of the project, as in Colab, the notebook shows the names
    of the folder and the file, without a link.
    """

    path: Path

    def __repr__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"

    def _repr_html_(self) -> str | None:
        if self.path.is_relative_to(ROOT) and Path.cwd().is_relative_to(ROOT):
            address = quote(os.path.relpath(self.path).replace(os.sep, "/"))
            return f'<a href="{address}" download>{html.escape(repr(self))}</a>'
        return None


@cache
def read_shared(name: str) -> dict:
    """Return what a file of SHARED has, such as "drawings", whose name is drawings.json."""
    return json.loads((SHARED / f"{name}.json").read_text(encoding="utf-8"))


class WriteError(OSError):
    """A file can't be written; the message says which, why, and what to do."""


def artifacts() -> Path:
    """Return the folder for results: `artifacts/` in the project's folder.

    The environment variable `HELLO_MNIST_ARTIFACTS` names another folder. It is for a project that
    can't be written to, and for the tests, which never touch a model that you trained. It may
    begin with `~`. A relative path begins in the project's folder, too.
    """
    return ROOT / Path(os.environ.get("HELLO_MNIST_ARTIFACTS") or "artifacts").expanduser()


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Write a file atomically: give a temporary path, and rename it when the block ends well.

    The temporary path is in the folder of `path`. A block that raises leaves `path` as it was and
    no temporary file behind. The temporary path has the suffix of `path`, because writers choose
    their format by it. No two temporary paths are the same, because several notebooks, on several
    machines with one folder, may write at once. Raises WriteError if the disk is full, the folder
    can't be made or written to, or on Windows another program holds the file.
    """
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(8)}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_partial_files(path)
        yield temporary
        _rename(temporary, path)
    except WriteError:  # of a file that is written together with this one
        raise
    except OSError as error:
        problem = _(
            "{path} can't be written ({cause}). Is the disk full, the folder read-only, or "
            "the file held by another program, such as a virus scanner or OneDrive? Free some "
            "space, allow writing or close that program, or choose another folder for your "
            "results by `%env HELLO_MNIST_ARTIFACTS=/a/folder/of/yours`; then run this again. "
            "A file that was there before is as it was.",
            path=path,
            cause=error.strerror or error,
        )
        raise WriteError(problem) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _remove_partial_files(path: Path) -> None:
    """Remove temporary files that are older than a day; a younger one may be being written."""
    for partial in path.parent.glob(f".{glob.escape(path.stem)}.*.partial{path.suffix}"):
        with suppress(OSError):
            if time.time() - partial.lstat().st_mtime > 24 * 60 * 60:
                partial.unlink()


def _rename(source: Path, target: Path) -> None:
    """Rename a file; on Windows that fails for as long as another program has either one open."""
    for seconds in SECONDS_BETWEEN_TRIES:
        with suppress(PermissionError):
            return os.replace(source, target)
        time.sleep(seconds)
    os.replace(source, target)
