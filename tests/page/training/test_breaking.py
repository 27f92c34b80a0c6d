"""Weights that somebody changes on purpose, and what becomes of the answers, as Keras says it."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers import mnist
from helpers.common.backend import keras
from helpers.widgets import take_home
from tests.browser import ONE, SEVEN, Pad

COUNT = 200  # digits


@pytest.fixture(scope="module")
def page_file(shipped_model):
    return take_home.write_page(shipped_model).path


class Broken:
    """The fold *Break it* of a page, with a 7 on the pad."""

    def __init__(self, page):
        self.page = page
        self.pad = Pad(page.locator(".pad").first)
        self.pad.draw(SEVEN)
        self.pad.says("The network says 7")
        self.fold = page.locator("[data-name=breaking]")

    def node(self, name):
        return self.fold.locator(f"[data-name={name}]")

    def unfold(self):
        self.fold.locator("summary").click()

    def choose(self, layer, unit):
        self.node("broken-layer").select_option(str(layer))
        self.node("broken-unit").fill(str(unit))

    def press(self, name):
        """Break it, and return the cells of the table when the digits have been read."""
        self.node(name).click()
        expect(self.fold.locator("tr").last.locator("td").last).to_have_text(
            re.compile(r"^\d+$"), timeout=60_000
        )
        rows = self.fold.locator("tr:has(th[scope=row])").all()
        return [row.locator("td").all_inner_texts() for row in rows]


@pytest.fixture
def broken(opened, page_file):
    return Broken(opened(page_file, viewport={"width": 1280, "height": 900}))


@pytest.fixture
def twin(shipped_model):
    """A network in Keras with the same weights, which may be changed."""
    model = keras.models.clone_model(shipped_model)
    model.set_weights(shipped_model.get_weights())
    return model


def count_right(model):
    """Count what a network reads of the images that the page has for validation."""
    images, labels = mnist.load_data()[0]
    held_out = slice(50_000, 50_000 + COUNT)
    answers = model.predict(mnist.prepare(images[held_out]), verbose=0).argmax(axis=1)
    return str(np.count_nonzero(answers == labels[held_out]))


def change(model, function):
    """Change the weights of each layer, a kernel and a bias, by a function of the layer's index."""
    for k, layer in enumerate(model.layers):
        if layer.weights:
            kernel, bias = layer.get_weights()
            layer.set_weights(function(k, kernel.copy(), bias.copy()))


def rounded(bits):
    def round_kernel(_layer, kernel, bias):
        levels = np.linspace(kernel.min(), kernel.max(), 2**bits)
        nearest = np.abs(kernel[..., None] - levels).argmin(axis=-1)
        return levels[nearest], bias

    return round_kernel


@pytest.mark.parametrize("bits", [4, 2, 1])
def test_rounded_weights_read_as_many_digits_as_in_keras(broken, twin, bits):
    broken.unfold()
    (_before, whole), (_now, right) = broken.press(f"bits-{bits}")
    assert whole == count_right(twin)
    change(twin, rounded(bits))
    assert right == count_right(twin)
    assert (int(right) < int(whole) - 50) == (bits == 1)


def test_a_filter_of_zeros_has_an_empty_map_and_put_back_brings_all_back(broken, twin):
    broken.unfold()
    shares = broken.page.locator(".pad-share").all_inner_texts()
    rest = broken.page.locator("[data-name=filters] canvas").evaluate("node => node.toDataURL()")
    expect(broken.node("put-back")).to_be_disabled()
    broken.choose(5, 7)
    broken.press("unit-zero")
    [_before, (answer, right)] = broken.press("bias-zero")  # one change after another

    def zero(k, kernel, bias):
        if k != 5:
            return kernel, bias
        kernel[..., 7] = 0
        return kernel, np.zeros_like(bias)

    change(twin, zero)
    assert right == count_right(twin)
    assert answer.split()[0] == broken.pad.root.locator(".pad-best .pad-class").inner_text()
    broken.node("put-back").click()
    assert broken.page.locator(".pad-share").all_inner_texts() == shares
    after = broken.page.locator("[data-name=filters] canvas").evaluate("node => node.toDataURL()")
    assert after == rest
    assert broken.fold.locator("table").count() == 0
    expect(broken.node("put-back")).to_be_disabled()


def test_the_answers_are_those_to_what_is_drawn_now(broken):
    broken.unfold()
    broken.choose(7, 3)
    (before, _whole), _now = broken.press("unit-random")
    assert before.startswith("7")
    broken.pad.press("Clear")
    broken.pad.draw(ONE)
    expect(broken.fold.locator("tr:has(th[scope=row]) td").first).not_to_have_text(before)


def test_random_weights_are_others_each_time(broken):
    broken.unfold()
    broken.page.locator("[data-name=training] > summary").click()
    filters = broken.page.locator("[data-name=filters] canvas")
    seen = {filters.evaluate("canvas => canvas.toDataURL()")}
    broken.choose(1, 5)
    for _time in range(2):
        broken.press("unit-random")
        seen.add(filters.evaluate("canvas => canvas.toDataURL()"))
    assert len(seen) == 3


def test_below_a_number_a_button_leads_to_the_filter_that_has_made_it(broken):
    broken.page.locator(".viewer-layer[data-layer-index='3'] .map > canvas").first.click()
    title = broken.page.locator(".explain:not([hidden]) .explain-title").inner_text()
    broken.page.locator(".explain:not([hidden]) [data-name=break-unit]").click()
    expect(broken.node("broken-layer")).to_have_value("3")
    unit = re.search(r"map (\d+)", title)[1]
    expect(broken.node("broken-unit")).to_have_value(unit)
    expect(broken.node("broken-unit")).to_be_focused()
    expect(broken.node("unit-zero")).to_be_in_viewport()
    broken.choose(1, 99)  # which it hasn't
    broken.press("unit-zero")
    broken.node("broken-layer").select_option("3")
    broken.node("broken-layer").select_option("1")
    assert int(broken.node("broken-unit").input_value()) <= 31


def test_what_has_learned_since_it_was_broken_is_not_put_back(broken):
    broken.unfold()
    broken.press("bits-1")
    broken.page.locator("[data-name=training] > summary").click()
    broken.page.locator("[data-name=step]").click()
    status = broken.page.locator(".train-status [data-value=steps]")
    expect(status).to_have_text("1", timeout=60_000)
    expect(broken.node("put-back")).to_be_disabled()
    assert broken.fold.locator("table").count() == 0
    broken.page.locator("[data-name=restart]").click()
    broken.pad.says("The network says 7")


def test_a_broken_network_says_at_home_that_it_was_broken(broken, opened, tmp_path):
    broken.unfold()

    def take_home_again(name):
        fold = broken.page.locator("[data-name=home]")
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        with broken.page.expect_download() as download:
            broken.page.locator("[data-name=take-home]").click()
        download.value.save_as(tmp_path / name)
        return opened(tmp_path / name)

    broken.press("bits-1")
    home = take_home_again("broken.html")
    sentence = "Some of its weights were changed on purpose, to break it."
    expect(home.locator("#about")).to_contain_text(sentence)
    broken.node("put-back").click()
    home = take_home_again("whole.html")
    expect(home.locator(".pad-best .pad-class")).to_have_text("5")
    assert sentence not in home.inner_text("#about")
