"""Keras networks and how they are trained: the document's, ours, and two that others published."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from helpers.backend import keras
from helpers.model import build_model, compile_model

layers = keras.layers

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


def rise_and_fall(
    steps: int, peak: float, floor: float = 0.0
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a rate that rises for a quarter of the steps and falls to a share of its peak."""
    rising = max(steps // 4, 1)
    return keras.optimizers.schedules.CosineDecay(
        peak / 10, max(steps - rising, 1), floor, warmup_target=peak, warmup_steps=rising
    )


def scheduled(
    peak: float,
    smoothing: float = 0.0,
    averaged: bool = False,
    floor: float = 0.0,
    decay: float = 0.0,
) -> Compile:
    """Return a `compile` with Adam and a rate that rises to `peak` and falls to `floor` of it.

    `smoothing` of a label's 1 is spread over all classes. A model that is `averaged` ends with a
    running average of its weights. In each step the weights lose a share, `decay` times the rate.
    """

    def compile(model, steps):
        rate = rise_and_fall(steps, peak, floor)
        more = {"use_ema": averaged, "ema_momentum": 0.99, "weight_decay": decay or None}
        adam = keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.95, **more)
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
        model.compile(optimizer=adam, loss=loss, metrics=["accuracy"])

    return compile


def normalised(x, layer: keras.layers.Layer, pool: bool = False):
    """Apply a layer, max pooling if asked for, batch normalisation and relu.

    A layer before batch normalisation needs no bias of its own. Pooling comes first, as that
    leaves a quarter of the numbers to normalise.
    """
    x = layer(x)
    x = layers.MaxPooling2D(pool_size=2)(x) if pool else x
    x = layers.BatchNormalization(momentum=0.8)(x)
    return layers.Activation("relu")(x)


def network(
    *convolutions: tuple[int, int],
    dense: int = 0,
    shift: float = 0.0,
    turn: float = 0.0,
    dropout: float = 0.0,
) -> keras.Model:
    """Build convolutions, the first two with pooling, a dense layer or none, ten probabilities.

    Each convolution is (filters, kernel_size). While the network trains, each image is moved and
    turned at random: by a share of its side and of a full turn; of the numbers before the last
    layer a share is left out, `dropout`.
    """
    x = inputs = keras.Input(shape=(28, 28, 1))
    if shift:
        x = layers.RandomTranslation(shift, shift, fill_mode="constant", dtype="float32")(x)
    if turn:
        x = layers.RandomRotation(turn, fill_mode="constant", dtype="float32")(x)
    for place, (filters, kernel_size) in enumerate(convolutions):
        x = normalised(x, layers.Conv2D(filters, kernel_size, use_bias=False), pool=place < 2)
    x = layers.Flatten()(x)
    if dense:
        x = normalised(x, layers.Dense(dense, use_bias=False))
    if dropout:
        x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))


# The shortest time to 98.9%, the document's network, the best accuracy in the document's time.
fast_network = partial(network, (16, 5), (32, 3), dense=128)
normalised_network = partial(network, (32, 3), (64, 3), (128, 3))
accurate_network = partial(network, (16, 5), (64, 3), (64, 3), dense=64, shift=SHIFT)


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


smooth = partial(scheduled, smoothing=0.1)
document = Recipe(build_model, lambda model, steps: compile_model(model), 5, 64)
executed_well = replace(document, policy="mixed_bfloat16", halves=True)
accurate = replace(executed_well, build=accurate_network, compile=smooth(0.03), one_hot=True)
accurate = replace(accurate, epochs=12, batch_size=256)
keras_example = Recipe(keras_example_network, published("categorical_crossentropy"), 15, 128)
from_scores = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

RECIPES = {
    "document": document,
    "document, executed well": executed_well,
    "fast": replace(accurate, build=fast_network, compile=smooth(0.02), epochs=1),
    "accurate": accurate,
    "Keras example": replace(keras_example, one_hot=True, validation_split=0.1),
    "TensorFlow quickstart": Recipe(quickstart_network, published(from_scores), 5, 32),
}

# One change after the other, five epochs each, judged on held-out images. A change that helps stays
# for the steps below it; averaged weights, float32 and turning did not.
normal = replace(executed_well, build=normalised_network)
rising = replace(normal, compile=scheduled(0.005), one_hot=True)
smoothed = replace(rising, compile=smooth(0.005))
shifted = replace(smoothed, build=partial(normalised_network, shift=SHIFT))
reshaped = replace(accurate, epochs=5)

LADDER = {
    "the document": executed_well,
    "batch normalisation": normal,
    "a rate that rises and falls": rising,
    "smoothed labels": smoothed,
    "shifted images": shifted,
    "averaged weights": replace(shifted, compile=smooth(0.005, averaged=True)),
    "larger batches": replace(shifted, compile=smooth(0.02), batch_size=256),
    "another shape": reshaped,
    "another shape, in float32": replace(reshaped, policy="float32"),
    "another shape, turned as well": replace(reshaped, build=partial(accurate_network, turn=TURN)),
    "another shape, 12 epochs": accurate,
}

# One change each in *accurate*, for search.py, which judges them on held-out images.
wider_network = partial(network, (32, 5), (64, 3), (64, 3), dense=64, shift=SHIFT)
CANDIDATES = {
    "accurate": accurate,
    "less smoothing": replace(accurate, compile=smooth(0.03, smoothing=0.05)),
    "weight decay": replace(accurate, compile=smooth(0.03, decay=0.005)),
    "dropout": replace(accurate, build=partial(accurate_network, dropout=0.3)),
    "averaged, the rate ends at a tenth": replace(
        accurate, compile=smooth(0.03, averaged=True, floor=0.1)
    ),
    "a first layer of 32 filters": replace(accurate, build=wider_network),
    "batches of 128": replace(accurate, batch_size=128),
    "16 epochs": replace(accurate, epochs=16),
}
