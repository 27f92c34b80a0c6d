"""drawing.js and photo.js against preparation.py and photo.py."""

import base64
import statistics

import numpy as np
import pytest
from PIL import Image

from helpers.drawing import to_mnist
from helpers.drawing.photo import from_image
from helpers.drawing.strokes import render_strokes
from helpers.web import scripts
from tests.drawing.test_drawing import as_bytes, photo

PREPARE = """drawings => drawings.map(([text, height, width]) => btoa(String.fromCharCode(
    ...toMnist(Uint8Array.from(atob(text), ink => ink.charCodeAt(0)), height, width))))"""
FIND = """([text, height, width]) => btoa(Array.from(
    findInk(Uint8Array.from(atob(text), grey => grey.charCodeAt(0)), height, width),
    ink => String.fromCharCode(Math.round(255 * ink))).join(""))"""
TIME = """async text => {
    const bytes = Uint8Array.from(atob(text), byte => byte.charCodeAt(0));
    const start = performance.now();
    await fromPicture(bytes);
    return performance.now() - start;
}"""


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    for text in (scripts.bundle("drawing.js"), scripts.bundle("photo.js")):
        page.add_script_tag(content=text.replace("const MESSAGES", "var MESSAGES"))
    yield page
    page.close()


def random_drawing(rng, number):
    """Draw some strokes, and let them lie off the centre, be tiny, thin, pale or cut by an edge."""
    size = rng.choice([3, 10, 40, 120, 240])
    points = rng.integers(2, 7)
    strokes = rng.uniform(-20, 300, 2) + rng.uniform(-size, size, (rng.integers(1, 4), points, 2))
    drawing = render_strokes(strokes.tolist(), pen=int(rng.integers(1, 30)))
    if number % 2:  # greys
        drawing = (drawing * rng.uniform(0.05, 1, drawing.shape)).astype(np.uint8)
    top, left = rng.integers(0, 150, 2)
    return drawing[top : top + rng.integers(1, 281), left : left + rng.integers(1, 281)]


def test_hundreds_of_drawings_come_out_as_in_python(page):
    rng = np.random.default_rng(0)
    drawings = [random_drawing(rng, number) for number in range(700)]
    drawings = [drawing for drawing in drawings if drawing.any()]  # not those beyond the edge
    expected = np.stack([to_mnist(drawing) for drawing in drawings])
    texts = [[base64.b64encode(one.tobytes()).decode(), *one.shape] for one in drawings]
    found = b"".join(map(base64.b64decode, page.evaluate(PREPARE, texts)))
    found = np.frombuffer(found, np.uint8).reshape(-1, 28, 28)
    assert np.abs(found.astype(int) - expected).max() <= 1
    # They are as unlike as they should be: dots, thin ones, and some that are wider than high.
    heights, widths = (expected.any(axis=axis).sum(axis=1) for axis in (2, 1))
    assert (heights < 6).sum() > 5 and (widths < 6).sum() > 5
    assert len(np.unique(expected, axis=0)) > 250
    assert page.evaluate("toMnist(new Uint8Array(12), 3, 4)") is None  # a blank one is no digit


def small_photo(digit, number):
    """Return a photo that neither Python nor JavaScript reduces, as an array; some of a board."""
    grey = np.array(
        photo(digit, np.random.default_rng(number), 0.8).resize((400 - 9 * number, 300))
    )
    return 255 - grey if number % 3 == 0 else grey  # chalk


def test_the_ink_on_a_photo_is_found_as_in_python(page, mnist_data):
    photos = [small_photo(digit, number) for number, digit in enumerate(mnist_data[1][0][:12])]
    strip = np.full((1, 200), 200, np.uint8)  # narrower than what evens out the grain
    strip[0, 100] = 20
    photos += [strip, strip.T]
    for grey in photos:
        ink = page.evaluate(FIND, [base64.b64encode(grey.tobytes()).decode(), *grey.shape])
        ink = np.frombuffer(base64.b64decode(ink), np.uint8).reshape(grey.shape).astype(int)
        assert np.abs(ink - from_image(Image.fromarray(grey))).max() <= 1


def test_a_photo_is_read_before_one_has_waited(page, mnist_data):
    grey = photo(mnist_data[1][0][0], np.random.default_rng(0), 0.8).resize((640, 480))
    text = base64.b64encode(as_bytes(grey.convert("RGB"), "JPEG")).decode()
    times = [page.evaluate(TIME, text) for attempt in range(5)]
    assert statistics.median(times) < 600  # ms; about 60, and 2000 where each window is searched
