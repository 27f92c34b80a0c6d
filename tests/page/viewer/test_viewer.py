"""The viewer of a network: what it shows of the layers, and how it ends."""

from decimal import Decimal

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras
from helpers.widgets.viewer import NetworkViewer
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


def test_an_image_that_is_prepared_or_one_of_several_or_no_array_is_refused():
    images = np.full((2, 28, 28), 200, np.uint8)
    for image, got in {
        "no array": ([[0], [0, 255]], "lists of unequal lengths"),
        "prepared": (mnist.prepare(images)[0], r"float32 of shape \(28, 28, 1\)"),
        "several": (images, r"uint8 of shape \(2, 28, 28\)"),
    }.values():
        with pytest.raises(ValueError, match=f"image: got {got}, expected uint8 of shape"):
            NetworkViewer(network("one layer"), image)


@pytest.mark.parametrize("score", ["39.25", "1208.5"])
def test_powers_too_large_to_read_or_to_compute_have_an_exponent(chromium, score):
    dense = keras.layers.Dense(10, activation="softmax")
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), dense])
    dense.set_weights([np.zeros((784, 10)), np.array([float(score)] * 3 + [1.5] * 7)])
    page = chromium.new_page()
    show_widget(page, NetworkViewer(model, np.full((28, 28), 200, np.uint8)))
    page.locator(".pad-row").first.click()
    power = Decimal(score).exp()
    total = 3 * power + 7 * Decimal("1.5").exp()
    power, total = (f"{number:.3e}".replace("+", "") for number in (power, total))
    text = page.locator(".explain:not([hidden]) .explain-text").inner_text()
    assert f"to the power of {Decimal(score):.4f} is {power}. These powers" in text
    assert f"add up to {total}. The share is {power} / {total} = 0.3333." in text
