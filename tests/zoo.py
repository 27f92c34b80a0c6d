"""One zoo: networks with each kind of layer, whose settings are random, and whole networks.

`ZOO` has the names of all networks, and `build` builds one. What a test does with one of them, it
does with all: it saves them, describes them, computes them, or goes back through them. The settings
and weights of a network depend on its name alone, so each run sees the same ones.
"""

import re
from functools import cache, partial

import numpy as np

from helpers.common.backend import keras
from helpers.lenet import build_lenet5
from helpers.saved.layers import ACTIVATIONS, KINDS
from helpers.widgets.described_network import DescribedNetwork, describe

layers = keras.layers
SAMPLES = 3  # networks of each kind
SOFTMAX = "softmax"


class Settings:
    """Random settings for one of several networks of a kind; each choice has its turn in them."""

    def __init__(self, kind, turn):
        self.rng = np.random.default_rng([*kind.encode()])
        self.turn = turn

    def pick(self, *choices):
        first = self.rng.integers(len(choices))
        return choices[(first + self.turn) % len(choices)]

    def number(self, smallest, largest):
        share = (self.rng.random() + self.turn / SAMPLES) % 1
        return smallest + share * (largest - smallest)

    def count(self, smallest, largest):
        return self.pick(*range(smallest, largest + 1))

    def pair(self, smallest, largest):
        return self.count(smallest, largest), self.count(smallest, largest)

    def activation(self):
        return self.pick(*(name for name in ACTIVATIONS if name != SOFTMAX))

    def kernel(self, has_equal_strides=True):
        """Return the settings of a kernel. Keras has strides and dilation only apart.

        TensorFlow wants equal strides of a depthwise convolution. With one thread, its oneDNN
        crashes in the gradient of a strided 1x1, so no small kernel has strides.
        """
        settings = {"padding": self.pick("valid", "same"), "use_bias": self.pick(True, False)}
        settings["activation"] = self.activation()
        spread = self.pick("strides", "dilation_rate", None)
        settings["kernel_size"] = self.pair(2 if spread == "strides" else 1, 3)
        if spread == "strides":
            strides = self.pair(1, 3)
            settings["strides"] = strides[:1] * 2 if has_equal_strides else strides
        elif spread == "dilation_rate":
            settings["dilation_rate"] = self.pair(1, 2)
        return settings

    def pool(self):
        """Return the settings of a pooling. Without strides, its windows lie side by side."""
        settings = {"pool_size": self.pair(1, 3), "padding": self.pick("valid", "same")}
        return settings | {"strides": self.pick(None, self.pair(1, 3))}

    def normalization(self):
        settings = {"scale": self.pick(True, False), "center": self.pick(True, False)}
        return settings | {"epsilon": self.pick(1e-5, 1e-3, 0.1)}

    def moving(self):
        return self.number(0.05, 0.5)


# The kinds of layers, each with random settings. They get 3 maps of 7x6 numbers, or a row of them.
LAYERS = {
    "Conv2D": lambda s: layers.Conv2D(s.count(2, 5), **s.kernel(has_equal_strides=False)),
    "DepthwiseConv2D": lambda s: layers.DepthwiseConv2D(
        depth_multiplier=s.count(1, 3), **s.kernel()
    ),
    "SeparableConv2D": lambda s: layers.SeparableConv2D(
        s.count(2, 5), depth_multiplier=s.count(1, 3), **s.kernel()
    ),
    "Dense": lambda s: layers.Dense(
        s.count(3, 9), activation=s.activation(), use_bias=s.pick(True, False)
    ),
    "MaxPooling2D": lambda s: layers.MaxPooling2D(**s.pool()),
    "AveragePooling2D": lambda s: layers.AveragePooling2D(**s.pool()),
    "GlobalMaxPooling2D": lambda s: layers.GlobalMaxPooling2D(keepdims=s.pick(True, False)),
    "GlobalAveragePooling2D": lambda s: layers.GlobalAveragePooling2D(keepdims=s.pick(True, False)),
    "Flatten": lambda s: layers.Flatten(),
    "Reshape": lambda s: layers.Reshape(s.pick((3, 6, 7), (-1, 6, 3), (9, 2, 7))),
    "Activation": lambda s: layers.Activation(s.activation()),
    "ReLU": lambda s: layers.ReLU(negative_slope=s.pick(0, s.number(0, 0.5))),
    "LeakyReLU": lambda s: layers.LeakyReLU(s.number(0.05, 0.5)),
    "Softmax": lambda s: layers.Softmax(),
    "BatchNormalization": lambda s: layers.BatchNormalization(**s.normalization()),
    "LayerNormalization": lambda s: layers.LayerNormalization(**s.normalization()),
    "Rescaling": lambda s: layers.Rescaling(s.number(-3, 3), offset=s.number(-1, 1)),
    "Add": lambda s: layers.Add(),
    "Concatenate": lambda s: layers.Concatenate(),
    "Dropout": lambda s: layers.Dropout(s.number(0.1, 0.9)),
    "RandomTranslation": lambda s: layers.RandomTranslation(s.moving(), s.moving()),
    "RandomZoom": lambda s: layers.RandomZoom((-s.moving(), s.moving())),
    "RandomRotation": lambda s: layers.RandomRotation(s.moving()),
}
ONLY_MAPS = re.compile("2D|Random|Reshape")  # the kinds that can't take a row
assert LAYERS.keys() == KINDS.keys(), "tests/zoo.py and helpers/saved/layers.py have other kinds"


def build_around(kind, turn):
    """Build a network of 2 to 26 classes around a layer of a kind."""
    s = Settings(kind, turn)
    image = keras.Input((28, 28, 1))
    maps = layers.AveragePooling2D((4, 5), strides=(4, 4))(image)
    maps = layers.Conv2D(3, 3, padding="same")(maps)
    classes = s.count(2, 26)
    layer = LAYERS[kind](s)
    if kind == "Softmax":
        return keras.Model(image, layer(layers.Dense(classes)(layers.Flatten()(maps))))
    if KINDS[kind].takes_several:
        others = [layers.Conv2D(3, 3, padding="same")(maps) for _branch in range(s.count(1, 2))]
        outputs = layer([*others, maps])
    elif ONLY_MAPS.search(kind) or s.pick(True, False):
        outputs = layer(maps)
    else:
        outputs = layer(layers.Flatten()(maps))
    if kind == "Reshape":
        outputs = layers.Conv2D(3, 2)(outputs)  # a row of its numbers would be the same as before
    if len(outputs.shape) > 2:
        outputs = layers.Flatten()(outputs)
    return keras.Model(image, layers.Dense(classes, activation=SOFTMAX)(outputs))


def classifier(make_features, classes=10):
    """Build a network whose last dense layer takes what a function makes of the images."""
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, layers.Dense(classes, activation=SOFTMAX)(make_features(inputs)))


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
        maps = layers.Dropout(0.2, seed=1)(layers.MaxPooling2D(3, strides=2)(maps))
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


def called_twice(inputs):
    """Make features by a network with two branches that takes images of any size, called twice."""
    maps = keras.Input((None, None, 1))
    branches = [layers.Conv2D(3, 3, activation="gelu")(maps), layers.Conv2D(3, 3)(maps)]
    inner = keras.Model(maps, layers.Add()(branches))
    moved = keras.Sequential([layers.RandomZoom(0.1), layers.RandomRotation(0.1)])(inputs)
    first, second = inner(moved), inner(layers.Rescaling(0.5)(inputs))
    joined = layers.Add()([layers.Concatenate()([first, second]), layers.Conv2D(6, 3)(inputs)])
    return layers.Flatten()(layers.MaxPooling2D(3)(joined))


def ends_in_a_network():
    image = keras.Input((28, 28, 1))
    end = layers.Dense(5, activation=SOFTMAX)(layers.Flatten()(image))
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, keras.Model(image, end)(layers.Rescaling(2)(inputs)))


def networks_in_chains():
    """Build a chain of chains, of which one moves images and one has no Input."""
    moved = keras.Sequential([keras.Sequential([layers.RandomTranslation(0.2, 0.2)])])
    inner = keras.Sequential([layers.Conv2D(3, 3), layers.BatchNormalization(), layers.ReLU()])
    end = keras.Sequential([layers.Flatten(), layers.Dense(10), layers.Softmax()])
    return keras.Sequential([keras.Input((28, 28, 1)), moved, inner, end])


WHOLE = {
    "LeNet-5": build_lenet5,
    "a small ResNet": lambda: classifier(resnet),
    "three branches": lambda: classifier(inception, 5),
    "MobileNet": lambda: classifier(mobilenet),
    "VGG": lambda: classifier(vgg),
    "a perceptron": lambda: classifier(perceptron),
    "DenseNet": lambda: classifier(densenet, 7),
    "networks in a network": lambda: classifier(nested),
    "a network called twice": lambda: classifier(called_twice),
    "a network at the end": ends_in_a_network,
    "networks in chains": networks_in_chains,
}
SAMPLED = [(kind, turn) for kind in KINDS for turn in range(SAMPLES)]
ZOO = {f"{kind} {turn}": partial(build_around, kind, turn) for kind, turn in SAMPLED} | WHOLE
NOT_TRAINABLE = "a network called twice"  # in the page: its layers have two inputs each


def build(name):
    """Build a network with random weights and statistics, as after a training."""
    model = ZOO[name]()
    rng = np.random.default_rng([1, *name.encode()])  # 1: no ReLU gives 0 for all images
    for weight in model.weights:
        width = 2 / np.sqrt(np.prod(weight.shape[:-1]))
        if weight.path.endswith("variance"):
            weight.assign(rng.uniform(0.5, 2, weight.shape))  # above 0
        elif "float" in weight.dtype:  # not the state of a generator of random numbers
            weight.assign(rng.uniform(-width, width, weight.shape))
    return model


@cache  # several tests of a file look at all of them
def describe_zoo() -> dict[str, DescribedNetwork]:
    """Return the networks as JavaScript gets them, by their names."""
    return {name: describe(build(name)) for name in ZOO}
