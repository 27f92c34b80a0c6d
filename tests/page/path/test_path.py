"""The path over a page with a network, in a real browser, and its numbers in Keras."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers import mnist
from helpers.common.backend import keras
from helpers.features import inputs_and_logits, layer_outputs
from helpers.widgets import take_home
from tests.browser import ONE, SEVEN, Pad, axe_violations, read_step
from tests.networks import network
from tests.sentences import is_rounded

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
STEPS = 10  # for the shipped network
BREAK_STEP, NETWORK_STEP, WEIGHT_STEP, FOOL_STEP = 7, 8, 9, 10
MANY_STEPS = 120_000  # milliseconds, enough to train for 100 steps


class Path:
    """The path on a page, and what one can do with it."""

    def __init__(self, page, number=None):
        self.page = page
        self.pad = Pad(page.locator(".pad").first)
        if number:
            page.goto(f"{page.url}#path={number}")
        else:
            page.locator("#about button").click()
        self.bar = page.locator(".path")

    def node(self, name):
        return self.bar.locator(f"[data-name={name}]")

    def options(self):
        return self.node("options").locator("button")

    def choose(self, k):
        """Choose an option, and return the answer when it is there."""
        self.options().nth(k).click()
        expect(self.node("answer")).not_to_have_text("One moment ...", timeout=60_000)
        return self.node("answer").inner_text()

    def value(self, name):
        """Return the number of this name in the answer."""
        return self.node("answer").locator(f"[data-value={name}]").first.inner_text()

    def is_right(self):
        return "Your prediction was right." in self.node("answer").inner_text()

    def place(self):
        return self.page.locator(".path-place")


@pytest.fixture(scope="module")
def page_file(shipped_model):
    return take_home.write_page(shipped_model).path


@pytest.fixture
def path(opened, page_file):
    return Path(opened(page_file, **DESKTOP))


@pytest.fixture
def shown_image(path):
    """The first test image, on the pad of a page."""
    path.pad.press("Another example")
    _known, (test_images, _labels) = mnist.load_data()
    return test_images[take_home.EXAMPLES[0]]


def look(path, number):
    """Look at a step as somebody does who sees the page, and as one who hears it."""
    assert path.page.url.endswith(f"#path={number}")
    expect(path.node("heading")).to_be_focused()
    expect(path.node("heading")).to_contain_text(f"{number} of {STEPS}")
    see_frame(path)


def see_frame(path):
    """There is one frame, and its beginning is in sight beside the path."""
    expect(path.place()).to_have_count(1)
    frame, bar = path.place().bounding_box(), path.bar.bounding_box()
    at = [frame["x"] + 4, frame["y"] + 4]
    is_hidden = "([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('.path'))"
    assert 0 <= at[1] < path.page.viewport_size["height"], frame
    assert not path.page.evaluate(is_hidden, at), (frame, bar)
    assert bar["height"] < path.page.viewport_size["height"] / 2
    assert bar["x"] >= 0 and bar["x"] + bar["width"] <= path.page.viewport_size["width"]


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_path_leads_from_the_first_drawing_to_the_end(opened, page_file, size, scheme):
    path = Path(opened(page_file, **size, color_scheme=scheme))
    for number in range(1, STEPS + 1):
        look(path, number)
        assert path.node("answer").inner_text() == ""  # nothing before a prediction
        path.choose(0)
        if number == 1:
            path.pad.touch(SEVEN) if size is PHONE else path.pad.draw(SEVEN)
            expect(path.node("answer").locator("[data-value=read]")).to_have_text("7")
        assert path.options().first.get_attribute("aria-pressed") == "true"
        assert path.node("answer").inner_text() != ""
        if number > 1:
            see_frame(path)
        assert axe_violations(path.page, ".path") == []
        path.node("on").click()
    assert path.page.url.endswith(f"#path={STEPS + 1}")
    assert path.options().count() == 0
    expect(path.node("on")).to_be_hidden()
    assert axe_violations(path.page) == []


def test_the_first_steps_say_the_numbers_of_keras(path, shown_image, shipped_model):
    scaled = np.float32(shown_image[None, ..., None]) / 255
    outputs = [values for _name, values in layer_outputs(shipped_model, scaled[0])]
    maps = outputs[1].reshape(26, 26, 32)
    kernel, bias = shipped_model.layers[1].get_weights()

    path.node("on").click()
    count = np.count_nonzero(shown_image)
    path.choose(int(count >= 50) + int(count > 200))
    assert path.value("count") == str(count) and path.is_right()

    path.node("on").click()
    row, column, best = np.unravel_index(maps.argmax(), maps.shape)
    path.choose(3 * int(row) // 26)
    assert path.is_right()
    assert path.value("map") == str(best) and path.value("row") == str(row)
    assert is_rounded(path.value("number"), float(maps.max()))
    title = path.page.locator(".explain:not([hidden]) .explain-title")
    expect(title).to_contain_text(f"map {best}, row {row}, column {column}")

    path.node("on").click()
    products = float((scaled[0, 13:16, 13:16, 0] * kernel[:, :, 0, best]).sum())
    score = products + float(bias[best])
    path.choose(int(score <= 0))
    assert path.is_right() and path.value("products") == "9"
    assert is_rounded(path.value("sum"), products, 1e-6)
    assert is_rounded(path.value("bias"), float(bias[best]))
    assert is_rounded(path.value("score"), score, 1e-6)
    expect(title).to_contain_text(f"map {best}, row 13, column 13")

    path.node("on").click()
    assert path.options().all_inner_texts() == ["3x3", "18x18", "28x28"]
    path.choose(1)
    assert path.is_right()
    assert path.value("ink") == str(np.count_nonzero(shown_image[4:22, 4:22]))
    expect(title).to_contain_text("row 1, column 1")

    path.node("on").click()
    _features, [scores] = inputs_and_logits(shipped_model, scaled)
    second, best = np.argsort(scores)[-2:]
    distance = float(scores[best]) - float(scores[second])
    share = 1 / np.exp(np.float64(scores) - scores[best]).sum()
    asked = path.node("question").locator
    assert is_rounded(asked("[data-value=score]").inner_text(), float(scores[best]), 1e-5)
    shown = asked("[data-value=share]").inner_text()
    assert float(shown.strip(">%")) == pytest.approx(100 * share, abs=0.1)
    path.choose(1)
    assert path.is_right()
    assert (path.value("class"), path.value("other")) == (str(best), str(second))
    assert is_rounded(path.value("distance"), distance, 1e-4)
    times = float(path.value("times").replace(",", ""))
    assert times == pytest.approx(np.exp(distance), rel=0.1)


def test_without_one_filter_it_reads_as_many_digits_as_keras_says(path, shown_image, shipped_model):
    image = np.float32(shown_image[..., None]) / 255
    maps = layer_outputs(shipped_model, image)[1][1]
    best = int(maps.reshape(-1, 32).max(axis=0).argmax())
    (known, labels), _test = mnist.load_data()
    known, labels = np.float32(known[50_000:50_200, ..., None]) / 255, labels[50_000:50_200]
    whole = keras.models.clone_model(shipped_model)
    whole.set_weights(shipped_model.get_weights())

    def count_right():
        return int((whole.predict(known, verbose=0).argmax(axis=1) == labels).sum())

    before = count_right()
    weights = whole.get_weights()
    weights[0][..., best] = weights[1][best] = 0
    whole.set_weights(weights)
    shares = path.page.locator(".pad-share").all_inner_texts()
    path.page.evaluate(f"location.hash = '#path={BREAK_STEP}'")
    assert str(best) in path.node("question").inner_text()
    path.choose(0)
    assert path.value("before") == str(before) and path.value("without") == str(count_right())
    assert path.page.locator(".pad-share").all_inner_texts() == shares  # the filter is back


def test_a_new_network_guesses_and_then_learns(opened, page_file):
    path = Path(opened(page_file, **DESKTOP), NETWORK_STEP)
    path.choose(1)
    assert path.is_right() and 0 < int(path.value("right")) < 20
    path.node("action").locator("button").click()
    seen = path.node("answer").locator("[data-value=seen]")
    expect(seen).to_have_text("6,400", timeout=MANY_STEPS)
    assert int(path.value("now")) > 200
    curve = path.place().locator(".train-validation").first.get_attribute("points")
    heights = [float(number) for number in curve.split(",")[1::2]]
    assert heights[-1] < heights[0] - 40  # of 140, from the dotted line upwards


def test_one_step_says_the_numbers_that_the_page_shows(opened, page_file):
    path = Path(opened(page_file, **DESKTOP), WEIGHT_STEP)
    path.choose(1)
    assert path.is_right()
    before, derivative, after = read_step(path.page)
    shown = [path.value(name).replace("\N{MINUS SIGN}", "-") for name in ("before", "after")]
    assert shown == [before, after]
    assert path.value("derivative") == derivative and float(derivative) > 0


def test_who_fools_the_network_sees_how_sure_it_is(opened, page_file):
    path = Path(opened(page_file, **DESKTOP))
    path.pad.draw(ONE)
    path.page.goto(f"{path.page.url.split('#')[0]}#path={FOOL_STEP}")
    path.choose(0)
    answer = path.node("answer").locator("[data-value=class]")
    expect(answer).to_have_text("1")
    path.pad.draw([[[60, 60], [170, 60]]])
    expect(answer).not_to_have_text("1")
    wrong = path.pad.root.locator(".pad-best .pad-class").inner_text()
    expect(answer).to_have_text(wrong)
    verdict = path.node("answer").locator("strong").inner_text()
    path.pad.press("Undo")  # it reads the 1 again, and has been fooled all the same
    expect(path.node("answer").locator("[data-value=present]")).to_have_text("1")
    expect(answer).to_have_text(wrong)
    assert path.node("answer").locator("strong").inner_text() == verdict
    assert "still" not in path.node("answer").inner_text()


def test_whoever_has_drawn_already_is_asked_what_it_is(opened, page_file):
    path = Path(opened(page_file, **DESKTOP))
    path.pad.draw(ONE)
    path.page.evaluate("location.hash = '#path=1'")
    expect(path.node("question")).to_have_text("What have you drawn? Choose it.")
    path.choose(1)
    expect(path.node("answer").locator("[data-value=read]")).to_have_text("1")


def test_on_a_phone_the_ways_are_in_sight_and_the_fields_are_framed(opened, page_file):
    path = Path(opened(page_file, **PHONE))
    path.pad.draw(SEVEN)
    for number in range(1, STEPS + 1):
        path.page.evaluate(f"location.hash = '#path={number}'")
        path.choose(0)
        expect(path.node("answer")).not_to_have_text(re.compile("moment"))
        path.bar.evaluate("bar => { bar.scrollTop = 0; }")  # at the question, above the answer
        box = path.node("on").bounding_box()
        assert box["y"] + box["height"] <= path.page.viewport_size["height"], number
        if number == 5:
            picture = path.bar.locator(".path-picture")
            [large, small] = picture.locator(".map-mark").all()
            for mark, size in ((large, 18), (small, 3)):
                width = mark.bounding_box()["width"] / picture.bounding_box()["width"]
                assert width == pytest.approx(size / 28, abs=0.02)


def test_a_blank_pad_is_asked_for_a_drawing(path):
    path.node("on").click()
    path.pad.press("Clear")
    expect(path.node("question")).to_contain_text("The pad is blank.")
    assert path.options().count() == 0 and axe_violations(path.page, ".path") == []
    path.pad.draw(SEVEN)
    path.choose(1)
    ink = int(path.value("count"))
    path.pad.draw([[[40, 240], [240, 240]]])
    expect(path.node("answer").locator("[data-value=count]")).not_to_have_text(str(ink))
    assert int(path.value("count")) > ink  # the numbers are those of the drawing that is there


def test_the_path_can_be_left_and_found_again(path):
    press = path.page.keyboard.press
    press("ArrowLeft")  # there is none before
    for _step in range(3):
        press("ArrowRight")
    press("ArrowLeft")
    look(path, 3)
    path.choose(0)
    path.node("leave").click()
    expect(path.bar).to_have_count(0)
    expect(path.place()).to_have_count(0)
    assert "#" not in path.page.url
    opener = path.page.locator("#about button")
    expect(opener).to_be_focused()
    expect(opener).to_have_text("Go on with the path")
    press("Enter")
    look(path, 3)
    assert path.options().first.get_attribute("aria-pressed") == "true"
    path.page.evaluate("location.hash = '#path=5'")
    look(path, 5)
    path.page.evaluate("location.hash = '#path=99'")  # a step that isn't there: the end
    expect(path.node("on")).to_be_hidden()


def test_steps_that_a_network_has_no_place_for_are_left_out(opened):
    """One layer has no maps. Two layers of one kind with one activation can't be trained here."""
    layers = keras.layers
    one = network("one layer")
    odd = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    for model, count in ((one, 6), (odd, 4)):
        path = Path(opened(take_home.write_page(model).path, **DESKTOP))
        expect(path.node("heading")).to_contain_text(f"1 of {count}")
        for _step in range(count):
            path.choose(0)
            assert path.node("answer").inner_text() != ""
            path.node("on").click()
        expect(path.node("on")).to_be_hidden()
