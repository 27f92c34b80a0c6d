"""Drawings that the pad collects: asked for in a browser, saved and read back; foreign files."""

import json

import pytest

from helpers.drawing import collected
from helpers.drawing.strokes import render_strokes
from helpers.web import take_home
from tests.browser import ONE, TWO, Pad

DOT = {"label": 3, "strokes": [[[140, 140]]]}


def as_file(*digits, version=1):
    return json.dumps({"hello-mnist digits": version, "digits": digits}).encode()


@pytest.fixture
def pad(opened, shipped_model):
    """The pad of the file to take home, which collects."""
    pad = Pad(opened(take_home.write(shipped_model)).locator(".pad"))
    pad.press("Collect my digits")
    return pad


def asked(pad):
    return pad.root.locator(".pad-asked").inner_text()


def save(pad, path):
    with pad.page.expect_download() as download:
        pad.press("Save")
    assert download.value.suggested_filename == "my_digits.json"
    download.value.save_as(path)


def test_an_empty_pad_is_not_kept_stop_keeps_and_thirty_are_the_end(pad, tmp_path):
    pad.load(TWO)  # no strokes
    pad.shows_ink()
    pad.press("Next")
    assert asked(pad) == "The pad is empty. Draw a 0, then press Next."
    assert pad.root.locator(".pad-result").is_hidden()  # nobody writes for the network
    pad.draw(ONE)
    pad.press("Undo")
    pad.press("Next")
    pad.press("Stop")
    assert asked(pad) == ""
    assert pad.root.get_by_role("button", name="Save").count() == 0
    pad.press("Collect my digits")
    pad.draw(ONE)
    pad.press("Next")
    assert asked(pad) == "Draw a 1 (2 of 30), then press Next."
    pad.press("Stop")
    save(pad, tmp_path / "a.json")
    pad.press("Collect my digits")  # of the next writer
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft"):
        pad.page.keyboard.press(key)
    for _digit in range(30):
        pad.page.keyboard.type("  ")  # a dot: the paper has the keyboard
        pad.press("Next")
    assert asked(pad) == "30 of 30 kept."
    save(pad, tmp_path / "b.json")
    drawings, labels, writers = collected.read(tmp_path)
    assert labels.tolist() == [0] + 3 * [*range(10)] and writers.tolist() == [0] + 30 * [1]
    assert (drawings[0] != render_strokes(ONE)).mean() < 0.01
    assert (drawings[30] == render_strokes([[[130, 120]]])).all()


BAD = [b"[" * 100_000, b"[]", as_file(DOT, version=2), as_file(*[DOT] * 601)]
BAD += [as_file(DOT | {"strokes": strokes}) for strokes in ([], [["x"]], [[[1, 1]] * 600_000])]
BAD += [as_file(DOT | {"label": label}) for label in (10, "3")]


def test_a_file_from_elsewhere_is_named_and_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(as_file(DOT))
    assert collected.read(tmp_path)[1].tolist() == [3]
    for content in BAD:
        (tmp_path / "b.json").write_bytes(content)
        with pytest.raises(ValueError, match=r"^b\.json: got another file .* Take it out"):
            collected.read(tmp_path)
