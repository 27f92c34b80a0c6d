"""Each kind of layer, and whole networks, in JavaScript as in Keras: forward and backward."""

import base64
from contextlib import contextmanager

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.saved.layers import KINDS
from helpers.saved.topology import topology
from helpers.widgets.described_network import describe
from tests import zoo
from tests.node import run_in_node

layers = keras.layers
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
LABELS = [1, 0, 1]
STEP = 1e-7  # of the weights of a layer: longer ones pass the corners of ReLU


@contextmanager
def double_precision():
    """Let Keras compute with 64 bits."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def loss_of_keras(model, pixels):
    """Return the probabilities of images, and their mean loss."""
    probabilities = model(pixels, training=False)
    losses = keras.losses.sparse_categorical_crossentropy(np.array(LABELS), probabilities)
    return probabilities, tf.reduce_mean(losses)


def numbers_of_keras(model):
    """Return what Keras makes of the images: probabilities, and the gradients of the mean loss.

    The gradients are with respect to the images and, by their paths, to the weights.
    """
    pixels = tf.constant(mnist.prepare(IMAGES))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        probabilities, loss = loss_of_keras(model, pixels)
    variables = model.trainable_variables
    of_images, *gradients = tape.gradient(loss, [pixels, *variables])
    by_path = {variable.path: g.numpy() for variable, g in zip(variables, gradients, strict=True)}
    return probabilities.numpy(), of_images.numpy(), by_path


def gradients_by_path(model, found):
    """Return the page's gradients by the paths of Keras's weights. `found` has one dict a layer."""
    by_path = {}
    found = ({name: np.array(array) for name, array in arrays.items()} for arrays in found)
    for step in topology(model):
        layer = step.layer
        kind = type(layer).__name__
        arrays = next(found)
        names = {"gamma": "factor", "beta": "offset"}
        if kind == "SeparableConv2D":
            arrays = {"depthwise_kernel": arrays["kernel"]}
            last = next(found)
            arrays |= {"pointwise_kernel": last["kernel"], "bias": last["bias"]}
        if kind == "BatchNormalization":
            # The factor is gamma / deviation, and the offset also holds the mean.
            deviation = np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
            centred = arrays["factor"] - layer.moving_mean.numpy() * arrays["offset"]
            arrays = {"factor": centred / deviation, "offset": arrays["offset"]}
        for variable in layer.trainable_variables:
            name = variable.path.split("/")[-1]
            by_path[variable.path] = arrays[names.get(name, name)].reshape(variable.shape)
    return by_path


def agree(found, wanted):
    """Are all numbers as in Keras, but for 0.00002 of the largest one?"""
    return np.abs(found - wanted).max() <= 2e-5 * np.abs(wanted).max()


def with_images(description):
    """Return what JavaScript gets: a network, the images and their labels."""
    return [description, base64.b64encode(IMAGES.tobytes()).decode(), LABELS]


@pytest.fixture(scope="module")
def found_in_zoo():
    """What JavaScript makes of each network of the zoo, in one run of Node."""
    given = [with_images(description) for description in zoo.describe_zoo().values()]
    found = run_in_node("network/backpropagation.js", "all => all.map(gradientsOf)", given)
    return dict(zip(zoo.ZOO, found, strict=True))


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_network_computes_and_learns_as_in_keras(name, found_in_zoo):
    model = zoo.build(name)
    found = found_in_zoo[name]
    probabilities, of_images, by_path = numbers_of_keras(model)
    assert np.ptp(probabilities, axis=0).max() > 1e-4  # the images make a difference
    assert agree(np.array(found["probabilities"]), probabilities)
    assert np.abs(of_images).max() > 1e-5
    assert agree(np.array(found["ofImages"]).reshape(of_images.shape), of_images)
    assert found["isTrainable"] == (name != zoo.NOT_TRAINABLE)
    if not found["isTrainable"]:
        return
    found_by_path = gradients_by_path(model, found["gradient"])
    assert found_by_path.keys() == by_path.keys()
    for path, wanted in by_path.items():
        assert np.abs(wanted).max() > 0, path
        assert agree(found_by_path[path], wanted), path


@pytest.mark.parametrize("name", [name for name in zoo.ZOO if name != zoo.NOT_TRAINABLE])
def test_the_loss_of_keras_changes_as_the_gradient_says(name, found_in_zoo):
    """Finite differences: each weight moves along its gradient, a little up and a little down.

    Keras computes them with 64 bits, because 32 bits would round them away.
    """
    described = zoo.build(name)
    by_path = gradients_by_path(described, found_in_zoo[name]["gradient"])
    with double_precision():
        model = zoo.build(name)
        pairs = zip(model.trainable_variables, described.trainable_variables, strict=True)
        for variable, same in pairs:
            slope = by_path[same.path]
            size = np.linalg.norm(slope)
            before = variable.numpy()
            losses = []
            for side in (1, -1):
                variable.assign(before + side * STEP * slope / size)
                losses.append(float(loss_of_keras(model, mnist.prepare(IMAGES))[1]))
            variable.assign(before)
            found = (losses[0] - losses[1]) / (2 * STEP)
            assert found == pytest.approx(size, rel=2e-4), variable.path


def test_all_kinds_and_activations_are_compared_with_keras():
    """Each activation but softmax has a derivative of its own."""
    kinds, activations, names = set(), set(), set()
    for description in zoo.describe_zoo().values():
        for layer in description["layers"]:
            kinds.add(layer["kind"])
            names.add(layer["name"])
            activations.add(layer["activation"])
    tables = "() => [OPERATIONS, BACKWARD, ACTIVATIONS].map((table) => Object.keys(table).sort())"
    keys = run_in_node("network/backpropagation.js", tables)
    assert keys == [sorted(kinds), sorted(kinds), sorted(activations)]
    is_without = "([, {derivative}]) => !derivative"
    without = f"() => Object.entries(ACTIVATIONS).filter({is_without}).map(([name]) => name)"
    assert run_in_node("network/backpropagation.js", without) == [zoo.SOFTMAX]
    assert names == KINDS.keys()


def test_a_step_leaves_what_keras_does_not_train():
    frozen = layers.Dense(4)
    frozen.trainable = False
    model = keras.Sequential([
        *(keras.Input((28, 28, 1)), layers.AveragePooling2D(4), layers.Conv2D(3, 2)),
        *(layers.Conv2D(2, 3, use_bias=False), layers.BatchNormalization(scale=False)),
        *(layers.SeparableConv2D(3, 2), layers.LayerNormalization(center=False), frozen),
        *(layers.Flatten(), layers.Dense(5, activation="softmax")),
    ])  # fmt: skip
    given = with_images(describe(model))
    changed = run_in_node("network/backpropagation.js", "weightsThatAStepChanges", given)
    names = [sorted(each) for each in changed if each]
    both = ["bias", "kernel"]
    assert names == [both, ["kernel"], ["offset"], ["kernel"], both, ["factor"], both]
