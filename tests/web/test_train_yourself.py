"""Train it yourself: drawings are kept, learned and saved; the network is taken home."""

import re

import pytest
from playwright.sync_api import expect

from helpers.drawing import collected
from helpers.web import take_home, train
from tests.browser import ONE, SEVEN, Pad, axe_violations, maps, read_step, show_widget, watch

NAMES = ["<b>", "\u05d0\u05d1", "\U0001f469\u200d\U0001f52c"]
SIGNS = [ONE, SEVEN, [[[60, 60], [220, 60], [220, 220], [60, 220], [60, 60]]]]
COUNT_WORKERS = """alive = 0; Worker = class extends Worker {
    constructor(url) { super(url); alive += 1; }
    terminate() { super.terminate(); alive -= 1; }
}; 0"""
CURVES = """[document.querySelector("[data-name=filters] canvas").toDataURL(),
    ...[...document.querySelectorAll("polyline")].map((line) => line.getAttribute("points"))]"""
SILENT = """const wait = setTimeout; setTimeout = (go, time) => wait(go, Math.min(time, 2000));
Worker = class extends Worker { postMessage() {} }; 0"""
NO_MEMORY = """read = Response.prototype.arrayBuffer;
Response.prototype.arrayBuffer = async () => { throw new RangeError(); }; 0"""
FAIL = "Worker = class extends Worker { constructor() { super('data:,throw 1'); } }; 0"
VALUES = "settings => settings.map(setting => setting.value)"


@pytest.fixture
def path(shipped_model, monkeypatch):
    """The file to take home, with 50 validation images, of which it misreads two."""
    whole = train.digits
    monkeypatch.setattr(train, "FIT", 50_300)
    monkeypatch.setattr(train, "digits", lambda x, y, n: whole(x[:50_350], y[:50_350], n))
    return take_home.write(shipped_model, "Ada's")


def wait_for(page, pattern):
    """Wait until the status fits, however long it takes."""
    page.locator(".train-status", has_text=re.compile(pattern)).wait_for(timeout=120_000)


def press(page, name):
    page.locator(".train").get_by_role("button", name=name, exact=True).click()


def choose(page, name, option):
    page.locator("label", has_text=name).locator("select").select_option(label=option)


def view(chromium, change_workers):
    """Return a page on which networks train, and the list of what is wrong there."""
    page = chromium.new_page()
    page.set_default_timeout(120_000)
    wrong = watch(page)
    page.evaluate(change_workers)
    show_widget(page, train.TrainingView())
    choose(page, "Network", "one layer: ten images of weights (softmax regression)")
    return page, wrong


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
    wait_for(page, rf"{learned} Of 50 digits.*, it reads (4[4-9]|50) \(before: 48\)")
    page.get_by_role("link", name="A link to").click()  # which takes nothing back
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
    assert maps(page) == before and page.inner_text(".train-status") == ""


def test_three_own_signs_are_drawn_learned_saved_and_read_by_name(opened, path, tmp_path):
    page = opened(path)
    settings = page.locator(".train :is(select, input[type=number])")
    page.evaluate("location.hash = '#train=small,own,0.003,17,7'")  # no such batch: it is ignored
    assert settings.evaluate_all(VALUES) == ["trained", "both", "0.0007", "32", "1"]
    page.evaluate("location.hash = '#train=small,own,0.003,16,7'")
    page.get_by_role("link", name="A link to").wait_for()
    assert settings.evaluate_all(VALUES) == ["small", "own", "0.003", "16", "7"]
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
    wait_for(page, "^Steps: [0-9]+,.* It reads 3 of your 3 drawings")
    press(page, "Pause")
    press(page, "Use these names")  # which are the same, so what was learned stays
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
    page.locator("textarea").fill("\n".join(NAMES[::-1]))
    press(page, "Use these names")  # in another order, each drawing keeps its own
    drawings, _rendered = collected.read_file(save(page, "Save the drawings", tmp_path), NAMES)
    assert [drawing["label"] for drawing in drawings] == [0, 2, 1]
    press(page, "Train")
    for _drawing in drawings:
        page.locator(".train li button").first.click()
    wait_for(page, "^Draw each sign three times")


def test_a_network_learns_step_by_step_pauses_and_begins_again(chromium):
    page, wrong = view(chromium, COUNT_WORKERS)
    page.evaluate(NO_MEMORY)
    press(page, "Step")
    wait_for(page, "^This device lacks memory")
    page.evaluate("Response.prototype.arrayBuffer = read; 0")
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64")
    press(page, "Train")
    wait_for(page, r"Of 500 digits that it doesn't learn from, it reads [3-4]\d\d")
    press(page, "Pause")
    expect(page.locator(".pad-answer")).to_contain_text("The network says")
    assert 10 < page.locator("[data-name=mistakes] canvas").count() <= 24
    choose(page, "Images to learn from", "100 of MNIST, with shuffled labels")
    press(page, "Begin again")
    press(page, "Train")  # it learns by heart what can't be understood
    press(page, "Keep this curve")
    wait_for(page, r"(9\d\.\d|100\.0)%\. +Of 500 digits.*, it reads [12]?\d?\d ")
    press(page, "Pause")
    choose(page, "Network", "small: two convolutions")
    choose(page, "Learning rate", "0.1")
    press(page, "Keep this curve")  # there is none yet, so the one before stays
    assert "learning rate 0.003" in page.inner_text("[data-name=kept]")
    press(page, "Train")
    wait_for(page, r"^Steps: ([2-9]|\d\d)")  # one probability was rounded to 0, and it goes on
    press(page, "Pause")
    assert page.evaluate("alive") > 0
    page.evaluate("end()")
    assert page.evaluate("alive") == 0 and wrong == []


def test_one_step_is_shown_in_numbers(chromium):
    page, wrong = view(chromium, COUNT_WORKERS)
    choose(page, "Network", "small: two convolutions")
    for number in (1, 2, 3, 4):  # at the last, no two biases are the same
        press(page, "Step")
        wait_for(page, f"^Steps: {number}, ")
    kernels = page.locator("[data-name=filters] canvas")
    box = kernels.bounding_box()
    kernels.click(position={"x": 0.3 * box["width"], "y": 0.7 * box["height"]})
    numbers = page.locator("[data-name=numbers]")
    shown = [read_step(page)]
    numbers.get_by_role("group", name="Kernel").locator("button").nth(3).click()
    shown.append(read_step(page))
    for key in ("ArrowRight", "ArrowDown", "Enter"):  # the first one marks the first kernel
        kernels.press(key)
    page.keyboard.press("ArrowRight")  # from the weight to the bias
    assert len({*shown, read_step(page)}) == 3
    assert axe_violations(page, ".viewer") == []
    number = numbers.locator(".explain-title[aria-live]:visible").inner_text()
    for text in ("image ", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense"):
        numbers.locator(".explain-step .pad-button:visible", has_text=text).first.click()
    expect(numbers).to_contain_text("p \u2212 y, the error")
    read_step(page)  # of a weight of the last layer
    while (back := numbers.get_by_role("button", name="Back to where")).is_visible():
        back.click()
    assert numbers.locator(".explain-title[aria-live]:visible").inner_text() == number
    page.keyboard.press("Escape")
    expect(numbers.locator(".explain:visible")).to_have_count(0)
    press(page, "Begin again")
    expect(page.locator(".train")).to_contain_text("press Step")
    assert numbers.inner_text() == "" and wrong == []


def test_where_workers_fail_the_page_itself_trains_the_same_and_says_so(chromium):
    shown = []
    for change, fails in (COUNT_WORKERS, False), (FAIL, True), (SILENT, True):
        page, _wrong = view(chromium, change)
        page.get_by_label("Seed").fill("7")
        press(page, "Step")
        wait_for(page, "^Steps: 1, images: 64")
        assert ("A worker of the browser has failed" in page.inner_text(".train")) == fails
        shown.append(page.evaluate(CURVES))
    assert shown[0] == shown[1] == shown[2]

    press(page, "Keep this curve")
    page.get_by_label("Look inside").check()
    assert page.locator(".viewer-layer:visible").count() == 3
    press(page, "Begin again")  # from the same start
    untrained = maps(page)
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64")
    filters, kept, _training, validation, *_accuracy = page.evaluate(CURVES)
    assert kept == validation == shown[0][3] and filters == shown[0][0]
    trained = maps(page)
    assert untrained[0] == trained[0] and untrained[2] != trained[2]  # the image, and the answer
    page.evaluate("Math.log = () => NaN; 0")
    press(page, "Step")
    wait_for(page, "It diverged")
