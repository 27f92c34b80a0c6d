"""The page to take home of networks that a training would have nothing to show of."""

import pytest

from helpers.common.backend import keras
from helpers.widgets import take_home
from tests.browser import SEVEN, Pad

layers = keras.layers


def without_kernel(*middle):
    """Build a network of four classes: the mean of each quarter of the image, and softmax."""
    chain = [layers.AveragePooling2D(14), *middle, layers.Flatten(), layers.Softmax()]
    model = keras.Sequential([keras.Input((28, 28, 1)), *chain])
    model.classes = [*"ABCD"]
    return model


@pytest.mark.parametrize("middle", [[], [layers.BatchNormalization()]])
def test_a_network_without_a_kernel_is_shown_and_answers_and_is_not_trained(opened, middle):
    model = without_kernel(*middle)
    page = opened(take_home.write_page(model, "Quarters").path)
    pad = Pad(page.locator(".pad"))
    pad.draw(SEVEN)
    pad.says("The network says")
    assert page.locator(".viewer-layer").count() == 1 + len(model.layers)
    assert page.locator(".train").count() == 0
    shares = "bars => bars.map(bar => parseFloat(bar.style.width))"
    widths = pad.root.locator(".pad-fill").evaluate_all(shares)
    assert len(widths) == 4 and sum(widths) == pytest.approx(100, abs=0.5)
    page.locator(".pad-row").first.click()
    assert "softmax" in page.locator(".explain:not([hidden])").inner_text().lower()


def test_a_network_whose_first_kernels_read_several_maps_trains_and_shows_them(opened):
    image = keras.Input((28, 28, 1))
    maps = layers.Concatenate()([image, layers.Rescaling(-1, offset=1)(image)])
    row = layers.Flatten()(layers.MaxPooling2D(6)(layers.Conv2D(3, 5, activation="relu")(maps)))
    model = keras.Model(image, layers.Dense(10, activation="softmax")(row))
    page = opened(take_home.write_page(model, "Two maps").path)
    images = page.get_by_role("img", name="3 images of weights for map 0")
    Pad(page.locator(".pad")).draw(SEVEN)
    assert page.locator(".train").count() == 1
    assert page.locator("canvas[aria-label*='3 images of weights for map 0']").count() == 1, images
