"""Digits by other hands: collected in a browser and read back; files from elsewhere."""

import json

import numpy as np
import pytest

from helpers.drawing.strokes import render_strokes
from helpers.other_hands import digits
from helpers.web import take_home
from tests.browser import ONE, SEVEN, TWO, Pad, place, watch

DOT = [{"label": 3, "strokes": [[[140, 140]]]}]
KEYS = [" ", *["ArrowDown"] * 9, " ", *["ArrowUp"] * 4, " ", *["ArrowRight"] * 5, " "]
BY_KEYS = [[[140, 140], [140, 230]], [[140, 190], [190, 190]]]


@pytest.fixture(scope="module")
def path(shipped_model):
    return take_home.write(shipped_model)


@pytest.fixture
def collect(chromium, path):
    """A function that opens the file to take home and begins; afterwards nothing was wrong."""
    problems = []

    def collect(**options):
        page = chromium.new_context(offline=True, **options).new_page()
        problems.append(watch(page, path.as_uri()))
        page.goto(path.as_uri())
        pad = Pad(page.locator(".pad"))
        pad.press("Collect my digits")
        return pad

    yield collect
    assert not any(problems), problems


def asked(pad):
    return pad.root.locator(".pad-asked").inner_text()


def save(pad, path):
    with pad.page.expect_download() as download:
        pad.press("Save")
    assert download.value.suggested_filename == "my_digits.json"
    download.value.save_as(path)
    return json.loads(path.read_text())["digits"]


def touch(pad, strokes):
    session = pad.page.context.new_cdp_session(pad.page)
    for stroke in strokes:
        points = [dict(zip("xy", place(pad.paper, *at), strict=True)) for at in stroke]
        kinds = ["touchStart", *["touchMove"] * len(stroke[1:]), "touchEnd"]
        for kind, at in zip(kinds, [*points, None], strict=True):
            touched = {"type": kind, "touchPoints": [at] if at else []}
            session.send("Input.dispatchTouchEvent", touched)


def press(pad, keys):
    for key in keys:
        pad.page.keyboard.press(key)


def test_digits_drawn_by_mouse_finger_and_keyboard_are_read_back(collect, tmp_path):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    ways = [("0 mouse", {}, Pad.draw), ("1 finger", phone, touch), ("2 keys", {}, press)]
    for name, options, draw in ways:
        pad = collect(**options)
        for what in (KEYS, KEYS) if draw is press else (SEVEN, ONE):
            draw(pad, what)
            ink = pad.ink()
            pad.press("Next")
            assert pad.ink() == 0
        kept = save(pad, tmp_path / f"{name}.json")
        assert [one["label"] for one in kept] == [0, 1]
        drawn = render_strokes(kept[1]["strokes"])
        assert abs((drawn > 127).sum() - ink) < 0.06 * ink  # as the pad has shown it
        wanted = BY_KEYS if draw is press else SEVEN
        for stroke, end in zip(kept[0]["strokes"], wanted, strict=True):
            np.testing.assert_allclose([stroke[0], stroke[-1]], [end[0], end[-1]], atol=1)
    drawings, labels, writers = digits.read(tmp_path)
    assert labels.tolist() == [0, 1] * 3 and writers.tolist() == [0, 0, 1, 1, 2, 2]
    for drawing, strokes in zip(drawings, (SEVEN, ONE, SEVEN, ONE, BY_KEYS), strict=False):
        assert (drawing != render_strokes(strokes)).mean() < 0.01


def test_an_empty_pad_is_not_kept_stop_keeps_and_thirty_are_the_end(collect, tmp_path):
    pad = collect()
    answers = pad.root.locator(".pad-answer, .pad-result").or_(pad.page.locator(".viewer-maps"))
    assert not any(one.is_visible() for one in answers.all())
    pad.load(TWO)  # no strokes
    pad.shows_ink()
    pad.press("Next")
    assert asked(pad) == "The pad is empty. Draw a 0, then press Next."
    pad.draw(ONE)
    pad.press("Undo")
    pad.press("Next")
    pad.press("Stop")
    assert asked(pad) == "" and all(one.is_visible() for one in answers.all())
    assert pad.root.get_by_role("button", name="Save").count() == 0
    pad.press("Collect my digits")
    pad.draw(ONE)
    pad.press("Next")
    assert asked(pad) == "Draw a 1 (2 of 30), then press Next."
    pad.press("Stop")
    assert [one["label"] for one in save(pad, tmp_path / "a.json")] == [0]
    pad.press("Collect my digits")  # of the next writer
    for _digit in range(30):
        press(pad, "  ")  # a dot: the paper has the keyboard
        pad.press("Next")
    assert asked(pad) == "30 of 30 kept."
    kept = save(pad, tmp_path / "b.json")
    assert [one["label"] for one in kept] == 3 * [*range(10)]
    assert digits.read(tmp_path)[2].tolist() == [0] + [1] * 30


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b"\xff\xfe",
        b"[]",
        json.dumps({"hello-mnist digits": 2, "digits": DOT}).encode(),
        json.dumps({"hello-mnist digits": 1, "digits": DOT * 301}).encode(),
        json.dumps({"hello-mnist digits": 1, "digits": [DOT[0] | {"label": 10}]}).encode(),
        json.dumps({"hello-mnist digits": 1, "digits": [DOT[0] | {"label": True}]}).encode(),
        json.dumps({"hello-mnist digits": 1, "digits": [DOT[0] | {"strokes": []}]}).encode(),
        json.dumps({"hello-mnist digits": 1, "digits": [DOT[0] | {"strokes": [["x"]]}]}).encode(),
        json.dumps({"hello-mnist digits": 1, "digits": DOT}).encode().ljust(4_000_001),
    ],
    ids=range(11),
)
def test_a_file_from_elsewhere_is_named_and_refused(content, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"hello-mnist digits": 1, "digits": DOT}))
    assert digits.read(tmp_path)[1].tolist() == [3]
    (tmp_path / "b.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"^b\.json: got .*, expected my_digits\.json"):
        digits.read(tmp_path)


def test_scikit_learns_digits_come_sheet_by_sheet():
    drawings, labels, writers = digits.from_scikit_learn()
    assert drawings.shape == (1797, 280, 280) and np.unique(writers).tolist() == [*range(14)]
    for writer in range(14):  # each began with the same row, of which some digits are missing
        begin = "".join(map(str, labels[writers == writer][:60]))
        assert "8909556509898417735" in begin or "789095565098984177" in begin
    assert not digits.read("no such folder")[0].size
