"""Keras networks and how they are trained: the document's, ours, and two that others published."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress, product
from typing import NamedTuple

import numpy as np

from helpers.backend import keras, tf
from helpers.model import build_model, compile_model

layers, schedules = keras.layers, keras.optimizers.schedules

SHIFT, TURN = 2.0, 11.0  # pixels, degrees
Compile = Callable[[keras.Model, int], None]


@dataclass(frozen=True)
class Recipe:
    """How to train one network."""

    build: Callable[[], keras.Model]
    compile: Compile  # for a number of steps in all
    epochs: int
    batch_size: int
    policy: str = "float32"  # Keras's dtype policy: what the layers compute in
    halves: bool = False  # whether each batch is cut in two (halves.py) or `fit` trains
    unmoved: int = 0  # epochs at the end that see the images as they are
    looks: bool = False  # whether an answer is the mean of nine, one for each move by a pixel
    one_hot: bool = False  # whether the loss takes labels of shape (n, 10)
    validation_split: float = 0.0  # the share of the images that `fit` sets aside to report on


class Step(NamedTuple):
    """A recipe that changes one thing in the one named `over`, or stands for itself."""

    recipe: Recipe
    over: str | None = None


def rise_and_fall(steps: int, peak: float) -> schedules.LearningRateSchedule:
    """Return a rate that rises for a quarter of the steps and falls to 0 in the others."""
    rising = max(steps // 4, 1)
    rise = {"warmup_target": peak, "warmup_steps": rising}
    return schedules.CosineDecay(peak / 10, max(steps - rising, 1), **rise)


adam = partial(keras.optimizers.Adam, beta_1=0.8, beta_2=0.95)


def scheduled(peak: float, smoothing: float = 0.0, optimizer: Callable = adam) -> Compile:
    """Return a `compile` with `rise_and_fall`; `smoothing` of a 1 is spread over all classes."""

    def compile(model, steps):
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
        model.compile(optimizer(rise_and_fall(steps, peak)), loss=loss, metrics=["accuracy"])

    return compile


class BatchNormalization(layers.BatchNormalization):
    """Keras's layer, computed by one operation of TensorFlow, which takes a third of the time."""

    def call(self, inputs, training=False):
        """Return numbers of the same shape, (n, channels) or (n, height, width, channels)."""
        maps = inputs if inputs.ndim == 4 else inputs[:, None, None]
        made, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            maps,
            tf.cast(self.gamma, tf.float32),
            tf.cast(self.beta, tf.float32),
            self.moving_mean,
            self.moving_variance,
            self.epsilon,
            is_training=training,
            exponential_avg_factor=1 - self.momentum,
        )
        if training:
            self.moving_mean.assign(mean)
            self.moving_variance.assign(variance)
        return tf.reshape(made, tf.shape(inputs))


def layer_and_relu(x, layer: Callable, normalise: bool, pool: int = 0):
    """Apply a layer, max pooling and batch normalisation where asked for, and relu."""
    x = layer(use_bias=not normalise)(x)  # normalisation has a bias of its own
    x = layers.MaxPooling2D(pool_size=pool)(x) if pool else x  # leaves fewer numbers to normalise
    x = BatchNormalization(momentum=0.8)(x) if normalise else x
    return layers.Activation("relu")(x)


def network(*convolutions, dense=0, first_pool=2, normalise="all"):
    """Build convolutions, the first two with pooling, a dense layer or none, ten probabilities.

    Each convolution is (filters, kernel_size), `dense` a number of units. Batch normalisation
    follows "all" of these layers, the "dense" one or "none".
    """
    x = inputs = keras.Input(shape=(28, 28, 1))
    for (filters, kernel_size), pool in zip(convolutions, (first_pool, 2, 0), strict=False):
        convolution = partial(layers.Conv2D, filters, kernel_size)
        x = layer_and_relu(x, convolution, normalise == "all", pool)
    x = layers.Flatten()(x)
    if dense:
        x = layer_and_relu(x, partial(layers.Dense, dense), normalise != "none")
    return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))


def accurate_network(filters: int = 16) -> keras.Model:
    """Build a network of three convolutions, the first with so many filters, and a dense layer."""
    return network((filters, 5), (64, 3), (64, 3), dense=64)


class RandomAffine(layers.Layer):
    """While a network trains, move, turn and zoom each image at random, all at once.

    `pixels` of a move along each axis, `degrees` and a share of the size are the most either way.
    """

    def __init__(self, pixels: float, degrees: float = 0.0, zoom: float = 0.0):
        super().__init__(dtype="float32")
        self.most = pixels, np.deg2rad(degrees), zoom
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, images, training=False):
        """Return images of the same shape, (n, height, width, channels)."""
        if not training:
            return images
        count, side = tf.shape(images)[0], images.shape[1]
        pixels, turn, zoom = (tf.constant(most, tf.float32) for most in self.most)
        draw = keras.random.uniform((4, count), -1, 1, seed=self.seed_generator)
        angle, scale, middle = draw[0] * turn, 1 + draw[1] * zoom, (side - 1) / 2
        cos, sin = tf.cos(angle) * scale, tf.sin(angle) * scale
        right = middle * (1 - cos + sin) + draw[2] * pixels  # the middle stays, but for the move
        down = middle * (1 - sin - cos) + draw[3] * pixels
        zero = tf.zeros_like(cos)
        places = tf.stack([cos, -sin, right, sin, cos, down, zero, zero], axis=1)
        return keras.ops.image.affine_transform(images, places, fill_mode="constant")


def moved(build: Callable[[], keras.Model], *most: float) -> keras.Model:
    """Build a network that sees each training image moved, as `RandomAffine` does by `most`."""
    inputs = keras.Input(shape=(28, 28, 1))
    return keras.Model(inputs, build()(RandomAffine(*most)(inputs)))


normalised_network = partial(network, (32, 3), (64, 3), (128, 3))
small_network = partial(network, (16, 5), (64, 3), dense=128)
fast_network = partial(small_network, normalise="dense", first_pool=3)
train_mnist_fast_network = partial(network, (24, 5), (32, 3), dense=256, normalise="none")


def keras_example_network() -> keras.Model:
    """Build the network of Keras's example "Simple MNIST convnet" by F. Chollet (keras.io)."""
    first = [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2)]
    second = [layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2)]
    dense = [layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input(shape=(28, 28, 1)), *first, *second, *dense])


def quickstart_network() -> keras.Model:
    """Build the network of "TensorFlow 2 quickstart for beginners" (tensorflow.org)."""
    hidden = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.2)]
    return keras.Sequential([keras.Input(shape=(28, 28, 1)), *hidden, layers.Dense(10)])


def published(loss) -> Compile:
    """Return a `compile` with Adam as Keras has it, as in both of the published examples."""
    return lambda model, steps: model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])


def ladder(first: str, recipe: Recipe, changes: dict[str, dict], kept: int) -> dict[str, Step]:
    """Return a first step and one for each change of settings, by name.

    Each of the first `kept` changes is made in the step before, the others in the last of these.
    """
    over, steps = first, {first: Step(recipe)}
    for number, (name, change) in enumerate(changes.items()):
        steps[name] = Step(replace(steps[over].recipe, **change), over)
        over = name if number < kept else over
    return steps


document = Recipe(build_model, lambda model, steps: compile_model(model), 5, 64)
executed_well = replace(document, policy="mixed_bfloat16", halves=True)
rmsprop_rising = scheduled(0.005, optimizer=keras.optimizers.RMSprop)
smooth = partial(scheduled, smoothing=0.1)

BETTER = ladder(
    "the document",
    executed_well,
    {
        "batch normalisation": {"build": normalised_network},
        "a rate that rises and falls": {"compile": rmsprop_rising, "one_hot": True},
        "Adam": {"compile": scheduled(0.005)},
        "smoothed labels": {"compile": smooth(0.005)},
        "shifted images": {"build": partial(moved, normalised_network, SHIFT)},
        "batches of 256": {"batch_size": 256},
        "another shape": {"build": partial(moved, accurate_network, SHIFT)},
        "a peak of 0.03": {"compile": smooth(0.03)},
        "12 epochs": {"epochs": 12},
        "turned images": {"build": partial(moved, accurate_network, SHIFT, TURN)},
    },
    kept=9,
)
FASTER = ladder(
    "one epoch of the document",
    replace(document, epochs=1),
    {
        "two halves": {"halves": True},
        "16 bits": {"policy": "mixed_bfloat16"},
        "a smaller network": {"build": partial(small_network, normalise="none")},
        "its rate rises and falls": {"compile": rmsprop_rising, "one_hot": True},
        "Adam in place of RMSprop": {"compile": scheduled(0.005)},
        "its labels smoothed": {"compile": smooth(0.005)},
        "256 images a step": {"batch_size": 256},
        "one layer normalised": {"build": partial(small_network, normalise="dense")},
        "pooling 3x3": {"build": fast_network},
        "a peak of 0.02": {"compile": smooth(0.02)},
        "all layers normalised": {"build": partial(fast_network, normalise="all")},
        "32 bits again": {"policy": "float32"},
    },
    kept=10,
)
fast = FASTER["a peak of 0.02"].recipe


def tried(
    *,
    epochs=18,
    filters=16,
    pixels=SHIFT,
    degrees=TURN,
    zoom=0,
    peak=0.03,
    smoothing=0.1,
    decay=None,
    unmoved=2,
) -> Recipe:
    """Return *12 epochs* of BETTER with turned images, the last unmoved, and nine looks."""
    build = partial(moved, partial(accurate_network, filters), pixels, degrees, zoom)
    compile = scheduled(peak, smoothing, partial(adam, weight_decay=decay))
    looks = {"epochs": epochs, "unmoved": unmoved, "looks": True}
    return replace(BETTER["12 epochs"].recipe, build=build, compile=compile, **looks)


# Each is on in eight of the sixteen recipes of `plan`; factorial.py says what they are worth.
IDEAS = {
    "zoomed": {"zoom": 0.06},
    "less smoothing": {"smoothing": 0.05},
    "weight decay": {"decay": 0.01},
    "a peak of 0.02": {"peak": 0.02},
    "24 filters first": {"filters": 24},
    "1.5 pixels": {"pixels": 1.5},
    "15 degrees": {"degrees": 15},
    "the last four unmoved": {"unmoved": 4},
}


def plan() -> dict[str, Step]:
    """Return recipes by the names of the ideas that are on."""
    steps = {}
    for a, b, c, d in product((False, True), repeat=4):
        chosen = list(compress(IDEAS, (a, b, c, d, a ^ b ^ c, a ^ b ^ d, a ^ c ^ d, b ^ c ^ d)))
        settings = {key: value for name in chosen for key, value in IDEAS[name].items()}
        steps[", ".join(chosen) or "as it is"] = Step(tried(**settings))
    return steps


accurate = tried()  # 18 epochs fill the document's time
example = Recipe(keras_example_network, published("categorical_crossentropy"), 15, 128)
from_scores = published(keras.losses.SparseCategoricalCrossentropy(from_logits=True))

# The finished recipes; on held-out images the two ladders, the plan, and its best idea in the time.
GROUPS = {
    "finished": {
        "document": Step(document),
        "document, executed well": Step(executed_well),
        "fast": Step(fast),
        "train_mnist_fast in halves": Step(replace(fast, build=train_mnist_fast_network)),
        "accurate": Step(accurate),
        "Keras example": Step(replace(example, one_hot=True, validation_split=0.1)),
        "TensorFlow quickstart": Step(Recipe(quickstart_network, from_scores, 5, 32)),
    },
    "better": BETTER,
    "faster": FASTER,
    "factorial": plan(),
    "same time": {"24 filters first, 14 epochs": Step(tried(epochs=14, filters=24))},
}
