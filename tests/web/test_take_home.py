"""The file that a learner takes home, in a real browser, without a network."""

import base64
import html
import io
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from helpers import mnist
from helpers.backend import keras
from helpers.drawing.strokes import render_strokes
from helpers.features import before_softmax
from helpers.files import WriteError, artifacts
from helpers.model import build_model, compile_model
from helpers.web import take_home
from tests.browser import draw, place, watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLE = "My 'own' <script>alert(1)</script> & network"
SEVEN = [[60, 60], [170, 60], [100, 220]]
SHOWN = ".explain:not([hidden])"
SUM = "They add up to #; with the bias, #, that is #."
ANSWERS = """text => {
    const images = Float32Array.from(atob(text), grey => grey.charCodeAt(0) / 255);
    return Array.from({length: images.length / 784}, (_, i) =>
        answer(images.subarray(784 * i, 784 * (i + 1))));
}"""
LAYERS = ["image", "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense"]


@pytest.fixture(scope="module")
def model(mnist_data):
    """A network that has learned from a few thousand images."""
    (images, labels), _ = mnist_data
    keras.utils.set_random_seed(0)
    model = build_model()
    compile_model(model)
    model.fit(mnist.prepare(images[:8000]), labels[:8000], epochs=2, batch_size=64, verbose=0)
    return model


@pytest.fixture(scope="module")
def path(model):
    return take_home.write(model, TITLE)


@pytest.fixture
def opened(chromium, path):
    """A function that opens the file, on a phone or a computer; afterwards nothing was wrong."""
    contexts, problems = [], []

    def opened(**options):
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        problems.append(watch(page, path.as_uri()))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [wrong for wrong in problems if wrong] == []


def layer(page, step):
    """Return the part of the page for a layer; 0 is the image."""
    return page.locator(".viewer-layer").nth(step)


def numbers(page, name):
    """Return the numbers of a table of the explanation."""
    texts = page.locator(f"{SHOWN} .numbers[aria-label^='{name}'] .number").all_inner_texts()
    return np.array([text.replace("\N{MINUS SIGN}", "-") for text in texts], dtype=float)


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
    assert [
        part.get_attribute("data-kind") for part in page.locator(".viewer-layer").all()
    ] == LAYERS
    assert "The network says" in page.inner_text(".pad-answer")  # of the digit that it begins with


def test_its_policy_allows_no_connection_and_no_other_script(chromium, path, tmp_path):
    """Everywhere somebody answers; so it is the policy that refuses, and without it none does."""
    fetched = "fetch('https://example.org').then(() => 'sent', () => 'refused')"
    picture = """new Promise(done => { const image = new Image();
        image.onload = () => done('sent'); image.onerror = () => done('refused');
        image.src = 'https://example.org/x.svg'; })"""
    script = """() => {
        const node = document.createElement('script');
        node.textContent = "window.foreign = 'sent'";
        document.body.append(node);
        return window.foreign ?? 'refused'; }"""
    text, removed = re.subn(r"<meta http-equiv=.*>", "", path.read_text(encoding="utf-8"))
    assert removed == 1
    (tmp_path / "open.html").write_text(text, encoding="utf-8")
    headers = {"access-control-allow-origin": "*", "content-type": "image/svg+xml"}
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"

    def somebody_answers(route):
        route.fulfill(headers=headers, body=svg)

    for file, result in ((path, "refused"), (tmp_path / "open.html", "sent")):
        page = chromium.new_page()
        page.route("https://example.org/**", somebody_answers)
        page.goto(file.as_uri())
        assert [page.evaluate(code) for code in (fetched, picture, script)] == [result] * 3
        page.close()


def test_a_thousand_images_are_answered_as_by_keras(opened, model, test_images):
    images = test_images[:1000]
    page = opened()
    text = base64.b64encode((255 * images).round().astype(np.uint8).tobytes()).decode()
    found = page.evaluate(ANSWERS, text)
    expected = model.predict(images, verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_array_equal(np.argmax(found, axis=1), expected.argmax(axis=1))


def test_mouse_draws_in_place_of_the_example_and_every_map_follows(opened):
    page = opened()
    pictures = "canvases => canvases.map(canvas => canvas.toDataURL())"
    maps = page.locator(".viewer-layer > .map > canvas")
    assert page.locator(".pad-best .pad-digit").inner_text() == "5"
    before = maps.evaluate_all(pictures)
    draw(page.locator(".pad-paper"), [SEVEN])
    after = maps.evaluate_all(pictures)
    assert len(after) == 8 and all(a != b for a, b in zip(before, after, strict=True))
    assert page.locator(".pad-best .pad-digit").inner_text() == "7"
    assert "The network says 7" in page.inner_text(".pad-answer")
    page.get_by_role("button", name="Undo").click()
    assert "Draw a digit" in page.inner_text(".pad-answer")


def test_a_photo_is_read_and_another_file_explained(opened):
    """A grey 2 on a sheet with a shadow, a little tilted; and something that is no picture."""
    paper = np.linspace(150, 230, 400)[:, None] + np.linspace(0, 20, 300)
    strokes = render_strokes([[[70, 70], [105, 45], [150, 65], [150, 110], [75, 200], [175, 205]]])
    ink = np.array(Image.fromarray(strokes).resize((300, 400))) > 127
    photo = Image.fromarray(np.where(ink, 50, paper).astype(np.uint8)).convert("RGB").rotate(4)
    data = io.BytesIO()
    photo.crop((20, 20, 280, 380)).save(data, "JPEG")
    file = {"name": "two.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}
    page = opened()
    page.locator(".pad-file").set_input_files(file)
    said = page.locator(".pad-answer")
    said.filter(has_text="The network says").wait_for()
    page.locator(".pad-best .pad-digit").filter(has_text="2").wait_for()
    page.locator(".pad-file").set_input_files(file | {"buffer": b"not a picture"})
    said.filter(has_text="Save it as PNG or JPEG").wait_for()
    blank = io.BytesIO()
    Image.new("L", (90, 90), 200).save(blank, "PNG")
    page.locator(".pad-file").set_input_files(file | {"buffer": blank.getvalue()})
    said.filter(has_text="nothing on it stands out").wait_for()
    draw(page.locator(".pad-paper"), [SEVEN])
    said.filter(has_text="The network says 7").wait_for()


def test_each_kind_of_layer_is_explained(chromium, mnist_data, tmp_path):
    """Also with padding, where a patch lies beyond the edge, and with places after Dropout."""
    layers = keras.layers
    outputs = inputs = keras.Input((28, 28, 1))
    for one in [
        layers.Conv2D(9, 3, padding="same"),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(4),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(20, activation="relu"),
        layers.BatchNormalization(),
        layers.Activation("linear"),
        layers.Dense(10),
        layers.Softmax(),
    ]:
        outputs = one(outputs)
    page, path = chromium.new_page(), tmp_path / "page.html"
    wrong = watch(page, path.as_uri())
    path.write_text(take_home.page(keras.Model(inputs, outputs), "All kinds"), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.locator(".viewer-layer").count() == 13
    for step in range(13):
        layer(page, step).locator("> .map > canvas").click(position={"x": 2, "y": 2})
        number = page.locator(f"{SHOWN} .explain-title").inner_text().rpartition(": ")[2]
        assert number in page.locator(f"{SHOWN} .explain-text strong").all_inner_texts()
        if step == 1:
            page.locator(f"{SHOWN} [aria-label='Products'] button").first.click()
            assert "(beyond the edge, so 0)" in says(page)
        if step == 8:
            assert len(numbers(page, "What each place")) == 49 and len(numbers(page, "Prod")) == 9
    assert wrong == []


def test_maps_are_laid_out_anew_when_the_page_turns_narrow(opened):
    page = opened(viewport={"width": 1280, "height": 800})
    maps = layer(page, 1).locator("> .map > canvas")
    layer(page, 1).locator("> .map > canvas").click(position={"x": 30, "y": 30})
    title = page.locator(".explain-title:visible")
    rows, told = maps.evaluate("canvas => canvas.height"), title.inner_text()
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function(
        "([canvas, rows]) => document.querySelectorAll('.map-all canvas')[0].height > 1.5 * rows",
        arg=[None, rows],
    )
    assert title.inner_text() == told


def test_a_finger_draws_on_a_phone(opened):
    page = opened(**PHONE)
    paper = page.locator(".pad-paper")
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    points = np.concatenate([np.linspace(*SEVEN[:2], 9), np.linspace(*SEVEN[1:], 9)])
    places = [dict(zip("xy", place(paper, *point), strict=True)) for point in points]
    touch("touchStart", places[0])
    for point in places[1:]:
        touch("touchMove", point)
    touch("touchEnd")
    assert page.locator(".pad-best .pad-digit").inner_text() == "7"
    assert page.evaluate("scrollY") == 0  # the page has stayed where it was


def test_a_tap_leads_to_the_numbers_that_make_a_number(opened, model):
    """From the file's own image: a number of each kind of layer, against NumPy and Keras."""
    page = opened(**PHONE)
    image = page.evaluate("""() => {
        const canvas = document.querySelector('.viewer-layer canvas');
        return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]
            .filter((_, i) => i % 4 === 0).map(grey => 255 - grey); }""")
    image = np.array(image, np.float32).reshape(28, 28, 1) / 255
    outputs = keras.Model(model.inputs[0], [one.output for one in model.layers])(image[None])
    values = [output.numpy()[0] for output in outputs]  # the image comes first
    first, second = (one for one in model.layers[1:4:2])

    # A convolution of one map: the patch, the kernel, their products, and all that comes after.
    tap(page, 1, channel=5, row=12, column=14)
    patch, kernel = image[12:15, 14:17, 0], first.kernel.numpy()[:, :, 0, 5]
    for name, expected in (("Patch", patch), ("Kernel", kernel), ("Products", patch * kernel)):
        np.testing.assert_allclose(numbers(page, name), expected.ravel(), atol=6e-4)
    total, bias = (patch * kernel).sum(), first.bias.numpy()[5]
    check_sentence(page, "map 5, row 12, column 14: #\n", values[1][12, 14, 5])
    check_sentence(page, SUM, total, bias, total + bias)

    # Pooling: four values, of which the largest stays.
    tap(page, 2, channel=5, row=6, column=7)
    np.testing.assert_allclose(
        numbers(page, "The block"), values[1][12:14, 14:16, 5].ravel(), atol=6e-4
    )
    check_sentence(page, "numbers of the map before: #.", values[2][6, 7, 5])

    # A convolution of many maps: the sum of each, and the products in one that is chosen.
    tap(page, 3, channel=40, row=4, column=6)
    patch, kernel = values[2][4:7, 6:9], second.kernel.numpy()[..., 40]
    assert "288 products" in says(page)
    np.testing.assert_allclose(
        numbers(page, "What each"), (patch * kernel).sum(axis=(0, 1)), atol=6e-4
    )
    page.locator(f"{SHOWN} [aria-label^='What each'] button").nth(17).tap()
    np.testing.assert_allclose(numbers(page, "Patch"), patch[..., 17].ravel(), atol=6e-4)
    np.testing.assert_allclose(
        numbers(page, "Products"), (patch * kernel)[..., 17].ravel(), atol=6e-4
    )
    page.locator(f"{SHOWN} [aria-label='Products'] button").nth(4).tap()
    one, weight = patch[1, 1, 17], kernel[1, 1, 17]
    check_sentence(page, "One of them: # times # is #", one, weight, one * weight)

    # The last layer: nine places, 128 products in each, and softmax.
    tap(page, 7, channel=0, row=0, column=5)
    features, scores = before_softmax(model, image[None])
    products = (features[0] * model.layers[-1].kernel.numpy()[:, 5]).reshape(9, 128)
    np.testing.assert_allclose(numbers(page, "What each place"), products.sum(axis=1), atol=6e-4)
    page.locator(f"{SHOWN} [aria-label^='What each'] button").nth(8).tap()
    np.testing.assert_allclose(numbers(page, "Products"), products[8], atol=6e-4)
    check_sentence(page, "e to the power of # is", scores[0, 5])
    check_sentence(page, "The share: #", values[-1][5])


def tap(page, step, channel, row, column):
    """Choose a map by a finger, and in the enlarged one a number."""
    part = layer(page, step)
    all_maps = part.locator("> .map > canvas")
    shape = page.evaluate("step => JSON.parse(document.getElementById('data').textContent)"
                          ".description.layers[step - 1].shape", step)  # fmt: skip
    if len(shape) == 1:
        cell(all_maps, 1, shape[0], row, column)
        return
    across = 16 if shape[2] > 64 else 8  # on a phone
    cell(all_maps, -(-shape[2] // across), across, *divmod(channel, across))
    cell(part.locator(".map-one > canvas"), *shape[:2], row, column)


def cell(canvas, rows, columns, row, column):
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = (column + 0.5) * box["width"] / columns, (row + 0.5) * box["height"] / rows
    canvas.tap(position={"x": x, "y": y})


def test_the_keyboard_draws_and_goes_from_an_answer_back_to_a_pixel(opened):
    page = opened()
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    for key in ["Shift+Tab", "Shift+Tab", *["ArrowUp"] * 8, " ", *["ArrowDown"] * 16, " "]:
        page.keyboard.press(key)
    assert "The network says 1" in page.inner_text(".pad-answer")
    for _ in range(20):  # through all maps to the last layer
        page.keyboard.press("Tab")
        if (
            page.evaluate("document.activeElement.closest('.viewer-layer')?.dataset.kind")
            == "Dense"
        ):
            break
    page.keyboard.press("Enter")
    assert "Dense, number 1: " in says(page)  # the most likely digit
    page.keyboard.press("ArrowRight")
    assert "Dense, number 2: " in says(page)
    page.keyboard.press("ArrowLeft")
    seen = []
    while seen[-1:] != ["image"]:
        page.keyboard.press("Tab")
        if "Where does" not in page.evaluate("document.activeElement.textContent"):
            continue
        page.keyboard.press("Enter")
        seen.append(page.evaluate("document.activeElement.closest('.viewer-layer').dataset.kind"))
    assert seen == LAYERS[-2::-1]
    assert "of 255" in says(page)
    page.keyboard.press("Escape")
    assert page.locator(SHOWN).count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_all_fits(width, scheme, opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for step in (1, 3, 7):
        layer(page, step).locator("> .map > canvas").click(position={"x": 30, "y": 10})
        found = axe.run(page).response["violations"]
        assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_network_with_another_layer_changes_no_file(path, model):
    before = path.read_bytes()
    odd = keras.Model(model.inputs, keras.layers.GaussianNoise(0.5, name="odd")(model.outputs[0]))
    with pytest.raises(ValueError, match=r"layer odd: got .* linear, expected"):
        take_home.write(odd)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(model, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path / "file"))
    with pytest.raises(WriteError, match=r"my_network\.html can't be written"):
        take_home.write(model)


def test_in_colab_the_file_is_offered_for_download(model, monkeypatch):
    offered = []
    files = SimpleNamespace(download=offered.append)
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(files=files))
    assert offered == [] and take_home.write(model) == artifacts() / take_home.PAGE
    assert offered == [str(artifacts() / take_home.PAGE)]
