"""What commands share: a sentence in place of a traceback, and files that overwrite none."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from helpers.common.files import WriteError, atomic_write
from helpers.common.language import LazyMessage, _


@contextmanager
def exit_on(
    errors: type[Exception] | tuple[type[Exception], ...], message: LazyMessage
) -> Iterator[None]:
    """End the command with a message if the block raises one of some errors.

    {cause} in the message is what the system says of the error.
    """
    try:
        yield
    except errors as error:
        text = _(message.message, **message.values, cause=describe_cause(error))
        raise SystemExit(text) from error


def describe_cause(error: Exception) -> str:
    """Return what the system said of a failure. A WriteError has it as its cause."""
    cause = error.__cause__ if isinstance(error, WriteError) else error
    return getattr(cause, "strerror", None) or str(cause)


def write_or_exit(path: Path, text: str) -> None:
    """Write a text file for a command, with the same line ends on each system.

    The file is never half-written. SystemExit says why it can't be written, so that the command
    ends with one sentence in place of a traceback.
    """
    try:
        with atomic_write(path) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    except WriteError as error:
        raise SystemExit(str(error)) from error


def numbered_path(path: Path) -> Path:
    """Return a path beside `path` that no file has: its name with the first free number."""
    paths = (path.with_name(f"{path.stem} ({number}){path.suffix}") for number in count(1))
    return next(other for other in paths if not other.exists())
