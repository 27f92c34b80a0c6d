"""drawing.js and photo.js against preparation.py and photo.py."""

import base64

import numpy as np
from PIL import Image

from helpers.drawing import to_mnist
from helpers.drawing.photo import from_image
from helpers.drawing.strokes import render_strokes
from tests.browser import page_with
from tests.drawing.test_drawing import as_file, photo

INK = "(...grey) => findInk(...grey).map((ink) => 255 * ink)"


def in_browser(page, compute, arrays):
    texts = [[base64.b64encode(array.tobytes()).decode(), *array.shape] for array in arrays]
    found = map(base64.b64decode, page.evaluate("compute", [texts, compute]))
    return [np.frombuffer(one, np.uint8).astype(int) for one in found]


def random_drawing(rng):
    """Draw strokes that are tiny or large, thin or fat, pale, off the centre or cut by an edge."""
    size = rng.choice([3, 10, 40, 120, 240])
    strokes = rng.uniform(20, 260, 2) + rng.uniform(-size, size, (2, rng.integers(2, 7), 2))
    drawing = render_strokes(strokes.tolist(), pen=int(rng.integers(1, 30)))
    drawing = (drawing * rng.uniform(0.05, 1, drawing.shape)).astype(np.uint8)
    return drawing[rng.integers(20) :, rng.integers(20) :]


def test_a_hundred_drawings_come_out_as_in_python(chromium):
    page, rng = page_with(chromium, "drawing.js"), np.random.default_rng(0)
    drawings = [drawing for number in range(120) if (drawing := random_drawing(rng)).any()]
    assert len(drawings) >= 100
    for found, drawing in zip(in_browser(page, "toMnist", drawings), drawings, strict=True):
        assert np.abs(found - to_mnist(drawing).ravel()).max() <= 1
    assert page.evaluate("toMnist(new Uint8Array(12), 3, 4)") is None  # a blank one is no digit


def test_the_ink_on_a_photo_is_found_as_in_python(chromium, mnist_data):
    page = page_with(chromium, "photo.js")
    rng, size = np.random.default_rng(0), (400, 290)  # small enough that nobody reduces it
    photos = [np.array(photo(digit, rng, 0.8).resize(size)) for digit in mnist_data[1][0][:5]]
    strip = np.full((1, 200), 200, np.uint8)  # narrower than what evens out the grain
    strip[0, 100] = 20
    photos += [255 - photos[0], strip]  # chalk
    for found, grey in zip(in_browser(page, INK, photos), photos, strict=True):
        expected = from_image(as_file(Image.fromarray(grey)))
        assert np.abs(found - expected.ravel()).max() <= 1
