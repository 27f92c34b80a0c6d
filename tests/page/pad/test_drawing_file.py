"""Drawings that somebody keeps: what fits into a file is read again; foreign files are refused."""

import json
import unicodedata
from contextlib import suppress

import numpy as np
import pytest

from helpers.common import classes
from helpers.drawing import drawing_files
from helpers.drawing.strokes import render_strokes
from tests.node import run_in_node

DOT = {"label": 3, "strokes": [[[140, 140]]]}
SEVEN = [[[60, 60], [170, 60], [100, 220]]]
READ = "async (text) => (await readDrawings(new Blob([text])))?.drawings.length ?? null"


def file_of_drawings(*digits, version=1, **others):
    return json.dumps({"hello-mnist digits": version, "digits": digits} | others).encode()


BAD = [b"[" * 100_000, b"[]", file_of_drawings(DOT, version=2), file_of_drawings(*[DOT] * 601)]
BAD += [
    file_of_drawings(DOT | {"strokes": strokes}) for strokes in ([], [["x"]], [[[1, 1]] * 600_000])
]
BAD += [file_of_drawings(DOT | {"label": label}) for label in (10, "3")]
BAD += [
    file_of_drawings(DOT, classes=names) for names in ("0", list("1233"), ["\n", "b", "c", "d"])
]


def count_in_page(text):
    """Return how many drawings the page reads in the text of a file, or None if it refuses it."""
    return run_in_node("pad/drawing_file.js", READ, text)


def test_both_sides_read_what_can_be_kept_and_refuse_what_is_foreign(tmp_path):
    names = [chr(0x1F600 + n) * classes.MAX_NAME_LENGTH for n in range(classes.MAX_CLASSES)]
    text = run_in_node("pad/drawing_file.js", "scribbles", [SEVEN, names])
    content = json.loads(text)  # as a kernel writes it: longer
    (path := tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    assert path.stat().st_size < drawing_files.MAX_BYTES
    drawings, rendered = drawing_files.read_file(path, names)
    assert len(drawings) == count_in_page(text) == drawing_files.MAX_DRAWINGS
    assert (rendered[0] == render_strokes(SEVEN)).all() and np.mean(rendered[1] > 0) > 0.7
    path.write_bytes(file_of_drawings(DOT))
    assert drawing_files.read_drawings(tmp_path)[1].tolist() == [3]
    assert count_in_page(file_of_drawings(DOT).decode()) == 1
    largest = file_of_drawings(DOT).ljust(drawing_files.MAX_BYTES)
    path.write_bytes(largest)
    assert drawing_files.read_drawings(tmp_path)[1].tolist() == [3]
    assert count_in_page(largest.decode()) == 1
    path.write_bytes(largest + b" ")
    with pytest.raises(ValueError, match=r"^a\.json: got another file"):
        drawing_files.read_drawings(tmp_path)
    assert count_in_page((largest + b" ").decode()) is None
    path.write_bytes(file_of_drawings(DOT))
    for content in BAD:
        (tmp_path / "b.json").write_bytes(content)
        with pytest.raises(ValueError, match=r"^b\.json: got another file .* Move it out"):
            drawing_files.read_drawings(tmp_path)
        assert count_in_page(content.decode()) is None


def test_both_sides_refuse_the_same_names_that_nobody_can_see():
    assigned = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) not in ("Cn", "Cs")]
    names = [*assigned, "\u200d\ufe0f", "", "\ufe0f ", "a\u3164", "a\u2800"]
    refused = run_in_node("pad/drawing_file.js", "names => names.map(isName)", names)
    other = [name for name, is_name in zip(names, refused, strict=True) if is_name != accepts(name)]
    assert other == []
    assert (
        not accepts("\N{HANGUL FILLER}") and accepts("\u2764\ufe0f") and accepts("\u845b\U000e0100")
    )


def accepts(name):
    """Tell whether Python takes a name for the name of a class."""
    with suppress(ValueError):
        return bool(classes.check_names([name, "another"]))
    return False
