"""Digits by other hands: collected in a browser and read back; files from elsewhere."""

import json

import numpy as np
import pytest

from helpers import evaluation, mnist
from helpers.drawing import to_mnist
from helpers.drawing.strokes import render_strokes
from helpers.other_hands import digits
from helpers.web import take_home
from tests.browser import ONE, SEVEN, TWO, Pad, place, watch
from tests.cells import code_cells, run

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DOT = {"label": 3, "strokes": [[[140, 140]]]}
KEYS = [" ", *["ArrowDown"] * 9, " ", *["ArrowUp"] * 4, " ", *["ArrowRight"] * 5, " "]
BY_KEYS = [[[140, 140], [140, 230]], [[140, 190], [190, 190]]]


def as_file(*digits, version=1):
    return json.dumps({"hello-mnist digits": version, "digits": digits}).encode()


@pytest.fixture
def collect(chromium, shipped_model):
    """A function that opens the file to take home and begins; afterwards nothing was wrong."""
    path, problems = take_home.write(shipped_model), []

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
    for first, *others in strokes:
        for kind, at in ("Start", first), *(("Move", at) for at in others), ("End", None):
            points = [dict(zip("xy", place(pad.paper, *at), strict=True))] if at else []
            touched = {"type": f"touch{kind}", "touchPoints": points}
            session.send("Input.dispatchTouchEvent", touched)


def press(pad, keys):
    for key in keys:
        pad.page.keyboard.press(key)


def test_digits_drawn_by_mouse_finger_and_keyboard_are_read_back(collect, tmp_path):
    for draw, options, hand, strokes in (
        (Pad.draw, {}, SEVEN, SEVEN),
        (press, {}, KEYS, BY_KEYS),
        (touch, PHONE, SEVEN, SEVEN),
    ):
        pad = collect(**options)
        draw(pad, hand)
        ink = pad.ink()
        pad.press("Next")
        assert pad.ink() == 0
        (kept,) = save(pad, tmp_path / f"{draw.__name__}.json")
        for stroke, drawn in zip(kept["strokes"], strokes, strict=True):
            np.testing.assert_allclose([stroke[0], stroke[-1]], [drawn[0], drawn[-1]], atol=1)
        drawing = digits.read(tmp_path)[0][-1]  # of the last file: the names are in order
        assert (drawing != render_strokes(strokes)).mean() < 0.01
        assert abs((drawing > 127).sum() - ink) < 0.06 * ink  # as the pad has shown it
    assert digits.read(tmp_path)[1].tolist() == [0] * 3
    assert digits.read(tmp_path)[2].tolist() == [0, 1, 2]


def test_an_empty_pad_is_not_kept_stop_keeps_and_thirty_are_the_end(collect, tmp_path):
    pad = collect()
    answers = [
        *pad.root.locator(".pad-answer, .pad-result").all(),
        pad.page.locator(".viewer-maps"),
    ]
    assert not any(one.is_visible() for one in answers)
    pad.load(TWO)  # no strokes
    pad.shows_ink()
    pad.press("Next")
    assert asked(pad) == "The pad is empty. Draw a 0, then press Next."
    pad.draw(ONE)
    pad.press("Undo")
    pad.press("Next")
    pad.press("Stop")
    assert asked(pad) == "" and all(one.is_visible() for one in answers)
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


BAD = [b"", b"[" * 100_000, b"\xff", b"[]", as_file(DOT, version=2), as_file(*[DOT] * 301)]
BAD += [
    as_file(DOT | {"strokes": [[[1, 1]] * 600_000]}),
    *(as_file(DOT | {"label": n}) for n in (10, True, "3")),
]
BAD += [as_file(DOT | {"strokes": strokes}) for strokes in ([], [["x"]], [[[1e999, 0]]])]


@pytest.mark.parametrize("content", BAD, ids=range(len(BAD)))
def test_a_file_from_elsewhere_is_named_and_refused(content, tmp_path):
    (tmp_path / "a.json").write_bytes(as_file(DOT))
    assert digits.read(tmp_path)[1].tolist() == [3]
    (tmp_path / "b.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"^b\.json: got .*, expected my_digits\.json"):
        digits.read(tmp_path)


def test_the_lesson_reads_a_class_writer_by_writer(tmp_path, monkeypatch, shipped_model, capsys):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    (cell,) = (one.source for one in code_cells("extras/other_hands") if ".read(" in one.source)
    names = {"np": np, "mnist": mnist, "digits": digits, "to_mnist": to_mnist}
    names |= {"accuracy_interval": evaluation.accuracy_interval, "mixed": shipped_model}
    names["read"] = lambda network, images: network(mnist.prepare(images)).numpy().argmax(axis=1)
    names["model"] = shipped_model
    run(cell, names)
    (tmp_path / "digits").mkdir()
    for name, strokes in (("a", ONE), ("b", SEVEN)):  # the second isn't what was asked
        content = as_file(*[{"label": 1, "strokes": strokes}] * 3)
        (tmp_path / "digits" / f"{name}.json").write_bytes(content)
    run(cell, names)
    said = capsys.readouterr().out
    assert said.startswith("No digits yet: ") and said.count("as it came: ") == 2
    assert "writer 0, as it came: 3 of 3, 95% interval 0.44 to 1.00" in said
    assert "writer 1, as it came: 0 of 3, 95% interval 0.00 to 0.56" in said


def test_scikit_learns_digits_come_form_by_form():
    drawings, labels, writers = digits.from_scikit_learn()
    assert drawings.shape == (1797, 280, 280) and np.bincount(writers).min() > 120
    for writer in range(14):  # all copied one row, with a digit left out here and there
        assert "9556509898417735" in "".join(map(str, labels[writers == writer]))
