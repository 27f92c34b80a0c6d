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


def functional(*chain, end="softmax"):
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in chain:
        outputs = layer(outputs)
    return keras.Model(inputs, layers.Dense(10, activation=end, name="last")(outputs))


def sequential(*chain):
    return keras.Sequential([keras.Input((28, 28, 1)), *chain])


class Shrinking(keras.regularizers.Regularizer):
    """A learner's own: only a training needs it."""

    def __call__(self, x):
        return keras.ops.sum(x * x)

    def get_config(self):
        return {}


def borrowed():
    own, pooling = functional(layers.Flatten()), layers.MaxPooling2D(2)
    pooled = [layers.Conv2D(784, 4), pooling, layers.ReLU(), pooling, layers.GlobalMaxPooling2D()]
    return sequential(*pooled, own.layers[-1])


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
        layers.Dropout(0.5),
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
    "layers used again": borrowed,
    "softmax of its own": lambda: sequential(layers.Flatten(), layers.Dense(10), layers.Softmax()),
    "activation of its own": lambda: sequential(
        layers.Flatten(), layers.Dense(10), layers.Activation("softmax")
    ),
}


@functools.cache
def network(name):
    """Build a network with statistics and biases as after a training; variances are above 0."""
    model, rng = NETWORKS[name](), np.random.default_rng(0)
    for layer in model.layers:
        old = layer.get_weights()
        if type(layer).__name__ in ("Conv2D", "Dense", "BatchNormalization"):
            layer.set_weights([w + (w.ndim == 1) * rng.uniform(0.1, 0.5, w.shape) for w in old])
    return model


def test_each_kind_in_the_table_is_saved_loaded_and_shown_on_a_page(folder, test_images):
    seen = {"InputLayer"}
    for name in NETWORKS:
        model = network(name)
        loaded = load_model(save_run(model, {"loss": [0.5]}))
        assert describe(loaded) == describe(model), name
        pairs = [one(test_images[:9], training=False) for one in (loaded, model)]
        np.testing.assert_allclose(*pairs, atol=1e-6)
        seen.update(layer["name"] for layer in describe(model)["layers"])
    assert seen == set(PARTS)


@pytest.mark.parametrize("name", NETWORKS)
def test_other_networks_answer_as_in_keras(name, answers, mnist_data):
    images = mnist_data[1][0][:50]
    expected = network(name)(mnist.prepare(images), training=False)
    assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference
    np.testing.assert_allclose(answers(network(name), images), expected, atol=1e-4)


@pytest.fixture(scope="module")
def explained(chromium, tmp_path_factory):
    """A function from a network's name to its page, and what went wrong there."""

    def explained(name):
        page, path = chromium.new_page(), tmp_path_factory.mktemp("page") / "page.html"
        wrong = watch(page, path.as_uri())
        path.write_text(take_home.page(network(name), name), encoding="utf-8")
        page.goto(path.as_uri())
        return page, wrong

    return explained


def numbers(page, name):
    """Return the numbers of a table of the explanation."""
    texts = page.locator(f"{SHOWN} .numbers[aria-label^='{name}'] .number").all_inner_texts()
    return [number(text) for text in texts]


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("name", ["normalised", "means", "softmax of its own"])
def test_a_number_of_each_kind_of_layer_is_explained(name, explained):
    """Also with padding, where a patch lies beyond the edge, and with places after Dropout."""
    page, wrong = explained(name)
    kinds = [layer["name"] for layer in describe(network(name))["layers"]]
    assert page.locator(".viewer-layer").count() == 1 + len(kinds)
    for step, kind in enumerate(["image", *kinds]):
        part = page.locator(".viewer-layer").nth(step)
        assert kind in part.get_attribute("aria-label").replace("The i", "i")
        part.locator("> .map > canvas").click(position={"x": 2, "y": 2})
        value = page.locator(f"{SHOWN} .explain-title").inner_text().rpartition(": ")[2]
        assert value in page.locator(f"{SHOWN} .explain-text strong").all_inner_texts()
        said = page.inner_text(SHOWN)
        if kind in ("AveragePooling2D", "GlobalAveragePooling2D"):
            block = numbers(page, "The block")
            assert len(block) == (6 if kind == "AveragePooling2D" else 7 * 12)
            assert f"The mean of {len(block)} numbers" in said
            assert np.mean(block) == pytest.approx(
                float(value.replace("\N{MINUS SIGN}", "-")), abs=1e-3
            )
            assert part.locator(".map-before .map-mark").is_visible()
        if (name, kind) == ("normalised", "Conv2D"):
            page.locator(f"{SHOWN} [aria-label='Products'] button").first.click()
            assert "(beyond the edge, so 0)" in page.inner_text(SHOWN)
        if kind == "RandomZoom":
            assert "RandomZoom works while one trains" in said
        if kind == "Dense" and step == 13:
            assert len(numbers(page, "What each place")) == 49 and len(numbers(page, "Prod")) == 9
        if (name, kind) == ("means", "Dense"):
            assert len(numbers(page, "Products")) == 7 and "Number" in said
    assert wrong == []


class Own(layers.Dense):
    """A layer that only looks like one of the lesson's."""


def joined(join):
    """A network in which the last scores go two ways, and `join` makes one of them."""
    scores = layers.Dense(10)(layers.Flatten()(inputs := keras.Input((28, 28, 1))))
    return keras.Model(inputs, layers.Activation("softmax", name="last")(join(scores, scores)))


def broken():
    model = functional(layers.Flatten())
    model.layers[-1].bias.assign(np.full(10, np.nan))
    return model


def odd(kind, *settings, **more):
    """A function that builds a network with one odd layer."""
    return lambda: functional(kind(*settings, name="odd", **more), layers.Flatten())


REFUSED = {
    "another layer": (odd(layers.LeakyReLU), r"odd is a layer of the kind LeakyReLU, .*ReLU, Soft"),
    "a learner's own": (
        lambda: functional(layers.Flatten(), Own(3, name="odd")),
        r"odd is a layer of the kind \S+\.Own",
    ),
    "a residual sum": (
        lambda: joined(lambda x, y: x + layers.ReLU()(y)),
        r"add\w* is a layer of the kind keras\S+\.Add",
    ),
    "two branches": (lambda: joined(lambda *xy: layers.Add(name="odd")(xy)), "odd is .* kind Add"),
    "a mask": (lambda: joined(layers.Softmax(name="odd")), "odd doesn't follow .* alone"),
    "a network in it": (
        lambda: sequential(functional(layers.Flatten())),
        r"functional\w* is .* kind keras\S+\.Functional",
    ),
    "another activation": (
        odd(layers.Conv2D, 1, 3, activation="tanh"),
        "odd has the activation tanh",
    ),
    "strides": (odd(layers.Conv2D, 1, 3, strides=2), r"odd has strides=\(2, 2\)"),
    "dilation": (odd(layers.Conv2D, 1, 3, dilation_rate=2), "odd has dilation_rate"),
    "padded pooling": (odd(layers.MaxPooling2D, 2, padding="same"), "odd has padding='same'"),
    "overlapping pooling": (odd(layers.AveragePooling2D, 3, strides=2), "odd has strides"),
    "maps of one number": (odd(layers.GlobalAveragePooling2D, keepdims=True), "odd has keepdims"),
    "a leak": (odd(layers.ReLU, negative_slope=0.1), "odd has negative_slope"),
    "normalised rows": (odd(layers.BatchNormalization, axis=1), "odd has axis=1"),
    "shares of maps": (odd(layers.Conv2D, 3, 3, activation="softmax"), "odd has maps before it"),
    "the same for a layer": (odd(layers.Softmax), "odd has maps before it"),
    "maps weighed": (odd(layers.Dense, 3), "odd has maps before it"),
    "scores": (
        lambda: functional(layers.Flatten(), end="linear"),
        "ends in last, expected .* softmax",
    ),
    "another task": (
        lambda: keras.Sequential([keras.Input((8,)), layers.Dense(2)]),
        r"\(None, 8\) to \(None, 2\)",
    ),
    "no numbers": (broken, "weights of last"),
    "no model": (lambda: "model.keras", "got str"),
    "not built": (lambda: keras.Sequential([layers.Flatten()]), "got Sequential"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_page_cannot_compute_is_named_and_neither_saved_nor_loaded(name, folder):
    make, message = REFUSED[name]
    model, path = make(), folder / MODEL_NAME
    with pytest.raises(ValueError, match=f"^model: .*(?:{message})"):
        describe(model)
    if saved := getattr(model, "built", False):
        model.save(path)  # as Keras alone does, in place of an earlier one
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ValueError, match=f"^model: .*(?:{message}).*nothing was saved.*model.save"):
        save_run(model, {"loss": [0.5]})
    if saved:
        with pytest.raises(ModelFileError, match=r"so it is not loaded.* Rename it to keep it"):
            load_model(path)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
