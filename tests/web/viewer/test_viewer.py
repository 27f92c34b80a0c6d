"""The viewer of a network: what it shows of the layers, and how it ends."""

import numpy as np
import pytest

from helpers import mnist
from helpers.web.viewer import NetworkViewer
from tests.browser import show_widget
from tests.networks import network


def test_a_viewer_that_ends_takes_away_all_that_it_has_shown(chromium):
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    show_widget(page, NetworkViewer(network("one layer"), np.full((28, 28), 200, np.uint8)))
    page.locator(".viewer-layer canvas").first.press("Enter")
    assert page.locator(".viewer .explain:not([hidden])").count() == 1
    page.evaluate("end()")
    assert page.locator("main").inner_html() == ""
    page.evaluate("void view()")  # the cell is run again
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator(".viewer").count() == 1 and errors == []


def test_an_image_that_is_prepared_or_one_of_several_is_refused():
    images = np.full((2, 28, 28), 200, np.uint8)
    for image, got in {
        "prepared": (mnist.prepare(images)[0], r"float32 of shape \(28, 28, 1\)"),
        "several": (images, r"uint8 of shape \(2, 28, 28\)"),
    }.values():
        with pytest.raises(ValueError, match=f"image: got {got}, expected whole numbers of shape"):
            NetworkViewer(network("one layer"), image)
