"""Drawings that people have collected with the drawing pad, one file for each writer."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from helpers.common import arguments, classes
from helpers.common.language import _
from helpers.drawing.preparation import CANVAS_SIDE
from helpers.drawing.strokes import render_strokes

# The most drawings and bytes of a file; a page makes no larger one.
MAX_DRAWINGS = 600
MAX_BYTES = 4_000_000


def read_drawings(
    folder: Path | str, names: Sequence[str] = classes.DIGITS
) -> tuple[np.ndarray, ...]:
    """Read the drawings of the classes called `names` from every `*.json` of a folder.

    Each file is by one writer. The writers are numbered from 0, in the order of the names of their
    files, and the names are not kept. Return three arrays. The drawings are uint8 of shape
    (n, 280, 280), 255 for ink. Their labels and their writers are int of shape (n,). Without any
    file, n is 0.

    Raises ValueError, which names the file, for a file that the pad hasn't saved, or that has other
    classes.
    """
    drawings, labels, writers = [], [], []
    for writer, path in enumerate(sorted(Path(folder).glob("[!.]*.json"))):
        collected, rendered = read_file(path, names)
        drawings += rendered
        labels += [drawing["label"] for drawing in collected]
        writers += [writer] * len(collected)
    drawings = np.array(drawings, np.uint8).reshape(len(labels), CANVAS_SIDE, CANVAS_SIDE)
    return drawings, np.array(labels, int), np.array(writers, int)


def read_file(path: Path, names: Sequence[str]) -> tuple[list[dict], list[np.ndarray]]:
    """Return the drawings in a file, which is not trusted, as strokes and as images.

    A drawing of strokes has the keys `label` and `strokes`. The label is an index of `names`, which
    may differ from the label in the file. The images are uint8 of shape (280, 280). Raises
    ValueError as `read_drawings` does.
    """
    if not path.is_file():
        got = _("a folder") if path.is_dir() else _("no file")
        wanted = _("a file that the drawing pad has saved")
        raise ValueError(arguments.mismatch(path.name, got, wanted))
    collected, rendered = [], []
    other_classes = []
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise ValueError(_("more than {most:,} bytes", most=MAX_BYTES))
        content = json.loads(text)
        if content["hello-mnist digits"] != 1 or len(content["digits"]) > MAX_DRAWINGS:
            raise ValueError(_("another version, or too many"))
        theirs = classes.check_names(content.get("classes", classes.DIGITS))
        for drawing in content["digits"]:
            label = drawing["label"]
            if label not in [*range(len(theirs))]:
                raise ValueError(_("a label that is none of {names}", names=", ".join(theirs)))
            rendered.append(render_strokes(drawing["strokes"]))
            if not rendered[-1].any():
                raise ValueError(_("a drawing without ink"))
            if theirs[label] not in names:
                other_classes.append(theirs[label])
                continue
            label = list(names).index(theirs[label])
            collected.append({"label": label, "strokes": drawing["strokes"]})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = _(
            "{name}: got another file ({error:.200}), expected one that the drawing pad has saved, "
            "with at most {most} drawings. Move it out of the folder {folder}.",
            name=path.name,
            error=str(error),
            most=MAX_DRAWINGS,
            folder=path.parent,
        )
        raise ValueError(problem) from error
    if other_classes:
        problem = _(
            "{name}: the drawing pad saved drawings of {drawn} in this file, but your classes are "
            "{names}. To use the drawings, give your classes the same names again. To do without "
            "them, move the file from {folder} into another folder, and keep it there.",
            name=path.name,
            drawn=", ".join(dict.fromkeys(other_classes)),
            names=", ".join(names),
            folder=path.parent,
        )
        raise ValueError(problem)
    return collected, rendered
