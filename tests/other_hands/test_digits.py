"""Digits by other hands: collected in a browser and read back; files from elsewhere."""

import json

import numpy as np
import pytest

from helpers import evaluation, mnist
from helpers.drawing import to_mnist
from helpers.drawing.strokes import render_strokes
from helpers.other_hands import digits
from helpers.web import take_home
from tests.browser import ONE, SEVEN, TWO, Pad
from tests.cells import code_cells, run

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
    drawings, labels, writers = digits.read(tmp_path)
    assert labels.tolist() == [0] + 3 * [*range(10)] and writers.tolist() == [0] + 30 * [1]
    assert (drawings[0] != render_strokes(ONE)).mean() < 0.01
    assert (drawings[30] == render_strokes([[[130, 120]]])).all()


BAD = [b"[" * 100_000, b"[]", as_file(DOT, version=2), as_file(*[DOT] * 601)]
BAD += [as_file(DOT | {"strokes": strokes}) for strokes in ([], [["x"]], [[[1, 1]] * 600_000])]
BAD += [as_file(DOT | {"label": label}) for label in (10, "3")]


def test_a_file_from_elsewhere_is_named_and_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(as_file(DOT))
    assert digits.read(tmp_path)[1].tolist() == [3]
    for content in BAD:
        (tmp_path / "b.json").write_bytes(content)
        with pytest.raises(
            ValueError, match=r"^b\.json: got .*, expected one that the drawing pad has saved"
        ):
            digits.read(tmp_path)


def test_the_lesson_reads_a_class_writer_by_writer(tmp_path, monkeypatch, shipped_model, capsys):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    (cell,) = (c.source for c in code_cells("extras/other_hands") if "digits.read(" in c.source)
    names = {"np": np, "mnist": mnist, "digits": digits, "to_mnist": to_mnist}
    names |= {"accuracy_interval": evaluation.accuracy_interval, "mixed": shipped_model}
    names["read"] = lambda network, images: network(mnist.prepare(images)).numpy().argmax(axis=1)
    names["model"] = shipped_model
    (tmp_path / "digits").mkdir()
    for name, strokes in (("a", ONE), ("b", SEVEN)):  # the second isn't what was asked
        content = as_file(*[{"label": 1, "strokes": strokes}] * 3)
        (tmp_path / "digits" / f"{name}.json").write_bytes(content)
    run(cell, names)
    printed = capsys.readouterr().out
    assert "writer 0, as it came: 3 of 3, 95% interval 0.44 to 1.00" in printed
    assert "writer 1, as it came: 0 of 3, 95% interval 0.00 to 0.56" in printed


def test_scikit_learns_digits_come_form_by_form():
    _drawings, labels, writers = digits.from_scikit_learn()
    for writer in range(14):
        assert labels[writers == writer][1:9].tolist() == [*range(1, 9)]
