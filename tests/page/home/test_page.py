"""The file that a learner takes home: the pad, the maps and the numbers, in a real browser.

There is no network and no kernel, and what the pad does here it does by the same script elsewhere.
"""

import html
import io
import json
import re
import sys
from contextlib import suppress
from decimal import Decimal
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from helpers import mnist
from helpers.common.files import artifacts
from helpers.drawing.photo import drawing_from_picture
from helpers.drawing.strokes import render_strokes
from helpers.features import inputs_and_logits, layer_outputs
from helpers.plots import canvas
from helpers.widgets import take_home
from tests.browser import (
    COUNT_INK,
    NO_MEMORY,
    ONE,
    SEVEN,
    TWO,
    Pad,
    axe_violations,
    map_pictures,
    page_with,
    picture_file,
    turn_phone,
)
from tests.networks import network
from tests.node import run_in_node

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"width": 1280, "height": 800}
TEXT_BOX = """() => { const range = document.createRange();
    range.selectNodeContents(document.querySelector(".pad-answer"));
    return range.getBoundingClientRect().toJSON(); }"""
TITLE = "My 'own' <script>alert(1)</script> & network"
SHOWN = ".explain:not([hidden])"
LAYERS = ["image", "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense"]
# No connection, and of scripts and styles the page's own, whose digests stand there.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {0} "
POLICY += "'wasm-unsafe-eval'; style-src {0}; worker-src blob:"  # the script makes workers


@pytest.fixture(scope="module")
def path(shipped_model):
    return take_home.write_page(shipped_model, TITLE).path


@pytest.fixture
def pad(opened, path):
    return Pad(opened(path).locator(".pad"))


def layer(page, step):
    """Return the part of the page for a layer; 0 is the image."""
    return page.locator(".viewer-layer").nth(step)


def says(page):
    return page.locator(SHOWN).inner_text().replace("\N{MINUS SIGN}", "-")


def test_one_file_escapes_texts_and_loads_nothing(opened, path, shipped_model, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", colab := Mock())
    take_home.write_page(shipped_model, TITLE)
    colab.files.download.assert_called_once_with(str(path))  # which Colab offers
    assert path == artifacts() / "my_network.html" and path.stat().st_size < 1_100_000
    text = path.read_text(encoding="utf-8")
    assert html.escape(TITLE) in text and not re.search(r"<script>alert|https?://", text)
    page = opened(path)
    assert page.title() == page.inner_text("h1") == TITLE
    page.locator("[data-name=home] summary").click()
    page.locator("[data-name=title]").fill("Ada's")
    assert page.title() == page.inner_text("h1") == "Ada's"
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert re.sub(r"'sha256-[\w+/=]{44}'", "{0}", policy) == POLICY
    # The smallest module there is: WebAssembly must be allowed, or else training takes longer.
    assert page.evaluate("new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) && 1")


def test_a_drawing_changes_the_answer_and_every_map(pad):
    pad.says("The network says 5 (>99%).")  # of what it begins with; nine others have a share too
    before = map_pictures(pad.page)
    pad.draw(SEVEN)
    pad.says("The network says 7")
    after = map_pictures(pad.page)
    assert len(after) == 8 and all(a != b for a, b in zip(before, after, strict=True))


def test_the_paper_says_where_to_draw_until_the_first_stroke(pad):
    example, invitation = (pad.root.get_by_text(text) for text in ("An example.", "Draw here"))
    expect(example).to_be_visible()
    expect(invitation).to_be_hidden()
    pad.draw(ONE, lift=False)
    expect(example).to_be_hidden()
    pad.finish(140, 220)
    pad.says("The network says 1")  # the example has made room, for a 5 and a 1 are no digit
    pad.press("Clear")
    expect(invitation).to_be_visible()
    pad.is_blank()  # for the network, too
    pad.page.emulate_media(forced_colors="active", color_scheme="dark")
    colour = invitation.evaluate("node => getComputedStyle(node).color")
    assert colour == "rgb(106, 106, 106)"  # on paper that stays white
    pad.draw(ONE, lift=False)
    expect(invitation).to_be_hidden()


def test_undo_brings_back_what_clear_has_taken_and_then_takes_the_stroke(pad):
    pad.draw(SEVEN)
    ink = pad.ink()
    pad.press("Clear")
    pad.is_blank()
    pad.press("Undo")
    pad.says("The network says 7")
    assert pad.ink() == ink
    pad.press("Undo")
    pad.is_blank()


def test_ctrl_z_undoes_what_the_mouse_has_drawn_and_shows_no_frame_and_no_hint(pad):
    pad.press("Clear")
    pad.draw(SEVEN)
    one = pad.ink()
    pad.draw(ONE)
    assert pad.ink() > one
    frame = "paper => getComputedStyle(paper).outlineWidth"
    before = pad.paper.evaluate(frame)
    pad.page.keyboard.press("Control+z")
    assert pad.ink() == one  # the last stroke, once
    assert pad.paper.evaluate(frame) == before == "1px"
    assert not pad.root.locator(".pad-keys").is_visible()
    pad.press("Clear")
    pad.page.keyboard.press("Control+z")
    assert pad.ink() == one


def test_undo_brings_back_a_drawing_after_an_example_and_after_a_picture(pad):
    pad.draw(SEVEN)
    ink = pad.ink()
    for replace in (lambda: pad.press("Another example"), lambda: pad.load(TWO)):
        replace()
        pad.page.wait_for_function(
            f"ink => ({COUNT_INK})(ink) !== {ink}", arg=pad.paper.element_handle()
        )
        pad.press("Undo")
        pad.says("The network says 7")
        assert pad.ink() == ink


def test_undo_by_another_finger_ends_a_stroke_and_keeps_the_one_before(pad):
    pad.draw(ONE)
    ink = pad.ink()
    pad.draw(SEVEN, lift=False)
    pad.press_with_another_finger("Undo")
    pad.finish(250, 250)
    assert pad.ink() == ink
    pad.says("The network says 1")


def test_a_picture_is_read_and_shown_also_the_same_file_a_second_time(pad):
    for _time in range(2):
        pad.load(TWO)
        pad.says("The network says 2")
        pad.shows_ink()
        pad.draw(ONE)
        pad.says("The network says 1")


@pytest.mark.parametrize(
    ("change", "file", "text"),
    [(NO_MEMORY, TWO, "Save it smaller"), ("() => 0", TWO | {"buffer": b""}, "This file is empty")],
)
def test_a_file_that_cannot_be_read_leaves_the_drawing_and_is_named(pad, change, file, text):
    pad.draw(ONE)
    ink = pad.ink()
    pad.page.evaluate(change)
    pad.load(file)
    pad.says(text)
    assert pad.ink() == ink
    pad.draw([[[200, 60], [205, 220]]])
    pad.says("The network says")  # of what is drawn on: the fault is said no more


def test_every_example_is_shown_and_answered_as_keras_answers_it(pad, shipped_model):
    images, labels = (array[take_home.EXAMPLES] for array in mnist.load_data()[1])
    answers = shipped_model.predict(mnist.prepare(images), verbose=0).argmax(axis=1)
    assert set(labels) == set(range(10))
    assert np.flatnonzero(answers != labels).tolist() == [2, 5, 8, 11, 14, 17, 19]
    for digit in [*answers, answers[0]]:
        pad.press("Another example")
        assert pad.page.inner_text(".pad-answer").startswith(f"The network says {digit} ")
        pad.shows_ink()
    pad.draw(ONE)
    pad.says("The network says 1")


def test_an_answer_is_read_out_when_the_pen_is_up_and_not_before(pad):
    pad.draw(SEVEN, lift=False)
    pad.root.locator(".pad-answer[aria-live=off]", has_text="The network says").wait_for()
    pad.finish(100, 225)
    pad.root.locator(".pad-answer[aria-live=polite]", has_text="The network says 7").wait_for()


def test_the_way_back_shows_the_same_image_on_the_pad_and_as_the_network_sees_it(pad):
    page, seen = pad.page, "canvas => greysOf(canvas)"
    pad.draw(SEVEN)
    image = page.locator(".pad-seen").evaluate(seen)
    assert min(image) == 0
    layer(page, 1).locator("> .map > canvas").click(position={"x": 40, "y": 20})
    page.locator(SHOWN).get_by_role("button", name="Where does").first.click()
    pad.press("Another example")
    pad.draw(ONE)
    ink = pad.ink()
    page.get_by_role("button", name="Back to where I came from").click()
    assert "Conv2D 1, map" in says(page)
    pad.says("The network says 7")
    assert page.locator(".pad-seen").evaluate(seen) == image
    paper = pad.paper.evaluate(f"paper => ({COUNT_INK})(paper)")
    dark = sum(grey < 128 for grey in image)
    assert paper == pytest.approx(100 * dark, rel=0.2)  # each pixel is ten by ten on the pad
    pad.press("Undo")  # the drawing isn't lost
    assert pad.ink() == ink


def test_beside_a_slow_picture_stands_no_old_answer_and_what_is_drawn_meanwhile_stays(pad):
    pad.page.evaluate("readSlowly()")  # the pad reduces it, and only then it is looked at
    pad.load(TWO)
    pad.page.wait_for_function("() => slow.waiting.length === 1")
    pad.page.locator("[data-name=step]").evaluate("button => button.click()")  # and to learn
    expect(pad.page.locator(".train-status [data-value=steps]")).to_have_text("1")
    pad.has_no_answer()
    assert pad.page.inner_text(".pad-answer") == ""
    pad.load(TWO)  # now reducing it takes long too
    pad.page.wait_for_function("() => slow.waiting.length === 2")
    pad.draw(SEVEN, lift=False)
    pad.page.evaluate("slow.read()")
    pad.page.wait_for_timeout(200)
    expect(pad.root.locator(".pad-best .pad-class")).to_have_text("7")
    pad.finish(90, 240)
    pad.says("The network says 7")


def test_the_keyboard_draws_and_goes_from_an_answer_to_a_pixel_and_back(pad):
    page, press = pad.page, pad.page.keyboard.press
    pad.root.get_by_role("button", name="Undo").focus()
    for key in ["Shift+Tab", *["ArrowUp"] * 8, " ", *["ArrowDown"] * 16, " ", "ArrowLeft"]:
        press(key)
    pad.says("The network says 1")
    layer(page, 7).locator("canvas").first.press("Enter")
    assert "Dense, number 1: " in says(page)  # the most likely digit
    press("ArrowRight")
    assert "Dense, number 2: " in says(page)
    seen = []
    while seen[-1:] != ["image"]:
        press("Tab")
        if "Where does" in page.evaluate("document.activeElement.textContent"):
            press("Enter")
            at = "document.activeElement.closest('.viewer-layer').dataset.kind"
            seen.append(page.evaluate(at))
    assert seen == LAYERS[-2::-1] and "of 255" in says(page)
    for width, state in (390, "visible"), (1280, "detached"):  # as a phone is turned, and back
        page.set_viewport_size({"width": width, "height": 844})
        page.locator(".viewer-pad .viewer-layer").wait_for(state=state)
    page.get_by_role("button", name="Back to where I came from").click()
    assert "Conv2D 1, map" in says(page)
    press("Escape")
    assert page.locator(SHOWN).count() == 0


def test_a_bar_and_a_pixel_of_the_pad_open_their_numbers_and_a_blank_pad_opens_none(pad):
    page, press = pad.page, pad.page.keyboard.press
    page.get_by_role("button", name="What the network sees").click(position={"x": 1, "y": 79})
    assert "The image, row 26, column 0: 0.0000" in says(page)
    bar = pad.root.locator("button.pad-row").nth(9)
    bar.press("Enter")
    assert "Dense, number 9: " in says(page)
    press("Escape")  # back to the bar
    assert page.evaluate("document.activeElement.className") == "pad-row"
    pad.press("Clear")
    assert bar.is_disabled()


def test_tab_leads_to_one_bar_and_the_arrow_keys_to_all_others(pad):
    bars = pad.root.locator("button.pad-row")
    strongest = pad.root.locator(".pad-best button")
    assert bars.evaluate_all("bars => bars.filter((bar) => bar.tabIndex === 0).length") == 1
    strongest.focus()
    for key, last in (("ArrowUp", 0), ("ArrowDown", 9)):
        for _press in range(10):
            pad.page.keyboard.press(key)
        assert bars.nth(last).evaluate("bar => bar === document.activeElement")
    pad.page.keyboard.press("Enter")
    assert "Dense, number 9: " in says(pad.page)


def test_a_turned_phone_keeps_in_sight_what_was_read(opened, path):
    page = opened(path, **PHONE)
    layer(page, 5).locator("> .map > canvas").tap(position={"x": 30, "y": 10})
    places = {"an open number": page.locator(f"{SHOWN} .explain-title")}
    places["the button Train"] = page.locator("[data-name=train]")
    for name, place in places.items():
        place.evaluate("node => scrollTo(0, scrollY + node.getBoundingClientRect().top - 200)")
        for width, height in ((844, 390), (390, 844)):
            turn_phone(page, width, height)
            assert 0 <= place.bounding_box()["y"] < height - 40, (name, width)


def test_small_numbers_keep_their_digits():
    write = "(...numbers) => numbers.map((number) => written(number))"
    found = run_in_node("elements/numbers.js", write, 4e-4, -4e-6, 0, 1.25)
    assert found == ["0.00040", "\N{MINUS SIGN}4.0e-6", "0.0000", "1.2500"]


def test_colours_of_a_page_are_those_of_the_figures():
    shares = np.linspace(-1, 1, 257)
    paint = "(shares) => shares.map(colour)"
    colours = np.array(run_in_node("elements/maps.js", paint, shares.tolist()))
    assert np.abs(colours - canvas.SIGNED((shares + 1) / 2, bytes=True)[:, :3]).max() <= 1


def test_an_image_that_is_not_784_bytes_is_refused_and_not_shown_blank(chromium):
    page = page_with(chromium, "viewer/viewer.js")
    attempt = """text => { try { showImage(element("canvas"), eval(text)); return "shown"; }
        catch (error) { return error.message; } }"""
    shown = ["new Uint8Array(784)", "new DataView(new ArrayBuffer(784))", "undefined"]
    assert [page.evaluate(attempt, text) for text in shown] == ["shown"] * 3
    for text in ("new Float32Array(784)", "new Uint8Array(783)", "Array(784).fill(0.5)"):
        assert "wants 784 bytes" in page.evaluate(attempt, text)


def check_numbers(page, *expected):
    """Compare the numbers of the explanation, in their order and as they are rounded."""
    texts = re.findall(r"-?\d+(?:\.\d+)?e[+-]\d+|-?\d+\.\d+", says(page).replace(",", ""))
    expected = np.concatenate([np.ravel(part) for part in expected])
    for text, number in zip(texts, expected, strict=True):
        last_digit = 10.0 ** Decimal(text).as_tuple().exponent
        assert float(text) == pytest.approx(number, rel=1e-3, abs=0.6 * last_digit + 1e-4)


def tap(target, text, position=None):
    """Tap until the explanation has `text`; a busy browser takes a tap for a long press."""
    shown = target.page.locator(SHOWN).filter(has_text=text)
    for _attempt in range(10):
        target.tap(position=position)
        with suppress(Exception):
            return shown.wait_for(timeout=3_000)
    raise AssertionError(f"no tap leads to {text}")


def tap_number(maps, text, rows, columns, row, column):
    """Tap a number, or a map, in a grid of them."""
    box = maps.bounding_box()
    x, y = (column + 0.5) * box["width"] / columns, (row + 0.5) * box["height"] / rows
    tap(maps, text, {"x": x, "y": y})


def test_a_finger_draws_and_a_tap_leads_to_what_makes_a_number(opened, path, shipped_model):
    page, model = opened(path, **PHONE), shipped_model
    pad = Pad(page.locator(".pad"))
    pad.touch(SEVEN)
    pad.says("The network says 7")
    assert page.evaluate("scrollY") == 0  # the page has stayed where it was
    image = page.locator(".pad-seen").evaluate("canvas => greysOf(canvas)")
    image = 1 - np.reshape(image, (1, 28, 28, 1)).astype(np.float32) / 255

    # A convolution of many maps: the sum of each, and the products in one that is chosen.
    pooled = layer_outputs(model, image[0])[2][1]
    kernel, bias = model.layers[3].get_weights()
    products = pooled[4:7, 6:9] * kernel[..., 40]
    score = products.sum() + bias[40]
    parts = page.locator(f"{SHOWN} [aria-label^='What each'] button")
    tap_number(layer(page, 3).locator(".map-all > canvas"), "map 40", 8, 8, *divmod(40, 8))
    single = layer(page, 3).locator(".map:visible > canvas").last
    tap_number(single, "map 40, row 4, column 6", 11, 11, 4, 6)
    tap(parts.nth(17), "here is map 17")
    sums = [max(score, 0), products.sum(), bias[40], score, max(score, 0)]
    tables = [pooled[4:7, 6:9, 17], kernel[..., 17, 40], products[..., 17]]
    largest = [np.ravel(table)[products[..., 17].argmax()] for table in tables]
    check_numbers(page, sums, products.sum(axis=(0, 1)), *tables, largest, largest[0])

    # The last layer: nine places, a product for each map, and softmax.
    features, scores = inputs_and_logits(model, image)
    kernel, bias = model.layers[-1].get_weights()
    products = (features[0] * kernel[:, 7]).reshape(9, -1)
    tap_number(layer(page, 7).locator(".map:visible > canvas").last, "number 7", 1, 10, 0, 7)
    tap(parts.nth(8), "here are row 2, column 2")
    share = model.predict(image, verbose=0)[0, 7]
    sums = [share, products.sum(), bias[7], scores[0, 7], 2.718, scores[0, 7]]
    largest = products[:8].size + products[8].argmax()
    term = [features[0, largest], kernel[largest, 7], products[8].max(), features[0, largest]]
    powers = 2 * [np.exp(scores[0, 7]), np.exp(scores[0]).sum()]
    check_numbers(page, sums, powers, share, scores[0], products.sum(axis=1), products[8], term)

    page.set_viewport_size({"width": 844, "height": 390})  # the phone is turned
    page.locator(SHOWN).filter(has_text="number 7").wait_for()
    pad.press("Clear")
    pad.touch(ONE)
    pad.says("The network says 1")


# A window slides on when a test says so.
HOLD_CLOCK = """ticks = []; setInterval = (tick) => ticks.push(tick);
clearInterval = () => (ticks = []); 0"""
SLIDING = "ticks.length > 0"
SLIDE_ON = "ticks.forEach((tick) => tick())"


def shown_window(shown):
    """Return the place and number in the title, sum and number in the text, products, and frame."""
    title = shown.locator(".explain-title:not(.explain-unseen)").first.inner_text()
    texts = [title, shown.locator(".explain-text").inner_text()]
    title, text = (text.replace("\N{MINUS SIGN}", "-") for text in texts)
    [(row, column, number)] = re.findall(r"row (\d+), column (\d+): (\S+)$", title)
    [(total, result)] = re.findall(r"They add up to (\S+); .* (\S+)\.\n", text)
    products = shown.get_by_role("group", name="Products").locator(".number").all_inner_texts()
    products = [float(product.replace("\N{MINUS SIGN}", "-")) for product in products]
    frame = shown.locator(".map-before .map-mark").evaluate(
        "({style}) => [style.top, style.left].map((share) => 28 * parseFloat(share) / 100)"
    )
    return (int(row), int(column)), number, float(total), result, products, frame


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_the_window_slides_once_to_its_place_and_the_numbers_are_its_own(
    opened, path, is_interrupted
):
    page = opened(path, viewport={"width": 1280, "height": 900}, reduced_motion="no-preference")
    page.evaluate(HOLD_CLOCK)
    layer(page, 1).locator("> .map > canvas").click(position={"x": 40, "y": 20})
    shown = page.locator(SHOWN)
    read_out = shown.locator(".explain-title[aria-live]").text_content()
    seen, veils = [], set()
    while page.evaluate(SLIDING) and not (is_interrupted and seen):
        seen.append(shown_window(shown))
        veils.add(shown.locator(".map-veil").evaluate("veil => veil.style.clipPath"))
        page.evaluate(SLIDE_ON)
    if is_interrupted:  # what somebody wants to press stands still before it is pressed
        products = shown.get_by_role("group", name="Products").locator("button")
        products.first.dispatch_event("pointerdown")
        assert not page.evaluate(SLIDING)
    else:
        assert len(seen) == len(veils) > 5
    expect(shown.locator(".map-veil")).to_have_count(0)
    seen.append(shown_window(shown))
    for (row, column), number, total, result, products, frame in seen:
        assert number == result
        assert sum(products) == pytest.approx(total, abs=0.005)
        assert frame == pytest.approx([row, column], abs=1e-3)
    places = [row * 26 + column for (row, column), *_rest in seen]
    assert len({row for (row, _column), *_rest in seen}) == 1  # the row before shows its margin
    if not is_interrupted:
        assert places == list(range(places[0], places[-1] + 1))
    assert shown.locator(".explain-title").all_inner_texts() == [read_out]
    Pad(page.locator(".pad")).draw(SEVEN)  # the number follows the drawing, and nothing slides
    assert not page.evaluate(SLIDING)
    shown.locator(".map-one canvas").press("ArrowRight")
    assert not page.evaluate(SLIDING)


def test_nothing_slides_where_somebody_prefers_less_motion(opened, path):
    page = opened(path, reduced_motion="reduce")
    page.evaluate(HOLD_CLOCK)
    layer(page, 2).locator("> .map > canvas").click(position={"x": 40, "y": 20})
    page.locator(SHOWN).wait_for()
    assert not page.evaluate(SLIDING) and page.locator(".map-veil").count() == 0


def test_on_a_phone_the_training_is_below_the_answer_and_an_open_number_moves_no_button(
    opened, path
):
    page = opened(path, **PHONE)
    place = "node => node.getBoundingClientRect().top + scrollY"
    order = [".pad-answer", ".train-labels", "[data-name=train]", ".train-status", ".pad .map-all"]
    tops = [page.locator(part).first.evaluate(place) for part in order]
    assert tops == sorted(tops)
    assert page.locator("[data-name=train]").bounding_box()["y"] < PHONE["viewport"]["height"]
    undo, bars = page.locator("[data-name=undo]"), page.locator(".pad-bars")
    before = [node.evaluate(place) for node in (undo, bars)]
    page.locator(".pad .map-all canvas").first.tap(position={"x": 40, "y": 20})
    shown = page.locator(SHOWN)
    shown.wait_for()
    assert [node.evaluate(place) for node in (undo, bars)] == before
    assert shown.evaluate(place) > before[1]
    expect(shown.locator(".explain-title").first).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(f".viewer-maps {SHOWN}").wait_for()
    page.set_viewport_size(PHONE["viewport"])
    page.locator(f".viewer-pad > {SHOWN}").wait_for()


LARGER = """() => {
    const nodes = [...document.body.querySelectorAll("*")];
    const sizes = nodes.map((node) => parseFloat(getComputedStyle(node).fontSize));
    nodes.forEach((node, i) => node.style?.setProperty("font-size", `${1.6 * sizes[i]}px`));
}"""


def test_with_larger_text_a_phone_scrolls_nothing_sideways(opened, path):
    page = opened(path, **PHONE)
    for fold in page.locator(".train summary").all():
        fold.click()
    page.evaluate(LARGER)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_axe_finds_nothing_and_all_fits_wide_and_light_or_narrow_and_dark(opened, path):
    for width, scheme, step in ((1280, "light", 1), (390, "dark", 7)):
        page = opened(path, viewport={"width": width, "height": 800}, color_scheme=scheme)
        layer(page, step).locator("> .map > canvas").click(position={"x": 30, "y": 10})
        Pad(page.locator(".pad")).draw(SEVEN)  # the teacher asks whether the answer is wrong
        for fold in page.locator(".train summary").all():
            fold.click()
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_file_that_is_cut_off_says_so(opened, path, tmp_path):
    text = path.read_text(encoding="utf-8")
    expect(opened(path).get_by_text("This file is damaged or incomplete")).to_have_count(0)
    pages = []
    for share in (0.2, 0.6, 0.999):
        cut = tmp_path / f"cut_{share}.html"
        cut.write_text(text[: int(share * len(text))], encoding="utf-8")
        pages.append(opened(cut, expects_errors=True))
    for page in pages:  # each says so after three seconds, so they wait side by side
        expect(page.get_by_text("This file is damaged or incomplete")).to_be_visible()


def without_layers(description):
    description["layers"] = []


def of_unknown_kind(description):
    description["layers"][0]["kind"] = "Conv7D"


def with_nan(description):
    weights = description["layers"][0]["weights"]
    weights["kernel"] = "AADAf3h4" + weights["kernel"][8:]  # four bytes of NaN, and two more


def with_short_weights(description):
    weights = description["layers"][-1]["weights"]
    weights["kernel"] = weights["kernel"][:-400]


def test_without_javascript_a_whole_page_isnt_called_damaged(opened, path):
    page = opened(path, java_script_enabled=False)
    missing = page.locator("noscript")
    page.wait_for_timeout(3500)  # the sentence about a damaged file appears after three seconds
    expect(page.get_by_text("This file is damaged or incomplete")).not_to_be_visible()
    assert missing.bounding_box()["x"] == page.locator("main > p").first.bounding_box()["x"]


@pytest.mark.parametrize("damage", [without_layers, of_unknown_kind, with_nan, with_short_weights])
def test_a_page_with_a_damaged_network_says_so_and_shows_no_answer(opened, path, tmp_path, damage):
    text = path.read_text(encoding="utf-8")
    [json_text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text)
    data = json.loads(json_text)
    damage(data["description"])
    damaged = tmp_path / "damaged.html"
    damaged.write_text(text.replace(json_text, json.dumps(data)), encoding="utf-8")
    page = opened(damaged, expects_errors=True)
    expect(page.get_by_text("This file is damaged or incomplete")).to_be_visible()
    assert page.locator(".pad").count() == 0


def test_where_a_page_is_low_the_answer_and_the_button_take_two_lines_at_most(opened, path):
    page = opened(path, viewport={"width": 640, "height": 400})
    Pad(page.locator(".pad")).says("The network says")
    heights = [page.locator(name).bounding_box()["height"] for name in (".pad-answer", ".pad-main")]
    assert max(heights) <= 56, f"{heights} pixels of the answer and the button"
    assert page.locator(".pad-bar").first.bounding_box()["width"] >= 55


def test_a_long_name_stays_in_its_column_and_takes_two_lines_of_the_bars(opened, artifacts):
    model = network("one layer")
    model.classes = [f"{'W' * 19}{letter}" for letter in "abcdefghij"]
    page = opened(take_home.write_page(model, "Signs").path, viewport=DESKTOP)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    pad.says("The network says")
    text = page.evaluate(TEXT_BOX)
    assert text["right"] <= pad.root.bounding_box()["x"] + pad.root.bounding_box()["width"]
    assert pad.root.locator(".pad-row").first.bounding_box()["height"] <= 44


COVERED = """hint => {
    const {left, right, top, bottom} = hint.getBoundingClientRect();
    const isCovered = (node) => [...node.getClientRects()].some((box) => box.width &&
        box.left < right && box.right > left && box.top < bottom && box.bottom > top);
    const others = ".pad :is(button, label, canvas, p, span):not(.pad-keys)";
    return [...document.querySelectorAll(others)]
        .filter((node) => node.checkVisibility() && isCovered(node))
        .map((node) => node.outerHTML.slice(0, 80)); }"""


def test_the_hint_for_the_keyboard_covers_neither_ink_nor_a_button_and_stays(opened, path):
    for size in (DESKTOP, PHONE["viewport"], {"width": 640, "height": 400}):
        page = opened(path, viewport=size)
        pad = Pad(page.locator(".pad"))
        pad.says("The network says")
        hint = page.locator(".pad-keys")
        pad.draw(ONE)
        expect(hint).to_be_hidden()  # who draws with a mouse needs no such hint
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        expect(page.locator(".pad-paper")).to_be_focused()
        expect(hint).to_be_visible()
        assert hint.evaluate(COVERED) == [], size
        pad.press("Undo")
        expect(hint).to_be_visible()  # and nothing has moved away from the mouse


def test_a_long_name_leaves_the_bars_their_width_where_a_page_is_low(opened, artifacts):
    model = network("one layer")
    model.classes = [f"{'W' * 19}{letter}" for letter in "abcdefghij"]
    page = opened(take_home.write_page(model, "Signs").path, viewport={"width": 640, "height": 400})
    bars = page.locator(".pad-bar")
    assert min(bar.bounding_box()["width"] for bar in bars.all()) >= 60
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_a_pad_reads_no_canvas_again_and_again(opened, path):
    page = opened(path)
    read = "CanvasRenderingContext2D.prototype.getImageData"
    page.evaluate(f"""() => {{ const read = {read}; window.slow = 0;
        {read} = function (...box) {{
            window.slow += !this.getContextAttributes().willReadFrequently;
            return read.apply(this, box); }}; }}""")
    pad = Pad(page.locator(".pad"))
    pad.load(TWO)
    pad.says("The network says 2")
    turn_phone(page, 500, 800)
    turn_phone(page, 1280, 800)
    pad.draw(SEVEN)
    pad.says("The network says 7")
    assert page.evaluate("window.slow") == 0, "readings of a canvas that isn't kept in memory"


def test_ctrl_z_on_the_paper_takes_back_a_stroke(pad):
    pad.draw(ONE)
    pad.says("The network says 1")
    pad.root.locator(".pad-paper").press("ControlOrMeta+z")
    assert pad.ink() == 0


def test_ink_is_as_sharp_as_the_screen(opened, path):
    page = opened(path, **PHONE | {"device_scale_factor": 3})
    Pad(page.locator(".pad")).draw(ONE)
    picture = Image.open(io.BytesIO(page.locator(".pad-paper").screenshot())).convert("L")
    rows = np.array(picture)[picture.height // 3 : picture.height // 3 * 2].astype(int)
    grey = ((rows > 40) & (rows < 215)).sum(axis=1).mean()  # at the two edges of the stroke
    assert grey < 2, f"{grey} grey pixels, so the stroke is soft"


def test_white_ink_without_paper_is_read_and_two_digits_are_named(pad):
    ink = render_strokes(SEVEN)
    white = np.dstack([np.full((*ink.shape, 3), 255, np.uint8), ink])
    pad.load(picture_file(white))
    pad.says("The network says 7")
    assert drawing_from_picture(picture_file(white)["buffer"]).any()
    pad.load(picture_file(255 - np.hstack([ink, render_strokes(ONE)])))
    pad.says("The picture has several shapes side by side")
    pad.load(TWO)
    pad.says("The network says 2")
    expect(pad.root.locator(".pad-answer")).not_to_contain_text("several shapes")


def test_a_window_that_slides_over_a_map_stops_when_another_network_comes(opened, path):
    """The page of this test fails where a script raises an error."""
    page = opened(path, viewport=DESKTOP, reduced_motion="no-preference")
    maps = page.locator('.viewer-layer[data-layer-index="1"] canvas').first
    maps.click(position={"x": 100, "y": 30})
    expect(page.locator(".map-veil")).to_have_count(1)  # it slides
    page.get_by_role("button", name="Train a new network").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_timeout(2000)  # longer than a window slides
