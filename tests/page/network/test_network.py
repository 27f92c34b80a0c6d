"""What a lesson's network may consist of, and how it trains: in a page as in Keras."""

import base64
from itertools import product

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.common.files import artifacts
from helpers.lenet import build_lenet5
from helpers.model import build_model
from helpers.saved.models import MODEL_NAME, load_model, path_to_save
from helpers.widgets.described_network import describe
from helpers.widgets.reader import DigitReader
from helpers.widgets.step_address import ARCHITECTURES
from tests.browser import page_with, read_step
from tests.networks import NETWORKS, PARTS, network
from tests.node import run_in_node


def test_each_kind_is_saved_loaded_and_computed_in_a_browser(chromium, mnist_data, shipped_model):
    page, images = page_with(chromium, "network/network.js"), mnist_data[1][0][:50]
    seen = set()
    for model in [shipped_model, *map(network, NETWORKS)]:
        described = describe(model)
        with path_to_save(model) as path:
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

    page = page_with(chromium, "training/one_step.js")
    sent = [described, text, labels.tolist(), 0.002]
    found_loss, digits, sums, _weights, derivatives = page.evaluate("take", sent)
    assert found_loss == pytest.approx(float(loss), rel=1e-5)
    assert digits == np.argmax(answers, axis=1).tolist()
    for found, wanted in zip(sums + derivatives[:-1], map(np.ravel, gradient + back), strict=True):
        assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()
    initial = model.get_weights()
    model.train_on_batch(pixels, labels)
    with_weights = [i + 1 for i, layer in enumerate(described["layers"]) if layer["weights"]]
    for i, (step, name) in enumerate(product(with_weights, ("weight", "bias"))):
        page.evaluate("showStep", step)
        page.locator(".explain-step button", has_text=name).click()
        shown = [*map(float, read_step(page))]
        arrays = initial[i], gradient[i], model.get_weights()[i]
        of_unit = [np.moveaxis(array, -1, 0)[1].ravel() for array in arrays]
        at = np.abs(of_unit[0] - shown[0]).argmin()
        assert [array[at] for array in of_unit] == pytest.approx(shown, abs=2e-6)
    for _step in range(2):
        weights = page.evaluate("take", sent)[3]
        model.train_on_batch(pixels, labels)
    for found, wanted in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(found, wanted.ravel(), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "build", "parameters"),
    [("lesson", build_model, 104_202), ("lenet5", build_lenet5, 61_706)],
)
def test_a_networks_layers_are_those_of_keras_before_its_training(name, build, parameters):
    built = run_in_node("network/architectures.js", "layersOf", ARCHITECTURES[name])
    model, weights = build(), []
    assert model.count_params() == parameters
    for layer, (described, kernel, bias) in zip(describe(model)["layers"], built, strict=True):
        weights += [np.array(array) for array in (kernel, bias) if array]
        assert described == {key: layer[key] for key in layer if key != "weights"}
    for found, wanted in zip(weights, model.get_weights(), strict=True):
        assert found.size == wanted.size
        np.testing.assert_allclose([found.max(), -found.min()], wanted.max(), rtol=0.05)


def test_images_of_weights_of_seven_rows_stand_side_by_side(chromium):
    page = page_with(chromium, "training/training.js")
    assert page.evaluate("widthOfImages()") == 5 * (3 * 7 + 1) - 1  # five of 7, enlarged by 3
