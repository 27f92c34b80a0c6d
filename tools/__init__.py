"""Commands: for a learner `run`, `lab`; for a teacher `class_results`, `offline`, `quiz`."""

from pathlib import Path

from helpers.files import replacing


def write(path: Path, text: str) -> None:
    """Write a text file, with the same line ends on each system; it is never half-written."""
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
