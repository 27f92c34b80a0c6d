"""The network in JavaScript against Keras, in a real browser."""

import base64

import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.web import scripts
from helpers.web.layers import describe

layers = keras.layers
ANSWERS = """([description, text]) => {
    const network = readNetwork(description);
    const images = Float32Array.from(atob(text), grey => grey.charCodeAt(0) / 255);
    return Array.from({length: images.length / 784}, (_, i) =>
        [...forward(network, images.subarray(784 * i, 784 * (i + 1))).at(-1)]);
}"""


@pytest.fixture(scope="module")
def answers(chromium):
    """A function from a model and images, uint8, to the probabilities that the browser computes."""
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("network.js"))

    def answers(model, images):
        text = base64.b64encode(images.tobytes()).decode()
        return np.array(page.evaluate(ANSWERS, [describe(model), text]))

    return answers


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_lessons_network_answers_as_in_keras(answers, count, mnist_data, shipped_model):
    images = mnist_data[1][0][:count]
    expected = shipped_model.predict(mnist.prepare(images), verbose=0)
    found = answers(shipped_model, images)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_array_equal(found.argmax(axis=1), expected.argmax(axis=1))


# Chains of layers that the exercises lead to; each ends in a softmax of ten.
OTHERS = {
    "same, even kernels, not square": [
        layers.Conv2D(3, 4, padding="same", activation="relu"),
        layers.Conv2D(4, (3, 5), padding="same", use_bias=False),
        layers.MaxPooling2D((2, 3)),
        layers.Conv2D(2, (2, 3)),
        layers.Flatten(),
    ],
    "normalised": [
        layers.Conv2D(4, 3, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(3),
        layers.BatchNormalization(axis=3, scale=False, center=False),
        layers.Flatten(),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.Dropout(0.5),
    ],
    "dense alone": [layers.Flatten(), layers.Dense(20, activation="relu"), layers.Dense(15)],
    "softmax of its own": [layers.Flatten(), layers.Dense(10), layers.Softmax()],
    "activation of its own": [layers.Flatten(), layers.Dense(10), layers.Activation("softmax")],
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_networks_answer_as_in_keras(name, answers, mnist_data):
    chain = OTHERS[name]
    if name.endswith("its own"):
        model = keras.Sequential([keras.Input((28, 28, 1)), *chain])
    else:
        outputs = inputs = keras.Input((28, 28, 1))
        for layer in [*chain, layers.Dense(10, activation="softmax")]:
            outputs = layer(outputs)
        model = keras.Model(inputs, outputs)
    rng = np.random.default_rng(0)
    # Statistics and biases as after a training; variances are above 0.
    moved = [w + (w.ndim == 1) * rng.uniform(0.1, 0.5, w.shape) for w in model.get_weights()]
    model.set_weights(moved)
    images = mnist_data[1][0][:50]
    expected = model.predict(mnist.prepare(images), verbose=0)
    assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference
    np.testing.assert_allclose(answers(model, images), expected, atol=1e-4)


def chain(*middle, end=("softmax",)):
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in middle:
        outputs = layer(outputs)
    if len(outputs.shape) > 2:
        outputs = layers.Flatten()(outputs)
    return keras.Model(inputs, layers.Dense(10, activation=end[0], name="last")(outputs))


def shared():
    inputs = keras.Input((28, 28, 1))
    flat = layers.Flatten()(inputs)
    left, right = layers.Dense(4, name="left")(flat), layers.Dense(4, name="right")(flat)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.Add()([left, right])))


def twice():
    inputs = keras.Input((28, 28, 1))
    odd = layers.Dense(10, activation="softmax", name="odd")
    first = layers.Dense(10)(layers.Flatten()(inputs))
    return keras.Model(inputs, odd(odd(first)))


def borrowed():
    own = chain()
    return keras.Sequential([keras.Input((28, 28, 1)), layers.ReLU(), *own.layers[1:]])


class Own(layers.Dense):
    """A layer that only looks like one of the lesson's."""


def broken():
    model = chain()
    model.layers[-1].bias.assign(np.full(10, np.nan))
    return model


REFUSED = {
    "another layer": (
        lambda: chain(layers.AveragePooling2D(2, name="odd")),
        "odd is a layer of the kind AveragePooling2D",
    ),
    "a learner's own": (
        lambda: chain(layers.Flatten(), Own(3, name="odd")),
        "odd is a layer of the kind Own",
    ),
    "another activation": (
        lambda: chain(layers.Conv2D(1, 3, activation="tanh", name="odd")),
        "odd has the activation tanh",
    ),
    "strides": (
        lambda: chain(layers.Conv2D(1, 3, strides=2, name="odd")),
        r"odd has strides=\(2, 2\)",
    ),
    "dilation": (
        lambda: chain(layers.Conv2D(1, 3, dilation_rate=2, name="odd")),
        "odd has dilation_rate",
    ),
    "padded pooling": (
        lambda: chain(layers.MaxPooling2D(2, padding="same", name="odd")),
        "odd has padding='same'",
    ),
    "overlapping pooling": (
        lambda: chain(layers.MaxPooling2D(3, strides=2, name="odd")),
        "odd has strides",
    ),
    "a leak": (
        lambda: chain(layers.ReLU(negative_slope=0.1, name="odd")),
        "odd has negative_slope",
    ),
    "normalised rows": (
        lambda: chain(layers.BatchNormalization(axis=1, name="odd")),
        "odd has axis=1",
    ),
    "shares of maps": (
        lambda: chain(layers.Conv2D(3, 3, activation="softmax", name="odd")),
        "odd has maps before it",
    ),
    "the same for a layer": (lambda: chain(layers.Softmax(name="odd")), "odd has maps before it"),
    "twice": (twice, "odd is used more than once|odd doesn't follow"),
    "from elsewhere": (borrowed, "first used in another network"),
    "maps weighed": (lambda: chain(layers.Dense(3, name="odd")), "odd has maps before it"),
    "branches": (shared, "right|left|add"),
    "scores": (lambda: chain(end=("linear",)), "ends in last, expected .* softmax"),
    "other images": (
        lambda: keras.Sequential(
            [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
        ),
        r"\(None, 8, 8, 1\)",
    ),
    "no numbers": (broken, "weights of last"),
    "no model": (lambda: "model.keras", "got str"),
    "not built": (lambda: keras.Sequential([layers.Flatten()]), "got Sequential"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_page_cannot_compute_is_named(name):
    make, message = REFUSED[name]
    with pytest.raises(ValueError, match=f"^model: .*(?:{message})"):
        describe(make())
