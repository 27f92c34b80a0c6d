"""Keras networks and how they are trained: the document's, ours, and two that others published."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from helpers.backend import keras
from helpers.model import build_model, compile_model

layers, schedules = keras.layers, keras.optimizers.schedules

SHIFT = 2 / 28  # two pixels of 28
TURN = 0.03  # of a full turn: 11 degrees
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


def layer_and_relu(x, layer: Callable, normalise: bool, pool: int = 0):
    """Apply a layer, max pooling and batch normalisation where asked for, and relu."""
    x = layer(use_bias=not normalise)(x)  # normalisation has a bias of its own
    x = layers.MaxPooling2D(pool_size=pool)(x) if pool else x  # leaves fewer numbers to normalise
    x = layers.BatchNormalization(momentum=0.8)(x) if normalise else x
    return layers.Activation("relu")(x)


def network(*convolutions, dense=0, first_pool=2, normalise="all", shift=0.0, turn=0.0):
    """Build convolutions, the first two with pooling, a dense layer or none, ten probabilities.

    Each convolution is (filters, kernel_size), `dense` a number of units. Batch normalisation
    follows "all" of these layers, the "dense" one or "none". While the network trains, each image
    is moved and turned at random, by a share of its side and of a full turn.
    """
    x = inputs = keras.Input(shape=(28, 28, 1))
    if shift:
        x = layers.RandomTranslation(shift, shift, fill_mode="constant", dtype="float32")(x)
    if turn:
        x = layers.RandomRotation(turn, fill_mode="constant", dtype="float32")(x)
    for (filters, kernel_size), pool in zip(convolutions, (first_pool, 2, 0), strict=False):
        convolution = partial(layers.Conv2D, filters, kernel_size)
        x = layer_and_relu(x, convolution, normalise == "all", pool)
    x = layers.Flatten()(x)
    if dense:
        x = layer_and_relu(x, partial(layers.Dense, dense), normalise != "none")
    return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))


normalised_network = partial(network, (32, 3), (64, 3), (128, 3))
accurate_network = partial(network, (16, 5), (64, 3), (64, 3), dense=64, shift=SHIFT)
small_network = partial(network, (16, 5), (64, 3), dense=128)
fast_network = partial(small_network, normalise="dense", first_pool=3)


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
        "shifted images": {"build": partial(normalised_network, shift=SHIFT)},
        "batches of 256": {"batch_size": 256},
        "another shape": {"build": accurate_network},
        "a peak of 0.03": {"compile": smooth(0.03)},
        "12 epochs": {"epochs": 12},
        "turned images": {"build": partial(accurate_network, turn=TURN)},
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
accurate, fast = BETTER["12 epochs"].recipe, FASTER["a peak of 0.02"].recipe
example = Recipe(keras_example_network, published("categorical_crossentropy"), 15, 128)
from_scores = published(keras.losses.SparseCategoricalCrossentropy(from_logits=True))

# The finished recipes and the two ladders.
GROUPS = {
    "finished": {
        "document": Step(document),
        "document, executed well": Step(executed_well),
        "fast": Step(fast),
        "accurate": Step(accurate),
        "Keras example": Step(replace(example, one_hot=True, validation_split=0.1)),
        "TensorFlow quickstart": Step(Recipe(quickstart_network, from_scores, 5, 32)),
    },
    "better": BETTER,
    "faster": FASTER,
}
