"""What a lesson's network may consist of: saved, loaded, and in a browser as in Keras."""

import base64
import functools

import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.model import MODEL_NAME, load_model
from helpers.model_file import ModelFileError
from helpers.network_parts import PARTS
from helpers.training import save_run
from helpers.web import scripts, take_home
from helpers.web.layers import describe
from tests.browser import watch

layers = keras.layers
ANSWERS = """([description, text]) => {
    const network = readNetwork(description);
    const images = Float32Array.from(atob(text), grey => grey.charCodeAt(0) / 255);
    return Array.from({length: images.length / 784}, (_, i) =>
        [...forward(network, images.subarray(784 * i, 784 * (i + 1))).at(-1)]);
}"""
SHOWN = ".explain:not([hidden])"


@pytest.fixture(scope="module")
def answers(chromium):
    """A function from a model and images, uint8, to the probabilities that the browser computes."""
    page = chromium.new_page()
    page.add_script_tag(content=scripts.bundle("network.js"))

    def answers(model, images):
        text = base64.b64encode(images.tobytes()).decode()
        return np.array(page.evaluate(ANSWERS, [describe(model), text]))

    return answers


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for results."""
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_lessons_network_answers_as_in_keras(answers, count, mnist_data, shipped_model):
    images = mnist_data[1][0][:count]
    expected = shipped_model.predict(mnist.prepare(images), verbose=0)
    found = answers(shipped_model, images)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_array_equal(found.argmax(axis=1), expected.argmax(axis=1))


class Shrinking(keras.regularizers.Regularizer):
    """A learner's own: only a training needs it."""

    def __call__(self, x):
        return keras.ops.sum(x * x)

    def get_config(self):
        return {}


def functional(*chain, end="softmax"):
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in [*chain, layers.Dense(10, activation=end, name="last")]:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def sequential(*chain):
    return keras.Sequential([keras.Input((28, 28, 1)), *chain])


# Networks that the exercises lead to, with each kind of layer.
NETWORKS = {
    "same, even kernels, not square": lambda: functional(
        layers.Conv2D(3, 4, padding="same", activation="relu"),
        layers.Conv2D(4, (3, 5), padding="same", use_bias=False, kernel_initializer="orthogonal"),
        layers.MaxPooling2D((2, 3)),
        layers.Conv2D(2, (2, 3), kernel_regularizer=Shrinking(), kernel_constraint="max_norm"),
        layers.Flatten(),
    ),
    "normalised": lambda: functional(
        layers.RandomTranslation(0.1, 0.1),
        layers.RandomRotation(0.1),
        layers.RandomZoom(0.1),
        layers.Conv2D(9, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(4),
        layers.BatchNormalization(axis=3, scale=False, center=False),
        layers.Flatten(),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Dense(20, activation="relu"),
        layers.Activation("relu"),
    ),
    "means": lambda: functional(
        layers.GaussianNoise(0.1),
        layers.Conv2D(6, 3, activation="relu"),
        layers.SpatialDropout2D(0.5),
        layers.AveragePooling2D((3, 2)),
        layers.Conv2D(7, 2),
        layers.GlobalAveragePooling2D(),
        layers.Flatten(),
    ),
    "largest of all": lambda: functional(layers.Conv2D(5, 5), layers.GlobalMaxPooling2D()),
    "softmax of its own": lambda: sequential(layers.Flatten(), layers.Dense(10), layers.Softmax()),
    "activation of its own, borrowed layers": lambda: sequential(
        *functional(layers.Flatten(), end="linear").layers[1:], layers.Activation("softmax")
    ),
}


@functools.cache
def network(name):
    """Build a network with statistics and biases as after a training; variances are above 0."""
    model, rng = NETWORKS[name](), np.random.default_rng(0)
    for weight in model.weights:
        if len(weight.shape) == 1:
            weight.assign(weight + rng.uniform(0.1, 0.5, weight.shape))
    return model


def test_each_kind_in_the_table_is_saved_loaded_and_shown_on_a_page(folder):
    seen = {"InputLayer"}
    for name in NETWORKS:
        described = describe(network(name))
        assert describe(load_model(save_run(network(name), {"loss": [0.5]}))) == described, name
        seen.update(layer["name"] for layer in described["layers"])
    assert seen == set(PARTS)


@pytest.mark.parametrize("name", NETWORKS)
def test_other_networks_answer_as_in_keras(name, answers, mnist_data):
    images = mnist_data[1][0][:50]
    expected = network(name)(mnist.prepare(images), training=False)
    assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference
    np.testing.assert_allclose(answers(network(name), images), expected, atol=1e-4)


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("name", ["normalised", "means", "softmax of its own"])
def test_a_number_of_each_kind_of_layer_is_explained(name, chromium, tmp_path):
    """Also with padding, where a patch lies beyond the edge, and with places before Flatten."""
    page, path = chromium.new_page(), tmp_path / "page.html"
    wrong = watch(page, path.as_uri())
    path.write_text(take_home.page(network(name)), encoding="utf-8")
    page.goto(path.as_uri())

    def table(name):
        return page.locator(f"{SHOWN} [aria-label^='{name}'] .number").all_inner_texts()

    kinds = [layer["name"] for layer in describe(network(name))["layers"]]
    assert page.locator(".viewer-layer").count() == 1 + len(kinds)
    for step, kind in enumerate(["The image", *kinds]):
        part = page.locator(".viewer-layer").nth(step)
        assert kind in part.get_attribute("aria-label")
        part.locator("> .map > canvas").click(position={"x": 2, "y": 2})
        value = page.locator(f"{SHOWN} .explain-title").inner_text().rpartition(": ")[2]
        assert value in page.locator(f"{SHOWN} .explain-text strong").all_inner_texts()
        if "AveragePooling" in kind:
            block = [number(text) for text in table("The block")]
            assert len(block) == {"AveragePooling2D": 6}.get(kind, 7 * 12)
            assert f"The mean of {len(block)} numbers" in page.inner_text(SHOWN)
            assert np.mean(block) == pytest.approx(number(value), abs=1e-3)
            assert part.locator(".map-before .map-mark").is_visible()
        if (name, kind) == ("normalised", "Conv2D"):
            page.locator(f"{SHOWN} [aria-label='Products'] button").first.click()
            assert "(beyond the edge, so 0)" in page.inner_text(SHOWN)
        if kind == "RandomZoom":
            assert "RandomZoom works while one trains" in page.inner_text(SHOWN)
        if (name, step) == ("normalised", 12):  # Dense
            assert (len(table("What each place")), len(table("Products"))) == (49, 9)
        if (name, kind) == ("means", "Dense"):
            assert len(table("Products")) == 7
    assert wrong == []


class Own(layers.Dense):
    """A layer that only looks like one of the lesson's."""


def odd(kind, *settings, **more):
    """Return a function that builds a network with one odd layer."""
    return lambda: functional(kind(*settings, name="odd", **more), layers.Flatten())


def joined(join):
    """Build a network in which the scores go two ways, and `join` makes one of them."""
    scores = layers.Dense(10)(layers.Flatten()(inputs := keras.Input((28, 28, 1))))
    return keras.Model(inputs, layers.Activation("softmax", name="last")(join(scores, scores)))


def broken():
    model = functional(layers.Flatten())
    model.layers[-1].bias.assign(np.full(10, np.nan))
    return model


REFUSED = {
    r"layer odd: got LeakyReLU, expected InputLayer, Conv2D,": odd(layers.LeakyReLU),
    r"layer odd: got \S+\.Own, ": lambda: functional(layers.Flatten(), Own(3, name="odd")),
    r"layer add\w*: got keras\S+\.Add, ": lambda: joined(lambda x, y: x + layers.ReLU()(y)),
    r"layer odd: got Add, ": lambda: joined(lambda *both: layers.Add(name="odd")(both)),
    r"layer odd: got several inputs": lambda: joined(layers.Softmax(name="odd")),
    r"layer functional\w*: got ": lambda: sequential(functional(layers.Flatten())),
    r"layer re_lu\w*: got .* used again": lambda: sequential(*2 * [layers.ReLU()]),
    r"layer odd: got activation=tanh": odd(layers.Conv2D, 1, 3, activation="tanh"),
    r"layer odd: got strides=\(2, 2\), ": odd(layers.Conv2D, 1, 3, strides=2),
    r"layer odd: got dilation_rate=": odd(layers.Conv2D, 1, 3, dilation_rate=2),
    r"layer odd: got padding='same'": odd(layers.MaxPooling2D, 2, padding="same"),
    r"layer odd: got strides=\(2, 2\), expected strides=\(3": odd(layers.AveragePooling2D, 3, 2),
    r"layer odd: got keepdims=True": odd(layers.GlobalAveragePooling2D, keepdims=True),
    r"layer odd: got negative_slope=": odd(layers.ReLU, negative_slope=0.1),
    r"layer odd: got axis=1": odd(layers.BatchNormalization, axis=1),
    r"layer odd: got maps, .*Flatten": odd(layers.Conv2D, 3, 3, activation="softmax"),
    r"layer odd: got maps, .*Flatten before": odd(layers.Softmax),
    r"layer odd: got maps, expected": odd(layers.Dense, 3),
    r"layer last: got .*, linear, ": lambda: functional(layers.Flatten(), end="linear"),
    r"layer \w+: got \(None, 8\) to \(None, 2\)": lambda: keras.Sequential(
        [keras.Input((8,)), layers.Dense(2)]
    ),
    r"the weights of layer last: got values that are not finite": broken,
    r"got str, ": lambda: "model.keras",
    r"got Sequential, .* one input": lambda: keras.Sequential([layers.Flatten()]),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_the_page_cannot_compute_is_named_and_neither_saved_nor_loaded(message, folder):
    model, path = REFUSED[message](), folder / MODEL_NAME
    with pytest.raises(ValueError, match=rf"^model(, |: ){message}"):
        describe(model)
    if is_network := getattr(model, "built", False):
        model.save(path)  # as Keras alone does, in place of an earlier one
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ValueError, match=rf"{message}.*Nothing was saved.*model.save"):
        save_run(model, {"loss": [0.5]})
    if is_network and "used again" not in message:
        with pytest.raises(ModelFileError, match=r"is not loaded.* Rename it to keep it"):
            load_model(path)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
