"""The viewer of a network: what it shows of the layers, and how it ends."""

import numpy as np

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
