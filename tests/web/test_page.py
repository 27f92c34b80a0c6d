"""The file that a learner takes home: the pad, the maps and the numbers, in a real browser.

There is no network and no kernel, and what the pad does here it does by the same script elsewhere.
"""

import html
import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.drawing.preparation import CANVAS
from helpers.drawing.strokes import PEN
from helpers.features import before_softmax
from helpers.files import ROOT, artifacts
from helpers.plots import canvas
from helpers.web import scripts, take_home
from tests.browser import NO_MEMORY, ONE, SEVEN, TWO, Pad, axe_violations, watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLE = "My 'own' <script>alert(1)</script> & network"
SHOWN = ".explain:not([hidden])"
LAYERS = ["image", "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense"]
# No connection, and of scripts and styles the page's own, whose digests stand there.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {0}; style-src {0}"
GREYS = """canvas => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
    .filter((unused, i) => i % 4 === 0)"""
INKED = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .some((grey) => grey < 190)"""  # darker than the lines between maps
# All pictures but the first are read when the test says so.
SLOWLY = """() => {
    const [atOnce, waiting] = [createImageBitmap, []];
    let count = 0;
    window.createImageBitmap = (file) => count++ ? new Promise((done) =>
        waiting.push(() => done(atOnce(file)))) : atOnce(file);
    window.slow = {waiting, read: () => waiting.forEach((go) => go())};
}"""


@pytest.fixture(scope="module")
def path(shipped_model):
    return take_home.write(shipped_model, TITLE)


@pytest.fixture
def opened(chromium, path):
    """A function that opens the file, on a phone or a computer; afterwards nothing was wrong."""
    problems = []

    def opened(**options):
        page = chromium.new_context(offline=True, **options).new_page()
        problems.append(watch(page, path.as_uri()))
        page.goto(path.as_uri())
        return page

    yield opened
    assert not any(problems), problems


@pytest.fixture
def pad(opened):
    return Pad(opened().locator(".pad"))


def layer(page, step):
    """Return the part of the page for a layer; 0 is the image."""
    return page.locator(".viewer-layer").nth(step)


def says(page):
    return page.locator(SHOWN).inner_text().replace("\N{MINUS SIGN}", "-")


def test_one_small_file_with_escaped_texts_that_asks_for_nothing(opened, path):
    assert path == artifacts() / "my_network.html" and path.stat().st_size < 1_000_000
    text = path.read_text(encoding="utf-8")
    assert html.escape(TITLE) in text and not re.search(r"<script>alert|https?://", text)
    page = opened()
    assert page.title() == page.inner_text("h1") == TITLE
    kinds = "layers => layers.map(layer => layer.dataset.kind)"
    assert page.locator(".viewer-layer").evaluate_all(kinds) == LAYERS
    # The digit that it begins with; nine others have a share too.
    assert page.inner_text(".pad-answer") == "The network says 5 (>99%)."
    page.get_by_label("A name for it").fill("Ada's")
    assert page.title() == page.inner_text("h1") == "Ada's"


def test_its_policy_refuses_connections_and_all_that_is_not_its_own(chromium, path):
    page = chromium.new_page()
    page.goto(path.as_uri())
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert re.sub(r"'sha256-[\w+/=]{44}'", "{0}", policy) == POLICY
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate("fetch('https://example.org')")
    foreign = "document.body.appendChild(document.createElement('script')).text = 'foreign = 1'"
    assert page.evaluate(f"{foreign}; typeof window.foreign") == "undefined"


def test_drawings_and_pictures_take_turns_and_all_maps_follow(pad):
    pictures = "canvases => canvases.map(canvas => canvas.toDataURL())"
    maps = pad.page.locator(".viewer-layer > .map > canvas")
    before = maps.evaluate_all(pictures)
    pad.draw(SEVEN)
    after = maps.evaluate_all(pictures)
    assert len(after) == 8 and all(a != b for a, b in zip(before, after, strict=True))
    pad.says("The network says 7")
    ink = pad.ink()
    pad.press("Clear")
    pad.is_blank()
    assert not maps.nth(7).evaluate(INKED)  # nor is there a share of any digit
    pad.press("Undo")
    pad.says("The network says 7")
    assert pad.ink() == ink and maps.nth(7).evaluate(INKED)
    pad.press("Undo")
    pad.is_blank()
    pad.load(TWO)
    pad.says("The network says 2")
    pad.draw(ONE)
    ink = pad.ink()
    pad.draw(SEVEN, lift=False)
    pad.press_with_another_finger("Undo")  # ends the stroke
    pad.finish(250, 250)
    assert pad.ink() == ink
    pad.says("The network says 1")
    pad.press("Clear")
    pad.is_blank()
    pad.load(TWO)  # the same file once more
    pad.says("The network says 2")
    pad.shows_ink()
    ink = pad.ink()
    pad.page.evaluate(NO_MEMORY)
    pad.load(TWO)
    pad.says("Save it smaller")
    assert pad.ink() == ink


def test_beside_a_slow_picture_stands_no_old_answer_and_what_is_drawn_meanwhile_stays(pad):
    pad.draw(ONE)
    pad.says("The network says 1")
    pad.page.evaluate(SLOWLY)  # the pad reduces it, and only then it is looked at
    pad.load(TWO)
    pad.page.wait_for_function("() => slow.waiting.length === 2")  # to look at, and to show
    assert pad.shares() == ["\N{EN DASH}"] * 10 and pad.root.locator(".pad-best").count() == 0
    assert pad.page.inner_text(".pad-answer") == ""
    pad.load(TWO)  # now reducing it takes long too
    pad.page.wait_for_function("() => slow.waiting.length === 3")
    pad.draw(SEVEN, lift=False)
    pad.page.evaluate("slow.read()")
    pad.page.wait_for_timeout(200)
    pad.finish(90, 240)
    pad.says("The network says 7")


def test_the_keyboard_is_enough_for_the_pad(pad):
    keyboard = pad.page.keyboard
    pad.root.get_by_role("button", name="Undo").focus()
    for key in ["Shift+Tab", *["ArrowUp"] * 8, " ", *["ArrowDown"] * 16, " ", "ArrowLeft"]:
        keyboard.press(key)
    pad.says("The network says 1")
    keyboard.press("Tab")
    keyboard.press("Enter")
    pad.is_blank()
    for _button in ("Clear", "Another example", "Load a picture"):
        keyboard.press("Tab")
    assert pad.page.evaluate("document.activeElement.accept") == "image/*"


def test_the_keyboard_goes_from_an_answer_back_to_a_pixel(pad):
    page, keyboard = pad.page, pad.page.keyboard
    pad.draw(ONE)
    layer(page, 7).locator("canvas").first.focus()
    keyboard.press("Enter")
    assert "Dense, number 1: " in says(page)  # the most likely digit
    keyboard.press("ArrowRight")
    assert "Dense, number 2: " in says(page)
    seen = []
    while seen[-1:] != ["image"]:
        keyboard.press("Tab")
        if "Where does" in page.evaluate("document.activeElement.textContent"):
            keyboard.press("Enter")
            at = "document.activeElement.closest('.viewer-layer').dataset.kind"
            seen.append(page.evaluate(at))
    assert seen == LAYERS[-2::-1] and "of 255" in says(page)
    keyboard.press("Escape")
    assert page.locator(SHOWN).count() == 0


def test_a_bar_and_the_image_open_their_numbers_and_get_the_focus_back(pad):
    page, focused = pad.page, "document.activeElement.className"
    pad.draw(SEVEN)
    bar = pad.root.locator("button.pad-row").nth(9)
    bar.focus()
    page.keyboard.press("Enter")
    assert "Dense, number 9: " in says(page)
    page.keyboard.press("Escape")
    assert page.locator(SHOWN).count() == 0 and page.evaluate(focused) == "pad-row"
    page.get_by_role("button", name="What the network sees").click(position={"x": 1, "y": 79})
    assert "The image, row 26, column 0: 0.0000" in says(page)
    pad.press("Clear")
    pad.is_blank()
    assert bar.is_disabled() and page.locator(SHOWN).is_hidden()


def test_another_example_is_shown_and_goes_when_somebody_draws(opened, shipped_model):
    pad = Pad(opened().locator(".pad"))
    images, labels = (array[take_home.EXAMPLES] for array in mnist.load_data()[1])
    found = shipped_model.predict(mnist.prepare(images), verbose=0).argmax(axis=1)
    assert set(labels) == set(range(10)) and 6 <= np.sum(found != labels) <= 8
    doubtful = json.loads((ROOT / "helpers/data/label_errors.json").read_text(encoding="utf-8"))
    assert not {one["test_index"] for one in doubtful["images"]} & set(take_home.EXAMPLES)
    for digit in [*found, found[0]]:
        pad.press("Another example")
        assert pad.page.inner_text(".pad-answer").startswith(f"The network says {digit} ")
        pad.shows_ink()
    pad.draw(ONE)
    pad.says("The network says 1")


def test_small_numbers_keep_their_digits_and_both_sides_have_the_same_sizes(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("viewer.js"))
    written = page.evaluate("[4e-4, -4e-6, 0, 1.25].map(number => written(number))")
    assert written == ["0.00040", "\N{MINUS SIGN}4.0e-6", "0.0000", "1.2500"]
    assert page.evaluate("[SIZE, PEN]") == [CANVAS, PEN]
    shares = np.linspace(-1, 1, 257)
    colours = np.array(page.evaluate("shares => shares.map(colour)", shares.tolist()))
    assert np.abs(colours - canvas.SIGNED((shares + 1) / 2, bytes=True)[:, :3]).max() <= 1


def test_a_finger_draws_on_a_phone(opened):
    pad = Pad(opened(**PHONE).locator(".pad"))
    session = pad.page.context.new_cdp_session(pad.page)
    first, *others = [dict(zip("xy", pad.place(*at), strict=True)) for at in SEVEN[0]]
    for kind, points in ("Start", [first]), *(("Move", [at]) for at in others), ("End", []):
        touch = {"type": f"touch{kind}", "touchPoints": points}
        session.send("Input.dispatchTouchEvent", touch)
    pad.says("The network says 7")
    assert pad.page.evaluate("scrollY") == 0  # the page has stayed where it was


def check_numbers(page, name, expected):
    """Compare the numbers of a table of the explanation."""
    texts = page.locator(f"{SHOWN} .numbers[aria-label^='{name}'] .number").all_inner_texts()
    found = [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts]
    np.testing.assert_allclose(found, np.ravel(expected), atol=6e-4)


def check_sentence(page, sentence, *expected):
    """Find a sentence, in which # stands for a number, and compare its numbers."""
    found = re.search(re.escape(sentence).replace(r"\#", r"(-?\d+\.\d+)"), says(page))
    assert found, says(page)
    np.testing.assert_allclose(np.array(found.groups(), dtype=float), expected, atol=6e-4)


def tap(maps, rows, columns, row, column):
    """Tap a number, or a map, in a grid of them."""
    maps.scroll_into_view_if_needed()
    box = maps.bounding_box()
    x, y = (column + 0.5) * box["width"] / columns, (row + 0.5) * box["height"] / rows
    maps.tap(position={"x": x, "y": y})


def test_a_tap_leads_to_the_numbers_that_make_a_number(opened, shipped_model):
    """From the drawing that it begins with: a convolution and the last layer."""
    page, model = opened(**PHONE), shipped_model
    image = page.locator(".viewer-layer canvas").first.evaluate(GREYS)
    image = 1 - np.reshape(image, (28, 28, 1)).astype(np.float32) / 255
    answer = page.evaluate("image => answer(image)", image.ravel().tolist())
    np.testing.assert_allclose(answer, model.predict(image[None], verbose=0)[0], atol=1e-4)

    # A convolution of many maps: the sum of each, and the products in one that is chosen.
    first = keras.Model(model.inputs, model.layers[2].output)
    convolution, part = model.layers[3], layer(page, 3)
    patch = first.predict(image[None], verbose=0)[0, 4:7, 6:9]
    products = patch * convolution.kernel.numpy()[..., 40]
    tap(part.locator(".map-all > canvas"), 8, 8, *divmod(40, 8))
    values = keras.Model(model.inputs, convolution.output).predict(image[None], verbose=0)
    check_sentence(page, "ReLU keeps what is above 0: #.", values[0, ..., 40].max())
    tap(part.locator(".map:visible > canvas").last, 11, 11, 4, 6)
    check_numbers(page, "What each", products.sum(axis=(0, 1)))
    total, bias = products.sum(), convolution.bias.numpy()[40]
    score = total + bias
    check_sentence(page, "They add up to #; with the bias, #, that is #.", total, bias, score)
    check_sentence(page, "map 40, row 4, column 6: #\n", max(score, 0))
    page.locator(f"{SHOWN} [aria-label^='What each'] button").nth(17).tap()
    check_numbers(page, "Patch", patch[..., 17])
    check_numbers(page, "Products", products[..., 17])

    # The last layer: nine places, 128 products in each, and softmax.
    features, scores = before_softmax(model, image[None])
    products = (features[0] * model.layers[-1].kernel.numpy()[:, 5]).reshape(9, 128)
    tap(layer(page, 7).locator(".map:visible > canvas").last, 1, 10, 0, 5)
    check_numbers(page, "What each place", products.sum(axis=1))
    page.locator(f"{SHOWN} [aria-label^='What each'] button").nth(8).tap()
    check_numbers(page, "Products", products[8])
    check_sentence(page, "e to the power of # is", scores[0, 5])
    check_sentence(page, "The share: #", answer[5])
    texts = page.locator(f"{SHOWN} [aria-label^='All'] .number").all_inner_texts()
    found = [float(text.split("\n")[1].replace("\N{MINUS SIGN}", "-")) for text in texts]
    np.testing.assert_allclose(found, scores[0], atol=6e-3)


def test_axe_finds_nothing_and_all_fits_wide_and_light_or_narrow_and_dark(opened):
    for width, scheme, step in ((1280, "light", 1), (390, "dark", 7)):
        page = opened(viewport={"width": width, "height": 800}, color_scheme=scheme)
        layer(page, step).locator("> .map > canvas").click(position={"x": 30, "y": 10})
        Pad(page.locator(".pad")).draw(SEVEN)  # the teacher asks whether the answer is wrong
        page.locator("summary").click()
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_colab_the_file_is_offered_for_download(shipped_model, monkeypatch):
    offered = []
    files = SimpleNamespace(download=offered.append)
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(files=files))
    path = take_home.write(shipped_model)
    assert offered == [str(path)]
