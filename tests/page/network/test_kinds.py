"""Each kind of layer, and whole networks, in a page as in Keras: forward and backward."""

import base64

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.lenet import build_lenet5
from helpers.saved.layers import ACTIVATIONS, KINDS
from helpers.saved.topology import topology
from helpers.widgets.described_network import describe
from tests.browser import page_with

layers = keras.layers
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
LABELS = [1, 0, 4]


def small_maps(inputs):
    """Make 3 maps of 7x6 numbers, above and below 0."""
    pooled = layers.AveragePooling2D((4, 5), strides=(4, 4))(inputs)
    return layers.Conv2D(3, 3, padding="same", name="maps")(pooled)


def around(*chain):
    """Build a network of 5 classes with a chain of layers in its middle, which get small maps."""
    inputs = keras.Input((28, 28, 1))
    outputs = small_maps(inputs)
    for layer in chain:
        outputs = layer(outputs)
    if len(outputs.shape) > 2:
        outputs = layers.Flatten()(outputs)
    return keras.Model(inputs, layers.Dense(5, activation="softmax", name="last")(outputs))


def joined(layer, other=None):
    """Build a network in which a layer joins the maps with others: by default, a convolution's."""
    inputs = keras.Input((28, 28, 1))
    maps = small_maps(inputs)
    first = layers.Conv2D(3, 1, name="first")(maps)
    second = (other or layers.Conv2D(3, 3, padding="same", name="second"))(maps)
    outputs = layers.Flatten()(layer([first, second]))
    return keras.Model(inputs, layers.Dense(5, activation="softmax", name="last")(outputs))


def on_image(*chain):
    """Build a network of 5 classes that begins with a chain of layers."""
    end = [layers.Flatten(), layers.Dense(5, activation="softmax", name="last")]
    return keras.Sequential([keras.Input((28, 28, 1)), *chain, *end])


ALONE = {
    "strides": lambda: around(layers.Conv2D(4, (2, 3), strides=(2, 3))),
    "strides, same": lambda: around(layers.Conv2D(4, 3, strides=2, padding="same")),
    "longer strides than windows": lambda: around(layers.Conv2D(4, 2, strides=3, padding="same")),
    "dilation": lambda: around(layers.Conv2D(4, (2, 3), dilation_rate=2)),
    "dilation, same": lambda: around(layers.Conv2D(4, 3, dilation_rate=(2, 1), padding="same")),
    "without a bias": lambda: around(layers.Conv2D(2, 3, use_bias=False)),
    "largest, strides": lambda: around(layers.MaxPooling2D(3, strides=2)),
    "largest, same": lambda: around(layers.MaxPooling2D((3, 2), strides=(2, 1), padding="same")),
    "mean, strides": lambda: around(layers.AveragePooling2D(2, strides=1)),
    "mean, same": lambda: around(layers.AveragePooling2D(3, strides=2, padding="same")),
    "largest of all": lambda: around(layers.GlobalMaxPooling2D()),
    "mean of all, kept": lambda: around(layers.GlobalAveragePooling2D(keepdims=True)),
    "depthwise": lambda: around(layers.DepthwiseConv2D(3, depth_multiplier=2, strides=2)),
    "depthwise, same": lambda: around(
        layers.DepthwiseConv2D((2, 3), padding="same", dilation_rate=2, activation="relu")
    ),
    "separable": lambda: around(
        layers.SeparableConv2D(4, 3, padding="same", strides=2, activation="tanh")
    ),
    "separable, deep": lambda: around(
        layers.SeparableConv2D(4, 3, depth_multiplier=2, use_bias=False)
    ),
    "dense on maps": lambda: around(layers.Dense(4, activation="relu")),
    "dense without a bias": lambda: around(layers.Flatten(), layers.Dense(4, use_bias=False)),
    "another shape": lambda: around(layers.Reshape((3, 6, 7)), layers.Conv2D(2, 2)),
    "another scale": lambda: on_image(layers.Rescaling(2.5, offset=-0.5), layers.AvgPool2D(4)),
    "batch normalization": lambda: around(layers.BatchNormalization()),
    "batch normalization of units": lambda: around(
        layers.Flatten(), layers.BatchNormalization(scale=False, center=False)
    ),
    "layer normalization": lambda: around(layers.LayerNormalization()),
    "layer normalization alone": lambda: around(
        layers.LayerNormalization(center=False, scale=False)
    ),
    "ReLU": lambda: around(layers.ReLU(), layers.ReLU(negative_slope=0.2)),
    "leaky": lambda: around(layers.LeakyReLU(0.15)),
    "activation": lambda: around(layers.Activation("tanh")),
    "as they are": lambda: around(
        *(layers.Dropout(0.5), layers.RandomZoom(0.1), layers.RandomRotation(0.1)),
        layers.RandomTranslation(0.1, 0.1),
    ),
    "softmax of its own": lambda: keras.Sequential(
        [*around().layers[:-1], layers.Dense(5), layers.Softmax()]
    ),
    "sum": lambda: joined(layers.Add()),
    "side by side": lambda: joined(layers.Concatenate(), layers.Conv2D(2, 1)),
    **{
        f"{name}, an activation": lambda name=name: around(layers.Conv2D(4, 3, activation=name))
        for name in ACTIVATIONS
        if name != "softmax"
    },
}


def functional(build, classes=10):
    """Build a network whose scores a function makes of the images."""
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(build(inputs)))


def resnet(inputs):
    maps = layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(inputs)
    maps = layers.ReLU()(layers.BatchNormalization()(maps))
    for filters, strides in [(6, 1), (8, 2), (8, 1)]:
        inner = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(maps)
        inner = layers.ReLU()(layers.BatchNormalization()(inner))
        inner = layers.Conv2D(filters, 3, padding="same", use_bias=False)(inner)
        inner = layers.BatchNormalization()(inner)
        if maps.shape != inner.shape:
            # With one thread, TensorFlow 2.21's oneDNN crashes in the gradient of a strided 1x1.
            maps = layers.Conv2D(filters, 2, strides=strides)(maps)
        maps = layers.ReLU()(layers.Add()([maps, inner]))
    return layers.GlobalAveragePooling2D()(maps)


def inception(inputs):
    maps = layers.Conv2D(4, 5, strides=3, activation="relu")(inputs)
    branches = [
        layers.Conv2D(3, 1, activation="relu")(maps),
        layers.Conv2D(2, 3, padding="same", dilation_rate=2, activation="sigmoid")(maps),
        layers.Conv2D(2, 1)(layers.MaxPooling2D(3, strides=1, padding="same")(maps)),
    ]
    return layers.Flatten()(layers.Concatenate()(branches))


def mobilenet(inputs):
    maps = layers.Conv2D(4, 3, strides=2, padding="same")(inputs)
    for strides in (1, 2):
        maps = layers.DepthwiseConv2D(3, strides=strides, padding="same", activation="relu")(maps)
        maps = layers.BatchNormalization()(layers.Conv2D(6, 1)(maps))
    maps = layers.SeparableConv2D(8, 3, strides=2, activation="gelu")(maps)
    return layers.GlobalMaxPooling2D()(maps)


def vgg(inputs):
    maps = inputs
    for filters in (3, 5):
        maps = layers.Conv2D(filters, 3, padding="same", activation="leaky_relu")(maps)
        maps = layers.Conv2D(filters, 3, padding="same", activation="leaky_relu")(maps)
        maps = layers.Dropout(0.2)(layers.MaxPooling2D(3, strides=2)(maps))
    return layers.Dropout(0.5)(layers.Dense(16, activation="relu")(layers.Flatten()(maps)))


def perceptron(inputs):
    hidden = layers.Flatten()(layers.Rescaling(2, offset=-1)(inputs))
    for _layer in range(2):
        hidden = layers.LayerNormalization()(layers.Dense(24, activation="gelu")(hidden))
    return layers.Dense(12, activation="sigmoid")(hidden)


def densenet(inputs):
    maps = layers.AveragePooling2D(2)(inputs)
    for _layer in range(3):
        more = layers.Conv2D(3, 3, padding="same", activation="leaky_relu")(maps)
        maps = layers.Concatenate()([maps, more])
    return layers.GlobalAveragePooling2D()(maps)


def nested(inputs):
    inner = keras.Sequential([
        keras.Input((9, 9, 3)),
        layers.Conv2D(4, 2, activation="tanh"),
        keras.Sequential([keras.Input((8, 8, 4)), layers.MaxPooling2D(2), layers.Flatten()]),
    ])  # fmt: skip
    return inner(layers.Conv2D(3, 4, strides=3, activation="gelu")(inputs))


WHOLE = {
    "LeNet-5": build_lenet5,
    "a small ResNet": lambda: functional(resnet),
    "three branches": lambda: functional(inception, 5),
    "MobileNet": lambda: functional(mobilenet),
    "VGG": lambda: functional(vgg),
    "a perceptron": lambda: functional(perceptron, 26),
    "DenseNet": lambda: functional(densenet, 7),
    "networks in a network": lambda: functional(nested),
}


def with_random_weights(build):
    """Build a network, and give it weights and statistics at random; variances are above 0."""
    model = build()
    rng = np.random.default_rng(1)
    for weight in model.weights:
        width = 2 / np.sqrt(np.prod(weight.shape[:-1]))
        if weight.path.endswith("variance"):
            weight.assign(rng.uniform(0.5, 2, weight.shape))
        elif weight.dtype == "float32":
            weight.assign(rng.uniform(-width, width, weight.shape))
    return model


def numbers_of_keras(model):
    """Return what Keras makes of the images: probabilities, and the gradients of the mean loss.

    The gradients are with respect to the images and, by their paths, to the weights.
    """
    pixels, labels = tf.constant(mnist.prepare(IMAGES)), np.array(LABELS)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        probabilities = model(pixels, training=False)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
    variables = model.trainable_variables
    of_images, *gradients = tape.gradient(loss, [pixels, *variables])
    by_path = {variable.path: g.numpy() for variable, g in zip(variables, gradients, strict=True)}
    return probabilities.numpy(), of_images.numpy(), by_path


def gradients_by_path(model, found):
    """Return the page's gradients by the paths of Keras's weights. `found` has one dict a layer."""
    by_path = {}
    found = iter(found)
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
    """Are all numbers as in Keras, but for 0.00001 of the largest one?"""
    return np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()


@pytest.fixture(scope="module")
def page(chromium):
    return page_with(chromium, "network/backpropagation.js")


@pytest.mark.parametrize("name", [*ALONE, *WHOLE])
def test_a_network_computes_and_learns_as_in_keras(page, name):
    model = with_random_weights((ALONE | WHOLE)[name])
    description = describe(model)
    text = base64.b64encode(IMAGES.tobytes()).decode()
    found = page.evaluate("gradientsOf", [description, text, LABELS])
    probabilities, of_images, by_path = numbers_of_keras(model)
    assert found["isTrainable"]
    assert np.ptp(probabilities, axis=0).max() > 1e-4  # the images make a difference
    assert agree(np.array(found["probabilities"]), probabilities)
    assert np.abs(of_images).max() > 1e-5
    assert agree(np.array(found["ofImages"]).reshape(of_images.shape), of_images)
    gradients = [
        {key: np.array(array) for key, array in arrays.items()} for arrays in found["gradient"]
    ]
    found_by_path = gradients_by_path(model, gradients)
    assert found_by_path.keys() == by_path.keys()
    for path, wanted in by_path.items():
        assert np.abs(wanted).max() > 0, path
        assert agree(found_by_path[path], wanted), path


def test_all_kinds_and_activations_are_compared_with_keras(page):
    """Each activation but softmax has a derivative of its own."""
    kinds, activations, names = set(), set(), set()
    for build in (ALONE | WHOLE).values():
        for layer in describe(build())["layers"]:
            kinds.add(layer["kind"])
            names.add(layer["name"])
            activations.add(layer["activation"])
    keys = "[OPERATIONS, BACKWARD, ACTIVATIONS].map((table) => Object.keys(table).sort())"
    assert page.evaluate(keys) == [sorted(kinds), sorted(kinds), sorted(activations)]
    is_without = "([, {derivative}]) => !derivative"
    without = f"Object.entries(ACTIVATIONS).filter({is_without}).map(([name]) => name)"
    assert page.evaluate(without) == ["softmax"]
    assert names == KINDS.keys()


def test_a_step_leaves_what_keras_does_not_train(page):
    frozen = layers.Dense(4)
    frozen.trainable = False
    model = around(
        layers.Conv2D(2, 3, use_bias=False), layers.BatchNormalization(scale=False),
        layers.SeparableConv2D(3, 2), layers.LayerNormalization(center=False), frozen,
    )  # fmt: skip
    text = base64.b64encode(IMAGES.tobytes()).decode()
    changed = page.evaluate("weightsThatAStepChanges", [describe(model), text, LABELS])
    names = [sorted(each) for each in changed if each]
    both = ["bias", "kernel"]
    assert names == [both, ["kernel"], ["offset"], ["kernel"], both, ["factor"], both]


def test_a_layer_that_is_used_twice_computes_but_does_not_train(page):
    convolution = layers.Conv2D(3, 3, padding="same", activation="relu")
    model = with_random_weights(lambda: around(convolution, convolution))
    text = base64.b64encode(IMAGES.tobytes()).decode()
    found = page.evaluate("gradientsOf", [describe(model), text, LABELS])
    assert agree(np.array(found["probabilities"]), numbers_of_keras(model)[0])
    assert not found["isTrainable"]
