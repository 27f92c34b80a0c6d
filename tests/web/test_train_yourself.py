"""Train it yourself: drawings are kept, learned and saved; the network is taken home."""

import re

import pytest

from helpers.drawing import collected
from helpers.web import take_home, train
from tests.browser import ONE, SEVEN, Pad, axe_violations, maps

NAMES = ["<b>", "\u05d0\u05d1", "\U0001f469\u200d\U0001f52c"]
SIGNS = [ONE, SEVEN, [[[60, 60], [220, 60], [220, 220], [60, 220], [60, 60]]]]
VALUES = "settings => settings.map(setting => setting.value)"


@pytest.fixture
def path(shipped_model, monkeypatch):
    """The file to take home, with 50 validation images, of which it misreads two."""
    whole = train.digits
    monkeypatch.setattr(train, "FIT", 50_300)
    few = lambda *known: whole(*(array[:50_350] for array in known[:2]), *known[2:])  # noqa: E731
    monkeypatch.setattr(train, "digits", few)
    return take_home.write(shipped_model, "Ada's")


def said(page, pattern):
    """Wait until the status fits, however long it takes, and return the groups in it."""
    status = page.locator(".train-status", has_text=re.compile(pattern))
    status.wait_for(timeout=120_000)
    return [int(number) for number in re.search(pattern, status.inner_text()).groups()]


def press(page, name):
    page.locator(".train").get_by_role("button", name=name, exact=True).click()


def save(page, name, folder):
    with page.expect_download() as download:
        press(page, name)
    download.value.save_as(folder / download.value.suggested_filename)
    return folder / download.value.suggested_filename


def test_a_wrong_answer_is_corrected_by_one_tap_and_taken_home(opened, path, tmp_path):
    page = opened(path)
    pad, group = Pad(page.locator(".pad")), page.get_by_role("group", name="Wrong?")
    assert group.count() == 0  # what it begins with is nobody's
    pad.draw(SEVEN)
    pad.says("The network says 7")
    before = maps(page)
    group.get_by_role("button", name="2").click()
    learned = r"^Steps: 10, images: 250.* It reads 1 of your 1 drawings \(before: 0\)\."
    assert (
        said(
            page,
            rf"{learned} Of 50 digits.*, it reads (\d+) \(before: 48\)",
        )[0]
        >= 44
    )
    pad.says("The network says 2")
    assert page.locator(".train li").inner_text().startswith("7 \N{RIGHTWARDS ARROW} 2")
    after = maps(page)
    assert before[0] == after[0] and all(a != b for a, b in zip(before[1:], after[1:], strict=True))

    home = opened(save(page, "Take it home", tmp_path))
    assert home.title() == home.inner_text("h1") == "Ada's"
    Pad(home.locator(".pad")).draw(SEVEN)
    Pad(home.locator(".pad")).says("The network says 2")
    assert maps(home) == after
    press(page, "Begin again")
    pad.says("The network says 7")
    assert maps(page) == before


def test_three_own_signs_are_drawn_learned_saved_and_read_by_name(opened, path, tmp_path):
    page = opened(path)
    settings = page.locator(".train :is(select, input[type=number])")
    page.evaluate("location.hash = '#train=small,own,0.003,17,7'")  # no such batch: it is ignored
    assert settings.evaluate_all(VALUES) == ["trained", "both", "0.0007", "32", "1"]
    page.evaluate("location.hash = '#train=small,own,0.003,16,7'")
    page.get_by_role("link", name="A link to").wait_for()
    assert settings.evaluate_all(VALUES) == ["small", "own", "0.003", "16", "7"]
    press(page, "Train")
    said(page, "Draw each of them three times")
    pad, names = Pad(page.locator(".pad")), page.locator("textarea")
    names.fill("\n".join(NAMES))
    press(page, "Use these names")
    for name, sign in zip(NAMES, SIGNS, strict=True):
        pad.draw(sign)
        press(page, name)
    page.locator(".train li button").nth(1).click()
    pad.draw(SEVEN)
    press(page, NAMES[1])
    press(page, "Train")
    said(page, "^Steps: [0-9]+,.* It reads 3 of your 3 drawings")
    press(page, "Pause")
    for name, sign in zip(NAMES, SIGNS, strict=True):
        pad.press("Clear")
        pad.draw(sign)
        pad.root.locator(".pad-best .pad-class", has_text=name).wait_for()
    assert axe_violations(page) == []
    file, home = (save(page, name, tmp_path) for name in ("Save the drawings", "Take it home"))
    drawings, _rendered = collected.read_file(file, NAMES[::-1])
    assert [drawing["label"] for drawing in drawings] == [2, 0, 1]

    page = opened(home, color_scheme="dark", viewport={"width": 390, "height": 844})
    page.locator(".pad-best .pad-class", has_text=NAMES[0]).wait_for()  # of its first drawing
    page = opened(path)
    page.locator("summary").click()
    page.locator(".train .pad-file").set_input_files(file)
    page.locator(".train li", has_text=NAMES[1]).wait_for()
    assert page.locator(".pad-class").all_inner_texts() == NAMES
