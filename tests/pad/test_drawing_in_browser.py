"""`toMnist` of drawing.js against `to_mnist` of drawing.py."""

import base64

import numpy as np
import pytest

from helpers.files import ROOT
from helpers.javascript import bundle
from helpers.pad.drawing import to_mnist
from helpers.pad.strokes import render_strokes

PREPARE = """drawings => drawings.map(([text, height, width]) => btoa(String.fromCharCode(
    ...toMnist(Uint8Array.from(atob(text), ink => ink.charCodeAt(0)), height, width))))"""


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


@pytest.fixture(scope="module")
def prepare(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=bundle(ROOT / "helpers" / "pad" / "drawing.js"))

    def prepare(drawings):
        texts = [[base64.b64encode(d.tobytes()).decode(), *d.shape] for d in drawings]
        images = b"".join(map(base64.b64decode, page.evaluate(PREPARE, texts)))
        return np.frombuffer(images, np.uint8).reshape(-1, 28, 28)

    return prepare


def test_two_thousand_drawings_come_out_as_in_python(prepare):
    rng = np.random.default_rng(0)
    drawings, number = [], 0
    while len(drawings) < 2000:
        drawing = random_drawing(rng, number)
        drawings += [drawing] if drawing.max() else []
        number += 1
    expected = np.stack([to_mnist(drawing) for drawing in drawings])
    found = np.concatenate([prepare(drawings[i : i + 100]) for i in range(0, 2000, 100)])
    assert np.abs(found.astype(int) - expected).max() <= 1
    # They are as unlike as they should be: dots, thin ones, and some that are wider than high.
    heights, widths = (expected.any(axis=axis).sum(axis=1) for axis in (2, 1))
    assert (heights < 6).sum() > 20 and (widths < 6).sum() > 20
    assert len(np.unique(expected, axis=0)) > 1900


def test_a_blank_drawing_is_no_digit(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=bundle(ROOT / "helpers" / "pad" / "drawing.js"))
    assert page.evaluate("toMnist(new Uint8Array(12), 3, 4)") is None
