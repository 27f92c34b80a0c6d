"""What a lesson's network may consist of, and how it trains: in a page as in Keras."""

import base64
import re
from itertools import product

import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras, tf
from helpers.files import artifacts
from helpers.model import MODEL_NAME, build_model, load_model
from helpers.network_parts import PARTS
from helpers.training import saving
from helpers.web.layers import describe
from helpers.web.reader import DigitReader
from helpers.web.train import TrainingView
from tests.browser import axe_violations, maps, page_with, show_widget, watch
from tests.networks import NETWORKS, network

expect = pytest.importorskip("playwright.sync_api").expect
SHOW = "(step) => { document.body.replaceChildren(); taken.show(document.body, step, 1); }"


def read_step(page):
    """Return a weight before a step, its derivative and after it, as they are shown last."""
    shown = page.locator(".explain-step", has_text="After the step").last
    expect(shown).to_contain_text("The whole sum", timeout=300_000)
    text = " ".join(shown.locator("p, .pad-button").all_inner_texts()).replace("\u2212", "-")
    products = re.findall(r"image \S+, .+? = (\S+)", text)
    [derivative] = re.findall(r"Its derivative: (\S+)\. ", text)
    [[rest, whole]] = re.findall(r"add up to (\S+)\. The whole sum: (\S+)", text)
    [[before, change, after]] = re.findall(r"step: (\S+) \+ \((\S+)\) = (\S+)", text)
    assert sum(map(float, [*products, rest])) == pytest.approx(float(whole), abs=5e-6)
    assert len(products) == 5 and whole == derivative
    assert float(before) + float(change) == pytest.approx(float(after), abs=2e-6)
    return float(before), float(derivative), float(after)


def test_each_kind_is_saved_loaded_and_computed_in_a_browser(chromium, mnist_data, shipped_model):
    page, images = page_with(chromium, "network.js"), mnist_data[1][0][:50]
    seen = {"InputLayer"}
    for model in [shipped_model, *map(network, NETWORKS)]:
        described = describe(model)
        with saving(model, {"loss": [0.5]}) as path:
            model.save(path)
        assert describe(load_model(artifacts() / MODEL_NAME)) == described
        seen.update(layer["name"] for layer in described["layers"])
        expected = model.predict(mnist.prepare(images), verbose=0)
        assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference
        text = base64.b64encode(images.tobytes()).decode()
        found = np.array(page.evaluate("answersTo", [described, text]))
        np.testing.assert_allclose(found, expected, atol=1e-4)
    assert seen == set(PARTS) and DigitReader().network == describe(shipped_model)


@pytest.mark.parametrize("build", [build_model, NETWORKS["same, even kernels, not square"]])
def test_gradients_and_steps_are_those_of_keras(chromium, mnist_data, build):
    images, labels = (array[:60] for array in mnist_data[0])
    keras.utils.set_random_seed(1)
    model = build()
    model.compile(keras.optimizers.RMSprop(0.002), loss="sparse_categorical_crossentropy")
    described, text = describe(model), base64.b64encode(images).decode()
    pixels = tf.constant(mnist.prepare(images))
    outputs = [layer.output for layer in model.layers[-len(described["layers"]) :]]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(pixels)
        *values, answers = keras.Model(model.inputs, outputs)(pixels)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, answers))
    gradient = tape.gradient(loss, model.trainable_variables)
    back = [derivatives[0] for derivatives in tape.gradient(loss, [pixels, *values])]

    page, sent = page_with(chromium, "one_step.js"), [described, text, labels.tolist(), 0.002]
    found_loss, digits, sums, _weights, derivatives = page.evaluate("take", sent)
    assert found_loss == pytest.approx(float(loss), rel=1e-5)
    assert digits == np.argmax(answers, axis=1).tolist()
    for found, wanted in zip(sums + derivatives[:-1], map(np.ravel, gradient + back), strict=True):
        assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()
    initial = model.get_weights()
    model.train_on_batch(pixels, labels)
    with_weights = [i + 1 for i, layer in enumerate(described["layers"]) if layer["weights"]]
    for i, (step, name) in enumerate(product(with_weights, ("weight", "bias"))):
        page.evaluate(SHOW, step)
        page.locator(".explain-step button", has_text=name).click()
        shown = read_step(page)
        arrays = initial[i], gradient[i], model.get_weights()[i]
        of_unit = [np.moveaxis(array, -1, 0)[1].ravel() for array in arrays]
        at = np.abs(of_unit[0] - shown[0]).argmin()
        assert [array[at] for array in of_unit] == pytest.approx(shown, abs=2e-6)
    for _step in range(2):
        weights = page.evaluate("take", sent)[3]
        model.train_on_batch(pixels, labels)
    for found, wanted in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(found, wanted.ravel(), atol=1e-5)


def test_the_lessons_network_is_that_of_keras_before_its_training(chromium):
    built = page_with(chromium, "train.js").evaluate("layersOfTheLesson()")
    model, weights = build_model(), []
    for layer, (described, kernel, bias) in zip(describe(model)["layers"], built, strict=True):
        weights += [np.array(array) for array in (kernel, bias) if array]
        assert described == {key: layer[key] for key in layer if key != "weights"}
    for found, wanted in zip(weights, model.get_weights(), strict=True):
        assert found.size == wanted.size
        np.testing.assert_allclose([found.max(), -found.min()], wanted.max(), rtol=0.05)


ONE_LAYER = "one layer: ten images of weights (softmax regression)"
COUNT_WORKERS = """alive = 0; Worker = class extends Worker {
    constructor(url) { super(url); alive += 1; }
    terminate() { super.terminate(); alive -= 1; }
}; 0"""
CURVES = """[document.querySelector("[data-name=filters] canvas").toDataURL(),
    ...[...document.querySelectorAll("polyline")].map((line) => line.getAttribute("points"))]"""
FAIL = "Worker = class extends Worker { constructor() { super('data:,throw 1'); } }; 0"


def view(chromium, change_workers):
    """Return a page on which networks train, and the list of what is wrong there."""
    page = chromium.new_page()
    wrong = watch(page)
    page.evaluate(change_workers)
    show_widget(page, TrainingView())
    choose(page, "Network", ONE_LAYER)
    return page, wrong


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def choose(page, name, option):
    page.locator("label", has_text=name).locator("select").select_option(label=option)


def wait_for(page, pattern):
    """Wait, however long it takes, until its status fits."""
    expect(page.locator(".train-status")).to_contain_text(re.compile(pattern), timeout=60_000)


def test_a_network_learns_step_by_step_pauses_and_begins_again(chromium):
    page, wrong = view(chromium, COUNT_WORKERS)
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64")
    press(page, "Train")
    wait_for(page, r"Of 500 digits that it doesn't learn from, it reads [3-4]\d\d")
    assert axe_violations(page, ".viewer") == []
    press(page, "Pause")
    expect(page.locator(".pad-answer")).to_contain_text("The network says")
    assert 10 < page.locator("[data-name=mistakes] canvas").count() <= 24
    choose(page, "Images to learn from", "100 of MNIST, with shuffled labels")
    press(page, "Begin again")
    press(page, "Train")  # it learns by heart what can't be understood
    wait_for(page, r"(9\d\.\d|100\.0)%\. +Of 500 digits.*, it reads [12]?\d?\d ")
    press(page, "Pause")
    choose(page, "Network", "small: two convolutions")
    choose(page, "Learning rate", "0.1")
    press(page, "Train")
    wait_for(page, r"^Steps: ([2-9]|\d\d)")  # one probability was rounded to 0, and it goes on
    press(page, "Pause")
    assert page.evaluate("alive") > 0
    page.evaluate("end()")
    assert page.evaluate("alive") == 0 and wrong == []


def test_one_step_is_shown_in_numbers(chromium):
    page, wrong = view(chromium, COUNT_WORKERS)
    choose(page, "Network", "small: two convolutions")
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64")
    kernels = page.locator("[data-name=filters] canvas")
    box = kernels.bounding_box()
    kernels.click(position={"x": 0.3 * box["width"], "y": 0.7 * box["height"]})
    first = read_step(page)
    opened = page.locator("[data-name=numbers]")
    opened.get_by_role("group", name="Kernel").locator("button").nth(3).click()
    second = read_step(page)
    kernels.focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):  # the first one marks the first kernel
        kernels.press(key)
    page.keyboard.press("ArrowRight")  # from the weight to the bias
    assert len({first, second, read_step(page)}) == 3
    assert axe_violations(page, ".viewer") == []
    for text in ("image ", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense"):
        opened.locator(".explain-step .pad-button:visible", has_text=text).first.click()
    expect(opened).to_contain_text("p \u2212 y, the error")
    page.keyboard.press("Escape")
    expect(opened.locator(".explain:visible")).to_have_count(0)
    press(page, "Begin again")
    expect(page.locator(".train")).to_contain_text("press Step")
    assert opened.inner_text() == "" and wrong == []


def test_where_workers_fail_the_page_itself_trains_the_same_and_says_so(chromium):
    shown = []
    for change, fails in (COUNT_WORKERS, False), (FAIL, True):
        page, _wrong = view(chromium, change)
        page.get_by_label("Seed").fill("7")
        press(page, "Step")
        wait_for(page, "^Steps: 1, images: 64")
        assert ("A worker of the browser has failed" in page.inner_text(".train")) == fails
        shown.append(page.evaluate(CURVES))
    assert shown[0] == shown[1]

    press(page, "Keep this curve")
    page.get_by_label("Look inside").check()
    assert page.locator(".viewer-layer:visible").count() == 3
    press(page, "Begin again")  # from the same start
    untrained = maps(page)
    press(page, "Step")
    wait_for(page, "^Steps: 1, images: 64")
    filters, kept, _training, validation, *_accuracy = page.evaluate(CURVES)
    assert kept == validation == shown[0][3] and filters == shown[0][0]
    trained = maps(page)
    assert untrained[0] == trained[0] and untrained[2] != trained[2]  # the image, and the answer
    page.evaluate("Math.log = () => NaN; 0")
    press(page, "Step")
    wait_for(page, "It diverged")
