"""What pages and widgets say, in a made-up language that puts marks around each message."""

from unittest.mock import Mock

import numpy as np

from helpers.common.backend import keras
from helpers.widgets import take_home
from helpers.widgets.pad import DrawingPad
from helpers.widgets.reader import DigitReader
from helpers.widgets.train import TrainingView
from helpers.widgets.viewer import NetworkViewer
from tests.browser import NO_MEMORY, SEVEN, Pad, picture_file, show_widget
from tests.marks import Marks, find_unmarked_words, page_texts, speak_in_marks
from tests.networks import functional, network


def test_a_widget_speaks_the_language_in_which_it_is_made(shipped_model, monkeypatch, chromium):
    speak_in_marks("xx", monkeypatch)
    pad = DrawingPad(shipped_model)
    viewer = NetworkViewer(shipped_model, np.zeros((28, 28), np.uint8))
    for widget in (pad, DigitReader(), TrainingView(), viewer):
        assert find_unmarked_words(repr(widget)) == []
        page = chromium.new_page()
        show_widget(page, widget)
        assert len(page_texts(page)) > 5
    assert find_unmarked_words(pad.drawing_or_recorded()[1]) == []
    assert DrawingPad(Mock()).problem.startswith("«")


def test_every_text_of_a_page_is_a_message(opened, monkeypatch):
    """Draw, load bad files, open each kind of explanation, teach."""
    speak_in_marks("xx_YY", monkeypatch)
    keras.utils.set_random_seed(4)  # the first number of ReLU is 0

    def look(page, action, *arguments, says="", **options):
        """Do something, wait for a text, and look at all texts."""
        action(*arguments, **options)
        page.locator("main", has_text=says).wait_for()
        page_texts(page)

    page = opened(take_home.write_page(network("normalised")).path)
    assert page.get_attribute("html", "lang") == "xx-YY"
    pad, pale = Pad(page.locator(".pad")), picture_file(np.full((90, 90), 200, np.uint8))
    look(page, pad.draw, SEVEN)
    for layer in page.locator(".viewer-layer").all():
        look(page, layer.locator("> .map > canvas").press, "Enter")  # its largest number
        corner = layer.locator("> .map, .map-one").last.locator("canvas")
        look(page, corner.click, position={"x": 2, "y": 2})
        for product in layer.locator("[aria-label*='Products'] button").all()[:1]:
            look(page, product.click)  # of the first convolution beyond the edge
    look(page, pad.load, pale | {"buffer": b"none"}, says="unknown kind")
    look(page, pad.load, pale, says="stands out")
    page.evaluate(NO_MEMORY)
    look(page, pad.load, pale, says="smaller")
    look(page, pad.press, Marks().gettext("Clear the pad"))

    page = opened(take_home.write_page(functional(keras.layers.Flatten())).path)
    panel = page.locator(".train")
    Pad(page.locator(".pad")).draw(SEVEN)
    look(page, page.locator(".train-labels button").nth(2).click, says="is learning")
    look(page, page.wait_for_timeout, 0, says="learn from, it reads")
    look(page, panel.locator(".pad-file").set_input_files, pale, says="no file")
    for fold in panel.locator("summary").all():
        look(page, fold.click)
    for link in panel.locator("[data-name=experiments] a:visible").all():
        look(page, link.click)
    signs = panel.get_by_role("button", name="Signs of your own")
    look(page, signs.click, says="be removed")
    look(page, panel.locator("li button").click)
    look(page, panel.locator("[data-name=source]").select_option, "own")
    keep = panel.get_by_role("button", name="Keep the drawing").first
    look(page, page.locator(".pad-buttons button").nth(1).click)  # Clear
    look(page, keep.click, says="on the pad first")
    look(page, signs.click, says="Sign")
    name = panel.get_by_label("Name of class").first
    look(page, name.fill, "")
    look(page, name.press, "Enter", says="needs a letter")
    look(page, panel.get_by_role("button", name=Marks().gettext("Step")).click, says="three times")
