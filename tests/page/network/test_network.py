"""What a lesson's network may consist of, and how it trains: in a page as in Keras."""

import base64

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.lenet import build_lenet5
from helpers.model import build_model
from helpers.widgets.described_network import describe
from helpers.widgets.reader import DigitReader
from helpers.widgets.step_address import ARCHITECTURES
from tests.browser import page_with
from tests.networks import NETWORKS
from tests.node import run_in_node

# Takes three steps of RMSprop by one batch; the first gradient, and the weights afterwards.
TRAIN = """([description, text, labels, rate]) => {
    const network = readNetwork(description);
    const batch = imagesIn(readBytes(text)).map((image, i) => ({image, label: labels[i]}));
    const arrays = (layers) => layers.filter(({kernel}) => kernel?.length)
        .flatMap(({kernel, bias}) => [[...kernel], [...bias]]);
    const first = computeGradient(network, batch);
    const means = [];
    for (let step = 0; step < 3; step += 1)
        takeStep(network, computeGradient(network, batch).gradient, rate, means);
    return [first.loss, first.classIndices, arrays(first.gradient), arrays(network.layers)];
}"""


def test_the_shipped_network_answers_as_in_keras(mnist_data, shipped_model):
    images = mnist_data[1][0][:50]
    text = base64.b64encode(images.tobytes()).decode()
    described = DigitReader().network
    assert described == describe(shipped_model)
    found = run_in_node("network/network.js", "answersTo", [described, text])
    expected = shipped_model.predict(mnist.prepare(images), verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("build", [build_model, NETWORKS["same, even kernels, not square"]])
def test_gradients_and_steps_are_those_of_keras(mnist_data, build):
    images, labels = (array[:60] for array in mnist_data[0])
    keras.utils.set_random_seed(1)
    model = build()
    model.compile(keras.optimizers.RMSprop(0.002), loss="sparse_categorical_crossentropy")
    sent = [describe(model), base64.b64encode(images).decode(), labels.tolist(), 0.002]
    loss, digits, gradient, weights = run_in_node("network/backpropagation.js", TRAIN, sent)

    pixels = tf.constant(mnist.prepare(images))
    with tf.GradientTape() as tape:
        answers = model(pixels)
        losses = keras.losses.sparse_categorical_crossentropy(labels, answers)
        mean_loss = tf.reduce_mean(losses)
    assert loss == pytest.approx(float(mean_loss), rel=1e-5)
    assert digits == np.argmax(answers, axis=1).tolist()
    wanted_gradient = tape.gradient(mean_loss, model.trainable_variables)
    for found, wanted in zip(gradient, map(np.ravel, wanted_gradient), strict=True):
        assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()
    for _step in range(3):
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
