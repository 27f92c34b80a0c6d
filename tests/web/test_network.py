"""What a lesson's network may consist of: saved, loaded, and in a browser as in Keras."""

import base64

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

layers = keras.layers
ANSWERS = """([description, text]) => {
    const network = readNetwork(description);
    const images = Float32Array.from(atob(text), grey => grey.charCodeAt(0) / 255);
    return Array.from({length: images.length / 784}, (unused, i) =>
        [...forward(network, images.subarray(784 * i, 784 * (i + 1))).at(-1)]);
}"""


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
        layers.Conv2D(2, (2, 3), kernel_regularizer="l2", kernel_constraint="max_norm"),
        layers.GlobalMaxPooling2D(),
    ),
    "normalised": lambda: sequential(
        *(layers.RandomTranslation(0.1, 0.1), layers.RandomRotation(0.1), layers.RandomZoom(0.1)),
        *(layers.Conv2D(9, 3, padding="same", activation="relu"), layers.Conv2D(2, 3)),
        *(layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(4)),
        layers.AveragePooling2D(2),
        layers.BatchNormalization(axis=3, scale=False, center=False),
        *(layers.Flatten(), layers.BatchNormalization(), layers.Dropout(0.5)),
        *(layers.Dense(20, activation="relu"), layers.Dense(10), layers.Activation("softmax")),
    ),
    "means": lambda: functional(
        *(layers.GaussianNoise(0.1), layers.Conv2D(6, 3, activation="relu")),
        *(layers.SpatialDropout2D(0.5), layers.AveragePooling2D((3, 2)), layers.Conv2D(7, 2)),
        *(layers.GlobalAveragePooling2D(), layers.Flatten()),
    ),
    "borrowed layers, softmax of its own": lambda: sequential(
        *functional(layers.Flatten(), end="linear").layers[1:], layers.Softmax()
    ),
}


def network(name):
    """Build a network with statistics and biases as after a training; variances are above 0."""
    model, rng = NETWORKS[name](), np.random.default_rng(0)
    for weight in model.weights:
        if len(weight.shape) == 1:
            weight.assign(weight + rng.uniform(0.1, 0.5, weight.shape))
    return model


def test_each_kind_is_saved_loaded_and_computed_in_a_browser(chromium, mnist_data, shipped_model):
    page, seen, images = chromium.new_page(), {"InputLayer"}, mnist_data[1][0][:300]
    page.add_script_tag(content=scripts.bundle("network.js"))
    for model in [shipped_model, *map(network, NETWORKS)]:
        described = describe(model)
        assert describe(load_model(save_run(model, {"loss": [0.5]}))) == described
        seen.update(layer["name"] for layer in described["layers"])
        expected = model.predict(mnist.prepare(images), verbose=0)
        assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference
        text = base64.b64encode(images.tobytes()).decode()
        found = np.array(page.evaluate(ANSWERS, [described, text]))
        np.testing.assert_allclose(found, expected, atol=1e-4)
    assert seen == set(PARTS)


class Own(layers.Dense):
    """A layer that only looks like one of the lesson's."""


def odd(kind, *settings, **more):
    """Return a function that builds a network with one odd layer."""
    return lambda: functional(kind(*settings, name="odd", **more), layers.Flatten())


def joined():
    """Build a network in which the scores go two ways, and a sum makes one of them."""
    scores = layers.Dense(10)(layers.Flatten()(inputs := keras.Input((28, 28, 1))))
    return keras.Model(inputs, layers.Softmax()(scores + layers.ReLU()(scores)))


def twice():
    return sequential(*2 * [layers.Flatten()], layers.Dense(10, activation="softmax"))


def broken():
    model = functional(layers.Flatten())
    model.layers[-1].bias.assign(np.full(10, np.nan))
    return model


REFUSED = {
    r"layer odd: got LeakyReLU, expected InputLayer, Conv2D,": odd(layers.LeakyReLU),
    r"layer odd: got \S+\.Own, ": lambda: functional(layers.Flatten(), Own(3, name="odd")),
    r"got a sum, .*, expected one layer after another": joined,
    r"got .* used twice": twice,
    r"layer odd: got activation=tanh": odd(layers.Conv2D, 1, 3, activation="tanh"),
    r"layer odd: got dilation_rate=": odd(layers.Conv2D, 1, 3, dilation_rate=2),
    r"layer odd: got strides=\(2, 2\), expected strides=\(3": odd(layers.AveragePooling2D, 3, 2),
    r"layer odd: got maps, .*Flatten before": odd(layers.Softmax),
    r"layer last: got .*, linear, ": lambda: functional(layers.Flatten(), end="linear"),
    r"the weights of layer last: got values that are not finite": broken,
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_a_page_cannot_compute_is_not_saved_and_not_loaded(message, tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    model, path = REFUSED[message](), tmp_path / MODEL_NAME
    model.save(path)  # as Keras alone does, in place of an earlier one
    before = path.read_bytes()
    with pytest.raises(ValueError, match=rf"^model(, |: ){message}"):
        take_home.write(model)
    with pytest.raises(ValueError, match=rf"{message}.*Nothing was saved.*model.save"):
        save_run(model, {"loss": [0.5]})
    if "used twice" not in message:
        with pytest.raises(ModelFileError, match=r"is not loaded.* Rename it to keep it"):
            load_model(path)
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == before
