"""What pages and widgets say, in a made-up language that puts marks around each message."""

import json
import re
from unittest.mock import Mock

import numpy as np

from helpers.backend import keras
from helpers.web import scripts, take_home
from helpers.web.pad import DrawingPad
from helpers.web.reader import DigitReader
from helpers.web.viewer import NetworkViewer
from tests.browser import NO_MEMORY, ONE, SEVEN, Pad, picture, watch
from tests.marks import Marks, speak, without_marks
from tests.networks import functional, network

SAID = """() => [
    ...[...document.querySelectorAll("title, main")].map((node) => node.textContent),
    ...[...document.querySelectorAll("main *")].flatMap((node) =>
        ["aria-label", "title", "alt", "placeholder"].map((name) => node.getAttribute(name) ?? "")),
]"""


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
    page, seen = chromium.new_page(), set()
    wrong = watch(page, path.as_uri())
    page.goto(path.as_uri())
    assert page.get_attribute("html", "lang") == "xx-YY"
    pad, pale = Pad(page.locator(".pad")), picture(np.full((90, 90), 200, np.uint8))

    def look():
        new = set(page.evaluate(SAID)) - seen
        assert [without_marks(text) for text in new if without_marks(text)] == []
        seen.update(new)

    look()
    pad.draw(SEVEN)
    look()
    for layer in page.locator(".viewer-layer").all():
        canvas = layer.locator("> .map > canvas")
        canvas.focus()
        page.keyboard.press("Enter")  # of the first map the largest number
        look()
        layer.locator("> .map, .map-one").last.locator("canvas").click(position={"x": 2, "y": 2})
        look()
        if edge := layer.locator("[aria-label*='Products'] button").all():
            edge[0].click()  # of the first convolution beyond the edge
            look()
    for file, problem in ((pale | {"buffer": b"none"}, "unknown kind"), (pale, "stands out")):
        pad.load(file)
        pad.says(problem)
        look()
    page.evaluate(NO_MEMORY)
    pad.load(pale)
    pad.says("smaller")
    look()
    page.locator(".pad-buttons button").nth(1).click()  # Clear
    look()
    pad.draw([ONE[0], [[250, 60], [250, 220]]])
    look()
    for name in ("Collect my digits", "Next digit", "Next digit", "Stop collecting"):
        pad.press(Marks().gettext(name))
        look()
        pad.draw(ONE if name == "Collect my digits" else [])
    assert wrong == [] and page.locator(".teach").count() == 0  # BatchNormalization can't be taught

    page.unroute("**/*")
    page.goto(trained.as_uri())
    teacher = page.locator(".teach")

    def says(text):
        page.get_by_text(text).wait_for()
        look()

    pad.draw(SEVEN)
    page.evaluate("[kept, DecompressionStream] = [DecompressionStream]; 0")  # an old browser
    teacher.get_by_role("button", name="2").click()
    says("can't be loaded")
    page.evaluate("DecompressionStream = kept; 0")
    teacher.get_by_role("button", name="2").click()
    says("is learning")
    says("other digits")
    teacher.locator(".pad-file").set_input_files(pale)
    says("no file")
    teacher.get_by_role("button", name="Forget").click()
    says("has forgotten")
    messages = translations(scripts.bundle("page.js"))
    assert len(messages) > 50
    for message in messages:
        pattern = re.sub(r"\\{\w+\\}", ".*", re.escape(Marks().gettext(message)))
        assert any(re.search(pattern, text) for text in seen), message
