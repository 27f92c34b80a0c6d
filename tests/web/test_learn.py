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
from tests.browser import watch

expect = pytest.importorskip("playwright.sync_api").expect
axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
layers = keras.layers
READ = """([description, text, labels, rate, steps]) => {
    const network = readNetwork(description), squares = [];
    check(network);
    const pixels = Float32Array.from(readBytes(text), (grey) => grey / 255);
    const images = labels.map((_, i) => pixels.subarray(784 * i, 784 * (i + 1)));
    const found = gradient(network, images, labels);
    const size = labels.length / Math.max(steps, 1);
    for (let i = 0; i < steps; i += 1) {
        const [from, to] = [i * size, (i + 1) * size];
        const one = gradient(network, images.slice(from, to), labels.slice(from, to));
        step(network, one.gradient, rate, squares);
    }
    const arrays = (all) => all.filter(({kernel}) => kernel?.length)
        .flatMap(({kernel, bias}) => [[...kernel], [...bias]]);
    return [found.loss, found.right, arrays(found.gradient), arrays(network.layers)];
}"""


def another():
    """Build a network of other filters and windows, zeros beyond the edge, and a hidden layer."""
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in [
        layers.Conv2D(7, (4, 5), padding="same", activation="relu"),
        layers.MaxPooling2D((3, 2)),
        layers.Conv2D(5, 3),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(20, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


@pytest.mark.parametrize("build", [build_model, another])
def test_gradients_and_steps_are_those_of_keras(chromium, mnist_data, build):
    images, labels = (array[:200] for array in mnist_data[0])
    keras.utils.set_random_seed(1)
    model = build()
    model.compile(keras.optimizers.RMSprop(0.002), loss="sparse_categorical_crossentropy")
    given = [describe(model), base64.b64encode(images).decode(), labels.tolist(), 0.002, 10]
    pixels = mnist.prepare(images)
    with tf.GradientTape() as tape:
        answers = model(pixels, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, answers))
    wanted = tape.gradient(loss, model.trainable_variables)
    right = int((np.argmax(answers, axis=1) == labels).sum())
    for x, y in zip(np.split(pixels, 10), np.split(labels, 10), strict=True):
        model.train_on_batch(x, y)

    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("learn.js"))
    found_loss, found_right, gradient, weights = page.evaluate(READ, given)
    assert (found_loss, found_right) == (pytest.approx(float(loss), rel=1e-5), right)
    for found, slopes in zip(gradient, wanted, strict=True):
        slopes = np.ravel(slopes)
        assert np.abs(found - slopes).max() <= 1e-5 * np.abs(slopes).max()
    for found, weight in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(found, weight.ravel(), atol=1e-5)


def test_what_cannot_be_trained_is_refused_by_name(chromium):
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in [layers.BatchNormalization(), layers.Flatten(), layers.Dense(10, "softmax")]:
        outputs = layer(outputs)
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("learn.js"))
    refuse = "(one) => { try { check(readNetwork(one)) } catch (error) { return error.message } }"
    message = page.evaluate(refuse, describe(keras.Model(inputs, outputs)))
    assert message == "BatchNormalization, linear, can't be trained here"


SMALL, LESSON = "small: two convolutions", "the lesson's: three convolutions"
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Watch it learn</title>
<style>{style}</style><main><h1>Watch it learn</h1><div id="here"></div></main><script>(() => {{
{script}
const load = async () => ({digits});
showTraining(document.getElementById("here"), {{load, strokes: {strokes}}});
}})();</script></html>"""


@pytest.fixture(scope="module")
def view(chromium, mnist_data, tmp_path_factory):
    """A page on which networks train."""
    path = tmp_path_factory.mktemp("train") / "page.html"
    parts = {"style": scripts.styles("train.css"), "script": scripts.bundle("train.js")}
    parts |= {"digits": json.dumps(train.digits(*mnist_data[0])), "strokes": recorded_strokes()}
    path.write_text(PAGE.format(**parts), encoding="utf-8")
    page = chromium.new_page()
    page.wrong = watch(page, path.as_uri())
    page.goto(path.as_uri())
    return page


def press(view, name):
    view.get_by_role("button", name=name, exact=True).click()


def choose(view, name, option):
    view.locator("label", has_text=name).locator("select").select_option(label=option)


def accuracy(view, steps):
    """Wait until it has taken so many steps; return the shares on its images and on the others."""
    status = view.get_by_role("status").first
    expect(status).to_contain_text(re.compile(steps), timeout=60_000)
    return [float(share) for share in re.findall(r"([\d.]+)%", status.inner_text())]


def test_a_network_learns_step_by_step_pauses_begins_again_and_diverges(view):
    choose(view, "Network", "one layer: ten images of weights (softmax regression)")
    press(view, "Step")
    assert accuracy(view, "^1 steps, 64 images")[1] > 15
    press(view, "Train")
    accuracy(view, r"^\d\d\d steps")
    assert axe.run(view).violations_count == 0
    press(view, "Pause")
    expect(view.locator(".pad-answer")).to_contain_text("The network says 5")
    assert accuracy(view, "steps")[1] > 75
    assert 10 < view.locator(".train-mistake").count() <= 24
    view.get_by_label("only 100 images").check()
    view.get_by_label("shuffled labels").check()
    press(view, "Train")
    learned, others = accuracy(view, r"^\d\d\d\d steps")
    assert learned > 90 and others < 50  # it knows by heart what can't be understood
    press(view, "Pause")
    choose(view, "Network", SMALL)
    choose(view, "Learning rate", "0.1")
    press(view, "Train")
    accuracy(view, "It diverged")
    assert view.wrong == []


@pytest.mark.slow
@pytest.mark.parametrize(("network", "seconds"), [(SMALL, 60), (LESSON, 120)])
def test_it_comes_to_95_percent_before_one_has_waited(view, network, seconds):
    view.reload()
    choose(view, "Network", network)
    press(view, "Train")
    reached = re.compile(r"(9[5-9]\.\d|100\.0)% on 500")
    expect(view.get_by_role("status").first).to_contain_text(reached, timeout=1000 * seconds)
