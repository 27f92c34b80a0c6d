"""What pages and widgets say, in a made-up language that puts marks around each message."""

import json
import re
from functools import partial
from unittest.mock import Mock

import numpy as np

from helpers.backend import keras
from helpers.web import scripts, take_home
from helpers.web.pad import DrawingPad
from helpers.web.reader import DigitReader
from helpers.web.viewer import NetworkViewer
from tests.browser import NO_MEMORY, ONE, SEVEN, Pad, picture, watch
from tests.marks import Marks, speak, texts, without_marks
from tests.networks import functional, network


def translations(script):
    return json.loads(re.match("const MESSAGES = (.*);\n", script)[1])


def test_a_widget_speaks_the_language_in_which_it_is_made(shipped_model, monkeypatch):
    def make():
        failing = Mock(side_effect=RuntimeError("why"))
        viewer = NetworkViewer(shipped_model, np.zeros((28, 28), np.uint8))
        return DrawingPad(failing), DigitReader(), viewer

    english = make()
    speak("xx", monkeypatch)
    pad, reader, viewer = make()
    for widget in english:
        assert translations(widget.get_state()["_esm"]) == {}
    for widget in (pad, reader, viewer):
        assert translations(widget.get_state()["_esm"])["Undo"].startswith("«")
        assert without_marks(repr(widget)) == []
    assert without_marks(pad.drawing_or_recorded()[1]) == []
    pad.set_state({"strokes": [[[9, 9]]]})
    assert pad.answer["problem"].startswith("«")


def test_every_text_of_a_page_is_a_message(chromium, tmp_path, monkeypatch):
    """Draw, load bad files, open each kind of explanation; and all messages have been seen."""
    path, trained = tmp_path / "page.html", tmp_path / "trained.html"
    keras.utils.set_random_seed(4)  # the first number of ReLU is 0
    speak("xx_YY", monkeypatch)
    path.write_text(take_home.page(network("normalised")), encoding="utf-8")
    trained.write_text(take_home.page(functional(keras.layers.Flatten())), encoding="utf-8")
    page = chromium.new_page()
    wrong = watch(page, path.as_uri())
    page.goto(path.as_uri())
    assert page.get_attribute("html", "lang") == "xx-YY"
    pad, pale = Pad(page.locator(".pad")), picture(np.full((90, 90), 200, np.uint8))
    seen = texts(page)

    def look(action=None, says=None):
        """Do something, wait for a text, and look at all texts."""
        if action:
            action()
        if says:
            page.get_by_text(says).first.wait_for()
        seen.update(texts(page))

    look(partial(pad.draw, SEVEN))
    for layer in page.locator(".viewer-layer").all():
        layer.locator("> .map > canvas").focus()
        look(partial(page.keyboard.press, "Enter"))  # of the first map the largest number
        corner = layer.locator("> .map, .map-one").last.locator("canvas")
        look(partial(corner.click, position={"x": 2, "y": 2}))
        for product in layer.locator("[aria-label*='Products'] button").all()[:1]:
            look(product.click)  # of the first convolution beyond the edge
    look(partial(pad.load, pale | {"buffer": b"none"}), "unknown kind")
    look(partial(pad.load, pale), "stands out")
    page.evaluate(NO_MEMORY)
    look(partial(pad.load, pale), "smaller")
    look(page.locator(".pad-buttons button").nth(1).click)  # Clear
    for name in ("Collect my digits", "Next digit", "Next digit", "Stop collecting"):
        look(partial(pad.press, Marks().gettext(name)))
        pad.draw(ONE if name == "Collect my digits" else [])
    assert wrong == [] and page.locator(".teach").count() == 0  # BatchNormalization can't be taught

    page.unroute("**/*")
    page.goto(trained.as_uri())
    pad.draw(SEVEN)
    wrong_digit = page.locator(".teach").get_by_role("button", name="2")
    page.evaluate("[kept, DecompressionStream] = [DecompressionStream]; 0")  # an old browser
    look(wrong_digit.click, "can't be loaded")
    page.evaluate("DecompressionStream = kept; 0")
    look(wrong_digit.click, "is learning")
    look(says="other digits")
    look(partial(page.locator(".teach .pad-file").set_input_files, pale), "no file")
    look(page.locator(".teach").get_by_role("button", name="Forget").click, "has forgotten")
    messages = translations(scripts.bundle("page.js"))
    assert len(messages) > 50
    for message in messages:
        pattern = re.sub(r"\\{\w+\\}", ".*", re.escape(Marks().gettext(message)))
        assert any(re.search(pattern, text) for text in seen), message
