"""Teach it your hand: a corrected drawing is learned, what that costs is told, and it is undone."""

import re

import numpy as np

from helpers.drawing import collected
from helpers.drawing.strokes import render_strokes
from helpers.web import scripts, take_home, train
from tests.browser import PICTURES, SEVEN, Pad

OTHERS = re.compile(r"and (\d+) of 100 other digits \(untaught: 98\)")


def said(page, pattern):
    """Wait for a message of the teacher's, and return the groups in it."""
    status = page.locator(".teach-status", has_text=pattern)
    status.wait_for(timeout=300_000)
    return re.search(pattern, status.inner_text()).groups()


def test_a_drawing_is_learned_with_and_without_rehearsal_saved_loaded_and_forgotten(
    opened, shipped_model, tmp_path, monkeypatch
):
    def pack(known, others):  # in place of 500 others, 100, of which two are misread
        return whole(known, [array[440:540] for array in others])

    whole = train.pack
    monkeypatch.setattr(train, "pack", pack)
    page, file = opened(take_home.write(shipped_model)), tmp_path / "my_digits.json"
    pad, group = Pad(page.locator(".pad")), page.get_by_role("group", name="Wrong?")
    assert group.count() == 0  # what it begins with is nobody's
    pad.draw(SEVEN)
    pad.says("The network says 7")
    maps = page.locator(".viewer-layer > .map > canvas")
    before = maps.evaluate_all(PICTURES)
    group.get_by_role("button", name="2").click()
    (rehearsed,) = map(int, said(page, OTHERS))
    assert rehearsed > 95
    pad.says("The network says 2")
    assert page.locator(".teach li").all_inner_texts() == ["7 \N{RIGHTWARDS ARROW} 2"]
    assert all(a != b for a, b in zip(before[1:], maps.evaluate_all(PICTURES)[1:], strict=True))

    with page.expect_download() as download:
        page.get_by_role("button", name="Save the drawings").click()
    download.value.save_as(file)
    drawings, labels, _writers = collected.read(tmp_path)
    assert labels.tolist() == [2] and np.abs(drawings[0] - render_strokes(SEVEN)).mean() < 2

    page.get_by_role("button", name="Forget it").click()
    pad.says("The network says 7")
    assert maps.evaluate_all(PICTURES) == before and page.locator(".teach li").count() == 0
    page.get_by_label("without old digits").check()
    page.locator(".teach .pad-file").set_input_files(file)
    (alone,) = map(int, said(page, OTHERS))
    pad.says("The network says 2")
    assert alone < rehearsed


def test_the_page_reads_files_as_large_as_python_does(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("teach.js"))
    assert page.evaluate("[COUNT, BYTES]") == [collected.MOST, collected.LARGEST]
