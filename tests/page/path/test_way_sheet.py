"""The sheet of paper with the way of a drawing, in a real browser, and its numbers in Keras."""

import io

import numpy as np
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from helpers import mnist
from helpers.features import inputs_and_logits, layer_outputs
from helpers.widgets import take_home
from tests.browser import Pad
from tests.networks import network
from tests.sentences import is_rounded

END = "#path=11"
# A browser without windows prints nothing, and says so at once. Here it is still printing.
STILL_PRINTING = "window.print = () => {}"
HAS_PRINTED = "dispatchEvent(new Event('afterprint'))"


@pytest.fixture
def page(opened, shipped_model):
    """A page at the end of its path, with the first test image on the pad."""
    page = opened(take_home.write_page(shipped_model).path)
    Pad(page.locator(".pad").first).press("Another example")
    page.goto(page.url + END)
    return page


@pytest.fixture
def image():
    _known, (test_images, _labels) = mnist.load_data()
    return test_images[take_home.EXAMPLES[0]]


def print_way(page):
    """Press the button, and return the sheet that the browser prints."""
    page.evaluate(STILL_PRINTING)
    page.locator("[data-name=action] button").click()
    page.emulate_media(media="print")
    return page.locator(".way-sheet")


def texts(sheet, selector):
    return sheet.locator(selector).all_inner_texts()


def test_the_sheet_has_each_number_of_the_image(page, image):
    cells = texts(print_way(page), ".way-image td")
    numbers = [0 if cell == "\u00b7" else int(cell) for cell in cells]
    assert np.array_equal(np.reshape(numbers, (28, 28)), image)


def test_the_framed_pixels_make_the_largest_number_of_the_first_maps(page, image, shipped_model):
    sheet = print_way(page)
    scaled = np.float32(image[..., None]) / 255
    maps = layer_outputs(shipped_model, scaled)[1][1].reshape(26, 26, 32)
    row, column, best = np.unravel_index(maps.argmax(), maps.shape)
    framed = "cells => cells.flatMap((cell, i) => cell.className ? [i] : [])"
    expected = [28 * (row + r) + column + c for r in range(3) for c in range(3)]
    assert sheet.locator(".way-image td").evaluate_all(framed) == expected
    tables = [texts(table, ".number") for table in sheet.locator(".numbers").all()]
    kernel = shipped_model.layers[1].get_weights()[0][:, :, 0, best]
    patch = scaled[row : row + 3, column : column + 3, 0]
    assert len(tables) == 3
    for shown, numbers in zip(tables, [patch, kernel, patch * kernel], strict=True):
        assert all(is_rounded(*pair) for pair in zip(shown, numbers.ravel().tolist(), strict=True))
    assert sheet.locator(".map canvas").evaluate("({width, height}) => [width, height]") == [26, 26]


def test_the_sums_and_shares_are_those_of_keras(page, image, shipped_model):
    names, sums, powers, shares = (
        texts(row, "td") for row in print_way(page).locator(".way-shares tr").all()
    )
    scaled = np.float32(image[None, ..., None]) / 255
    logits = inputs_and_logits(shipped_model, scaled)[1][0]
    assert names == [str(digit) for digit in range(10)]
    for shown, logit, power in zip(sums, np.float64(logits), powers, strict=True):
        assert is_rounded(shown, float(logit), 1e-4)
        # The written power has two digits.
        assert float(power.replace(",", "")) == pytest.approx(np.exp(logit), rel=0.05)
    for shown, share in zip(shares, shipped_model.predict(scaled, verbose=0)[0], strict=True):
        assert shown == ">99.9%" or shown == f"{100 * share:.1f}%"


def test_the_sheet_is_one_page_of_a4_and_nothing_else_is_printed(page):
    sheet = print_way(page)
    [paper] = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert "The way of a drawing" in paper.extract_text()
    assert "Take it home" not in paper.extract_text()
    page.emulate_media(media="screen")
    expect(sheet).to_be_hidden()
    page.evaluate(HAS_PRINTED)
    expect(sheet).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()


def test_no_sheet_is_offered_where_no_way_can_be_shown(opened, page):
    Pad(page.locator(".pad").first).press("Clear")
    expect(page.locator("[data-name=action] button")).to_have_count(0)
    other = opened(take_home.write_page(network("one layer")).path)
    other.goto(other.url + END)
    expect(other.locator(".path [data-name=heading]")).to_have_text("The end of the path")
    expect(other.locator("[data-name=action] button")).to_have_count(0)
