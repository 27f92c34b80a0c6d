"""What commands share: a sentence in place of a traceback, and files that overwrite none."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from helpers.common.files import WriteError, atomic_write
from helpers.common.language import LazyMessage, _


def start_command(run: Callable[[], object]) -> None:
    """Run a command, whatever stands at the other end of its output.

    A question mark stands for a character that the terminal's encoding lacks. Otherwise, Python
    stops at such a character, for example where Windows writes into a file. If the reader of the
    output ends first, as `head` does, the command ends without a word.
    """
    sys.stdout.reconfigure(errors="replace")
    try:
        run()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends, and would then complain as well. The source of
        # these two lines is "Note on SIGPIPE" in the documentation of Python's module signal.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


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
