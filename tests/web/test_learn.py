"""Training in a page: the gradients and the steps are Keras's."""

import base64

import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras, tf
from helpers.model import build_model
from helpers.web import scripts
from helpers.web.layers import describe

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
    const arrays = (all) => all.flatMap(({kernel, bias}) => kernel?.length ? [[...kernel], [...bias]] : []);
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
