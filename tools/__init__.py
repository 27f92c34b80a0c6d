"""Commands: for a learner `run`, `lab`; for a teacher `class_results`, `offline`, `quiz`."""

from pathlib import Path

from helpers.files import WriteError, replacing


def write(path: Path, text: str) -> None:
    """Write a text file, with the same line ends on each system; it is never half-written.

    SystemExit says why it can't be written.
    """
    try:
        with replacing(path) as beside:
            beside.write_text(text, encoding="utf-8", newline="\n")
    except WriteError as error:
        raise SystemExit(str(error)) from error
