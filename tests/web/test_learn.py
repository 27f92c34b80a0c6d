"""Training in a page: the gradients and the steps are Keras's."""

import base64
import json
import re

import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras, tf
from helpers.drawing.strokes import recorded_strokes
from helpers.model import build_model
from helpers.web import scripts, train
from helpers.web.layers import describe
from tests.browser import axe_violations, watch
from tests.networks import NETWORKS

expect = pytest.importorskip("playwright.sync_api").expect
# The gradient of all images, and the weights after steps of twenty images each.
READ = """([description, text, labels, rate]) => {
    const network = readNetwork(description), secondMoments = [];
    const pixels = Float32Array.from(readBytes(text), (grey) => grey / 255);
    const images = labels.map((_, i) => imageOf(pixels, i));
    const first = gradient(network, images, labels);
    for (let i = 0; i < labels.length; i += 20) {
        const batch = gradient(network, images.slice(i, i + 20), labels.slice(i, i + 20));
        step(network, batch.gradient, rate, secondMoments);
    }
    const arrays = (layers) => layers.filter(({kernel}) => kernel?.length)
        .flatMap(({kernel, bias}) => [[...kernel], [...bias]]);
    return [first.loss, first.digits, arrays(first.gradient), arrays(network.layers)];
}"""


@pytest.mark.parametrize("build", [build_model, NETWORKS["same, even kernels, not square"]])
def test_gradients_and_steps_are_those_of_keras(chromium, mnist_data, build):
    images, labels = (array[:200] for array in mnist_data[0])
    keras.utils.set_random_seed(1)
    model = build()
    model.compile(keras.optimizers.RMSprop(0.002), loss="sparse_categorical_crossentropy")
    described, text = describe(model), base64.b64encode(images).decode()
    pixels = mnist.prepare(images)
    with tf.GradientTape() as tape:
        answers = model(pixels, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, answers))
    expected = tape.gradient(loss, model.trainable_variables)
    for x, y in zip(np.split(pixels, 10), np.split(labels, 10), strict=True):
        model.train_on_batch(x, y)

    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("learn.js"))
    read = page.evaluate(READ, [described, text, labels.tolist(), 0.002])
    assert read[:2] == [pytest.approx(float(loss), rel=1e-5), np.argmax(answers, axis=1).tolist()]
    for gradient, wanted in zip(read[2], map(np.ravel, expected), strict=True):
        assert np.abs(gradient - wanted).max() <= 1e-5 * np.abs(wanted).max()
    for weights, wanted in zip(read[3], model.get_weights(), strict=True):
        np.testing.assert_allclose(weights, wanted.ravel(), atol=1e-5)


def test_the_lessons_network_is_that_of_keras_before_its_training(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("train.js"))
    built = page.evaluate("""() => buildLayers(NETWORKS.at(-1), randomFrom(1)).map(
        ({kernel, bias, ...layer}) => [layer, [...kernel ?? []], [...bias ?? []]])""")
    model, weights = build_model(), []
    for layer, (described, kernel, bias) in zip(describe(model)["layers"], built, strict=True):
        weights += [np.array(array) for array in (kernel, bias) if array]
        assert described == {key: layer[key] for key in layer if key != "weights"}
    for found, wanted in zip(weights, model.get_weights(), strict=True):
        assert found.size == wanted.size
        np.testing.assert_allclose([found.max(), -found.min()], wanted.max(), rtol=0.05)


SOFTMAX = "one layer: ten images of weights (softmax regression)"
SMALL, LESSON = "small: two convolutions", "the lesson's: three convolutions"
# As anywidget shows it: `end` is what it calls when the cell is run again.
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Watch it learn</title>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<style>{style}</style><main><h1>Watch it learn</h1><div id="here"></div></main><script>(() => {{
{script}
const state = {{digits: {digits}, strokes: {strokes}}}, model = {{get: (name) => state[name]}};
window.end = renderTraining({{model, el: document.getElementById("here")}});
}})();</script></html>"""
COUNT_WORKERS = """alive = 0; Worker = class extends Worker {
    constructor(url) { super(url); alive += 1; }
    terminate() { super.terminate(); alive -= 1; }
}"""


@pytest.fixture(scope="module")
def opened(chromium, mnist_data, tmp_path_factory):
    """A function that opens a page on which networks train, under a content security policy."""
    path = tmp_path_factory.mktemp("train") / "page.html"
    parts = {"style": scripts.styles("train.css"), "script": scripts.bundle("train.js")}
    parts |= {"digits": json.dumps(train.digits(*mnist_data[0])), "strokes": recorded_strokes()}

    def opened(policy=""):
        path.write_text(PAGE.format(policy=policy, **parts), encoding="utf-8")
        page = chromium.new_page()
        page.add_init_script(COUNT_WORKERS)
        page.wrong = watch(page, path.as_uri())
        page.goto(path.as_uri())
        return page

    return opened


def press(view, name):
    view.get_by_role("button", name=name, exact=True).click()


def choose(view, name, option):
    view.locator("label", has_text=name).locator("select").select_option(label=option)


def wait_for(view, pattern):
    """Wait, however long it takes, until its status fits; return it."""
    status = view.get_by_role("status").first
    expect(status).to_contain_text(re.compile(pattern), timeout=300_000)
    return status.inner_text()


def test_a_network_learns_step_by_step_pauses_begins_again_and_diverges(opened):
    view = opened()
    choose(view, "Network", SOFTMAX)
    press(view, "Step")
    first = wait_for(view, "^1 steps, 64 images")
    press(view, "Train")
    wait_for(view, r"[6-9]\d\.\d% on 500 others")
    assert axe_violations(view) == []
    press(view, "Pause")
    expect(view.locator(".pad-answer")).to_contain_text("The network says")
    assert 10 < view.locator(".train-mistake").count() <= 24
    view.get_by_label("only 100 images").check()
    view.get_by_label("shuffled labels").check()
    press(view, "Train")  # it learns by heart what can't be understood
    wait_for(view, r"(9\d\.\d|100\.0)% on the last of them, [1-4]?\d\.\d% on 500")
    press(view, "Pause")
    choose(view, "Network", SMALL)
    choose(view, "Learning rate", "0.1")
    press(view, "Train")
    wait_for(view, "It diverged")
    assert view.evaluate("alive") > 0
    view.evaluate("end()")
    assert view.evaluate("alive") == 0

    view.reload()
    choose(view, "Network", SOFTMAX)
    press(view, "Step")
    assert wait_for(view, "^1 steps") == first and view.wrong == []


def test_where_workers_fail_the_page_itself_trains_and_says_so(opened):
    view = opened("worker-src 'none'")
    press(view, "Step")
    wait_for(view, "^1 steps, 64 images")
    assert "A worker of the browser has failed" in view.inner_text(".train")


@pytest.mark.slow
@pytest.mark.parametrize("network", [SMALL, LESSON])
def test_it_comes_to_95_percent(opened, network):
    view = opened()
    choose(view, "Network", network)
    press(view, "Train")
    wait_for(view, r"(9[5-9]\.\d|100\.0)% on 500")
