"""The file that a learner takes home: the pad, the maps and the numbers, in a real browser.

There is no network and no kernel, and what the pad does here it does by the same script elsewhere.
"""

import html
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.backend import keras
from helpers.features import before_softmax
from helpers.files import WriteError, artifacts
from helpers.web import scripts, take_home
from tests.browser import FOUR, ONE, SEVEN, Pad, picture, picture_of_two, place, watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLE = "My 'own' <script>alert(1)</script> & network"
TWO = picture_of_two()
SHOWN = ".explain:not([hidden])"
SUM = "They add up to #; with the bias, #, that is #."
LAYERS = ["image", "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense"]
# Each is an attempt; the page's policy tells of those that it refuses.
ATTEMPTS = """async () => {
    const refused = [];
    addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
    const add = (tag, properties) => {
        const node = Object.assign(document.createElement(tag), properties);
        document.body.append(node);
        return node;
    };
    await fetch("https://example.org").catch(() => {});
    add("img", {src: "https://example.org/x.svg"});
    add("script", {textContent: "window.foreign = true"});
    add("style", {textContent: "body { display: none }"});
    add("base", {href: "https://example.org"});
    add("form", {action: "https://example.org"}).submit();
    await new Promise((done) => setTimeout(done, 200));
    return refused.sort();
}"""
# All pictures but the first few are read when the test says so.
SLOWLY = """count => {
    const [atOnce, waiting] = [createImageBitmap, []];
    window.createImageBitmap = (file) => count-- > 0 ? atOnce(file)
        : new Promise((done) => waiting.push(() => done(atOnce(file))));
    window.slow = { waiting, read: () => {
        window.createImageBitmap = atOnce;
        for (const go of waiting) go();
    } };
}"""
# A pad in a notebook, whose kernel answers when the test says so.
BUSY = """() => {
    const [state, listeners] = [{strokes: [], file: new DataView(new ArrayBuffer(0)), sent: 0}, {}];
    state.answer = {};
    const model = {
        get: (name) => state[name],
        set(name, value) { state[name] = value; listeners[`change:${name}`]?.(); },
        on: (event, listener) => (listeners[event] = listener),
        save_changes() {},
    };
    renderPad({model, el: document.body});
    window.answer = (digit, to = state.sent) => {
        const probabilities = Array.from({length: 10}, (unused, i) => Number(i === digit));
        model.set("answer", {to, image: new Uint8Array(784), probabilities});
    };
}"""


@pytest.fixture(scope="module")
def path(shipped_model):
    return take_home.write(shipped_model, TITLE)


@pytest.fixture
def opened(chromium, path):
    """A function that opens the file, on a phone or a computer; afterwards nothing was wrong."""
    contexts, problems = [], []

    def opened(**options):
        contexts.append(chromium.new_context(offline=True, **options))
        page = contexts[-1].new_page()
        problems.append(watch(page, path.as_uri()))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [wrong for wrong in problems if wrong] == []


@pytest.fixture
def pad(opened):
    return Pad(opened().locator(".pad"))


def layer(page, step):
    """Return the part of the page for a layer; 0 is the image."""
    return page.locator(".viewer-layer").nth(step)


def check_numbers(page, name, expected):
    """Compare the numbers of a table of the explanation."""
    texts = page.locator(f"{SHOWN} .numbers[aria-label^='{name}'] .number").all_inner_texts()
    found = [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts]
    np.testing.assert_allclose(found, np.ravel(expected), atol=6e-4)


def says(page):
    return page.locator(SHOWN).inner_text().replace("\N{MINUS SIGN}", "-")


def check_sentence(page, sentence, *expected):
    """Find a sentence, in which # stands for a number, and compare its numbers."""
    found = re.search(re.escape(sentence).replace(r"\#", r"(-?\d+\.\d+)"), says(page))
    assert found, says(page)
    np.testing.assert_allclose(np.array(found.groups(), dtype=float), expected, atol=6e-4)


def test_one_small_file_with_escaped_texts_that_asks_for_nothing(opened, path):
    assert path == artifacts() / "my_network.html" and path.stat().st_size < 1_000_000
    assert list(path.parent.glob(".*partial*")) == []
    text = path.read_text(encoding="utf-8")
    assert "<script>alert" not in text and html.escape(TITLE) in text
    assert not re.search(r"https?://", text)
    page = opened()
    assert page.title() == page.inner_text("h1") == TITLE
    kinds = "layers => layers.map(layer => layer.dataset.kind)"
    assert page.locator(".viewer-layer").evaluate_all(kinds) == LAYERS
    assert "The network says 5" in page.inner_text(".pad-answer")  # the digit that it begins with


def test_its_policy_refuses_connections_and_all_that_is_not_its_own(chromium, path):
    page = chromium.new_page()
    page.goto(path.as_uri())
    refused = ["base-uri", "connect-src", "form-action", "img-src", "script-src-elem"]
    assert page.evaluate(ATTEMPTS) == [*refused, "style-src-elem"]
    assert page.url == path.as_uri() and page.evaluate("window.foreign") is None
    page.close()


def test_a_drawing_takes_the_place_of_the_example_and_all_maps_follow(pad):
    pictures = "canvases => canvases.map(canvas => canvas.toDataURL())"
    maps = pad.page.locator(".viewer-layer > .map > canvas")
    before = maps.evaluate_all(pictures)
    pad.draw(SEVEN)
    after = maps.evaluate_all(pictures)
    assert len(after) == 8 and all(a != b for a, b in zip(before, after, strict=True))
    pad.says("The network says 7")
    pad.press("Undo")
    pad.is_blank()


def test_a_picture_gives_way_to_a_drawing_and_another_file_is_explained(pad):
    pad.load(TWO)
    pad.says("The network says 2")
    pad.draw(SEVEN)
    pad.says("The network says 7")
    pad.press("Clear")
    pad.is_blank()
    pad.load(TWO)  # the same file once more
    pad.says("The network says 2")
    pad.shows_ink()
    pad.load(TWO | {"buffer": b"not a picture"})
    pad.says("Save it as PNG or JPEG")
    pad.load(picture(np.full((90, 90), 200, np.uint8)))
    pad.says("nothing on it stands out")


def test_no_old_answer_stands_beside_a_new_picture(pad):
    pad.draw(SEVEN)
    pad.says("The network says 7")
    pad.page.evaluate(SLOWLY, 1)  # the pad reduces it, and only then it is looked at
    pad.load(TWO)
    pad.page.wait_for_function("() => slow.waiting.length === 2")  # to look at, and to show
    assert pad.shares() == ["\N{EN DASH}"] * 10 and pad.root.locator(".pad-best").count() == 0
    assert pad.page.inner_text(".pad-answer") == ""
    pad.page.evaluate("slow.read()")
    pad.says("The network says 2")


def test_no_old_answer_stands_beside_a_new_drawing_while_the_kernel_is_busy(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("pad.js"))
    page.evaluate(BUSY)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    page.evaluate("answer(4, 1)")  # to what was sent while one drew
    assert page.inner_text(".pad-answer") == "" and pad.shares()[4] == "100%"
    page.evaluate("answer(7)")
    pad.says("The network says 7")
    pad.press("Clear")
    assert page.inner_text(".pad-answer") == "" and "100%" not in pad.shares()
    page.close()


def test_a_slow_file_gives_way_to_what_is_drawn_meanwhile(pad):
    pad.page.evaluate(SLOWLY, 0)
    pad.load(TWO)
    pad.draw(SEVEN, lift=False)
    pad.page.evaluate("slow.read()")
    pad.page.wait_for_timeout(200)
    pad.finish(90, 240)
    pad.says("The network says 7")


def test_a_picture_too_large_for_the_browser_is_explained_and_the_drawing_stays(pad):
    pad.draw(SEVEN)
    ink = pad.ink()
    pad.page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    pad.load(TWO)
    pad.says("Save it smaller")
    assert pad.ink() == ink > 0


@pytest.mark.parametrize(("name", "kept"), [("Clear", 0), ("Undo", 1)])
def test_a_button_pressed_while_one_draws_ends_the_stroke(name, kept, pad):
    first, second = FOUR
    pad.draw([first])
    ink = kept * pad.ink()
    pad.draw([second], lift=False)
    pad.press_with_another_finger(name)
    pad.finish(250, 250)
    assert pad.ink() == ink
    pad.draw(FOUR[kept:])
    pad.says("The network says 4")


def test_the_keyboard_is_enough_for_the_pad(pad):
    keyboard = pad.page.keyboard
    pad.root.get_by_role("button", name="Undo").focus()
    for key in ["Shift+Tab", *["ArrowUp"] * 8, " ", *["ArrowDown"] * 16, " ", "ArrowLeft"]:
        keyboard.press(key)
    pad.says("The network says 1")
    ink = pad.ink()
    keyboard.press(" ")  # the pen goes down, and with it the page's focus elsewhere
    keyboard.press("Tab")
    assert pad.ink() > ink
    keyboard.press("Enter")
    keyboard.press("Enter")
    pad.is_blank()
    pad.page.on("filechooser", lambda chooser: chooser.set_files(TWO))
    keyboard.press("Tab")
    keyboard.press("Tab")
    pad.page.wait_for_timeout(500)  # Playwright has to catch the system's dialog
    keyboard.press("Enter")
    pad.says("The network says 2")


def test_the_keyboard_goes_from_an_answer_back_to_a_pixel(pad):
    page, keyboard = pad.page, pad.page.keyboard
    pad.draw(ONE)
    layer(page, 7).locator("canvas").first.focus()
    keyboard.press("Enter")
    assert "Dense, number 1: " in says(page)  # the most likely digit
    keyboard.press("ArrowRight")
    assert "Dense, number 2: " in says(page)
    keyboard.press("ArrowLeft")
    seen = []
    while seen[-1:] != ["image"]:
        keyboard.press("Tab")
        if "Where does" not in page.evaluate("document.activeElement.textContent"):
            continue
        keyboard.press("Enter")
        seen.append(page.evaluate("document.activeElement.closest('.viewer-layer').dataset.kind"))
    assert seen == LAYERS[-2::-1] and "of 255" in says(page)
    keyboard.press("Escape")
    assert page.locator(SHOWN).count() == 0


def test_a_finger_draws_on_a_phone(opened):
    pad = Pad(opened(**PHONE).locator(".pad"))
    session = pad.page.context.new_cdp_session(pad.page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for kind, point in zip(("touchStart", "touchMove", "touchMove"), SEVEN[0], strict=True):
        touch(kind, dict(zip("xy", place(pad.paper, *point), strict=True)))
    touch("touchEnd")
    pad.says("The network says 7")
    assert pad.page.evaluate("scrollY") == 0  # the page has stayed where it was


def test_a_tap_leads_to_the_numbers_that_make_a_number(opened, shipped_model):
    """From the file's own image: a number of each kind of layer, against NumPy and Keras."""
    page, model = opened(**PHONE), shipped_model
    image = page.evaluate("""() => {
        const canvas = document.querySelector('.viewer-layer canvas');
        return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]
            .filter((unused, i) => i % 4 === 0).map(grey => 255 - grey); }""")
    image = np.array(image, np.float32).reshape(28, 28, 1) / 255
    outputs = keras.Model(model.inputs[0], [one.output for one in model.layers])(image[None])
    values = [output.numpy()[0] for output in outputs]  # the image comes first
    first, second = (one for one in model.layers[1:4:2])
    answer = page.evaluate("image => answer(image)", image.ravel().tolist())
    np.testing.assert_allclose(answer, values[-1], atol=1e-4)

    # A convolution of one map: the patch, the kernel, their products, and all that comes after.
    tap(page, 1, values[1].shape, channel=5, row=12, column=14)
    patch, kernel = image[12:15, 14:17, 0], first.kernel.numpy()[:, :, 0, 5]
    for name, expected in (("Patch", patch), ("Kernel", kernel), ("Products", patch * kernel)):
        check_numbers(page, name, expected)
    total, bias = (patch * kernel).sum(), first.bias.numpy()[5]
    check_sentence(page, "map 5, row 12, column 14: #\n", values[1][12, 14, 5])
    check_sentence(page, SUM, total, bias, total + bias)

    # Pooling: four values, of which the largest stays.
    tap(page, 2, values[2].shape, channel=5, row=6, column=7)
    check_numbers(page, "The block", values[1][12:14, 14:16, 5])
    check_sentence(page, "numbers of the map before: #.", values[2][6, 7, 5])

    # A convolution of many maps: the sum of each, and the products in one that is chosen.
    tap(page, 3, values[3].shape, channel=40, row=4, column=6)
    patch, kernel = values[2][4:7, 6:9], second.kernel.numpy()[..., 40]
    assert "288 products" in says(page)
    check_numbers(page, "What each", (patch * kernel).sum(axis=(0, 1)))
    page.locator(f"{SHOWN} [aria-label^='What each'] button").nth(17).tap()
    check_numbers(page, "Patch", patch[..., 17])
    check_numbers(page, "Products", (patch * kernel)[..., 17])
    page.locator(f"{SHOWN} [aria-label='Products'] button").nth(4).tap()
    one, weight = patch[1, 1, 17], kernel[1, 1, 17]
    check_sentence(page, "One of them: # times # is #", one, weight, one * weight)

    # The last layer: nine places, 128 products in each, and softmax.
    tap(page, 7, (1, 10, 1), channel=0, row=0, column=5)
    features, scores = before_softmax(model, image[None])
    products = (features[0] * model.layers[-1].kernel.numpy()[:, 5]).reshape(9, 128)
    check_numbers(page, "What each place", products.sum(axis=1))
    page.locator(f"{SHOWN} [aria-label^='What each'] button").nth(8).tap()
    check_numbers(page, "Products", products[8])
    check_sentence(page, "e to the power of # is", scores[0, 5])
    check_sentence(page, "The share: #", values[-1][5])


def tap(page, step, shape, channel, row, column):
    """Choose a map of a layer by a finger, and in the enlarged one a number."""
    part = layer(page, step)
    across = 16 if shape[2] > 64 else 8  # on a phone
    if shape[2] > 1:
        cell(
            part.locator(".map-all > canvas"),
            -(-shape[2] // across),
            across,
            *divmod(channel, across),
        )
    cell(part.locator(".map:visible > canvas").last, *shape[:2], row, column)


def cell(canvas, rows, columns, row, column):
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = (column + 0.5) * box["width"] / columns, (row + 0.5) * box["height"] / rows
    canvas.tap(position={"x": x, "y": y})


def test_axe_finds_nothing_and_all_fits_in_light_and_dark_wide_and_narrow(opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(viewport={"width": 1280, "height": 800})
    maps = layer(page, 1).locator("> .map > canvas")
    rows = maps.evaluate("canvas => canvas.height")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        if width == 390:  # the maps are laid out anew, and what was told stays
            told = page.locator(".explain-title:visible").inner_text()
            higher = "rows => document.querySelector('.map-all canvas').height > 1.5 * rows"
            page.wait_for_function(higher, arg=rows)
            assert page.locator(".explain-title:visible").inner_text() == told
        for scheme, step in (("light", 1), ("dark", 3 if width == 1280 else 7)):
            page.emulate_media(color_scheme=scheme)
            layer(page, step).locator("> .map > canvas").click(position={"x": 30, "y": 10})
            found = axe.run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_can_be_written_nowhere_or_not_at_all_changes_no_file(
    path, shipped_model, tmp_path, monkeypatch
):
    before = path.read_bytes()
    odd = keras.layers.GaussianNoise(0.5, name="odd")(shipped_model.outputs[0])
    with pytest.raises(ValueError, match=r"layer odd: got .* linear, expected"):
        take_home.write(keras.Model(shipped_model.inputs, odd))
    assert path.read_bytes() == before
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path / "file"))
    with pytest.raises(WriteError, match=r"my_network\.html can't be written"):
        take_home.write(shipped_model)


def test_in_colab_the_file_is_offered_for_download(shipped_model, monkeypatch):
    offered = []
    files = SimpleNamespace(download=offered.append)
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(files=files))
    assert take_home.write(shipped_model) == artifacts() / take_home.PAGE
    assert offered == [str(artifacts() / take_home.PAGE)]
