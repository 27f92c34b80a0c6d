"""Drawings that were collected with the drawing pad: a file of each writer."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from helpers import classes
from helpers.drawing.preparation import CANVAS
from helpers.drawing.strokes import render_strokes
from helpers.language import _

MOST, LARGEST = 600, 4_000_000  # drawings and bytes of a file; the pad's have a tenth of them


def read(folder: Path | str, names: Sequence[str] = classes.DIGITS) -> tuple[np.ndarray, ...]:
    """Read the drawings of the classes called `names`: every `*.json` of a folder.

    A file is a writer, numbered from 0 in the order of the files' names, which are not kept. Return
    the drawings, uint8 of shape (n, 280, 280), 255 for ink, their labels and their writers, int of
    shape (n,); n is 0 where there is no file.

    Raises:
        ValueError: a file is none that the pad has saved, or is of other classes. The message
            names it.
    """
    files = [read_file(path, names) for path in sorted(Path(folder).glob("*.json"))]
    rows = [(item, writer) for writer, items in enumerate(files) for item in items]
    drawings = np.array([render_strokes(item["strokes"]) for item, _writer in rows], np.uint8)
    labels = np.array([item["label"] for item, _writer in rows], int)
    writers = np.array([writer for _item, writer in rows], int)
    return drawings.reshape(len(rows), CANVAS, CANVAS), labels, writers


def read_file(path: Path, names: Sequence[str] = classes.DIGITS) -> list[dict]:
    """Return the drawings in a file, which is not trusted, each with its `label` and `strokes`.

    A label is an index of `names`, whatever it was in the file. Raises ValueError as `read` does.
    """
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(LARGEST))  # what is longer ends in the middle
        if content["hello-mnist digits"] != 1 or len(content["digits"]) > MOST:
            raise ValueError(_("another version, or too many"))
        theirs = classes.check(content.get("classes", classes.DIGITS))
        drawings = []
        for drawing in content["digits"]:
            label = drawing["label"]
            if label not in [*range(len(theirs))] or theirs[label] not in names:
                raise ValueError(_("a label that is none of {names}", names=", ".join(names)))
            if not render_strokes(drawing["strokes"]).any():
                raise ValueError(_("a drawing without ink"))
            label = list(names).index(theirs[label])
            drawings.append({"label": label, "strokes": drawing["strokes"]})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = _(
            "{name}: got another file ({error:.200}), expected one that the drawing pad has saved, "
            "with at most {most} drawings. Take it out of the folder.",
            name=path.name,
            error=str(error),
            most=MOST,
        )
        raise ValueError(problem) from error
    return drawings
