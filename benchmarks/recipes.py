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
    """How to train one network.

    Attributes:
        build: makes the untrained model.
        compile: gives it optimizer, loss and metrics, for a number of steps in all.
        epochs: how often each image is seen.
        batch_size: images in one step.
        policy: Keras's dtype policy: what the layers compute in.
        halves: whether each batch is cut in two (halves.py) or `fit` trains.
        one_hot: whether the loss takes labels of shape (n, 10).
        validation_split: the share of the images that `fit` sets aside to report on.
    """

    build: Callable[[], keras.Model]
    compile: Compile
    epochs: int
    batch_size: int
    policy: str = "float32"
    halves: bool = False
    one_hot: bool = False
    validation_split: float = 0.0


def rise_and_fall(steps: int, peak: float) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a learning rate that rises for a quarter of the steps and then falls to zero."""
    rising = max(steps // 4, 1)
    return keras.optimizers.schedules.CosineDecay(
        peak / 10, max(steps - rising, 1), warmup_target=peak, warmup_steps=rising
    )


def scheduled(peak: float, smoothing: float = 0.0, averaged: bool = False) -> Compile:
    """Return a `compile` with Adam and a rate that rises to `peak` and falls.

    Args:
        peak: the highest learning rate.
        smoothing: how much of a label's 1 is spread over all classes.
        averaged: whether the model ends with a running average of its weights.
    """

    def compile(model, steps):
        rate = rise_and_fall(steps, peak)
        averages = {"use_ema": averaged, "ema_momentum": 0.99}
        adam = keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.95, **averages)
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


def conv(filters: int, kernel_size: int = 3) -> keras.layers.Layer:
    """Return a convolution without bias."""
    return layers.Conv2D(filters=filters, kernel_size=kernel_size, use_bias=False)


def classes() -> keras.layers.Layer:
    """Return the last layer: ten probabilities, always in float32."""
    return layers.Dense(10, activation="softmax", dtype="float32")


def moved(x, shift: float, turn: float = 0.0):
    """Move and turn images at random while the network trains; otherwise leave them alone."""
    if shift:
        x = layers.RandomTranslation(shift, shift, fill_mode="constant", dtype="float32")(x)
    if turn:
        x = layers.RandomRotation(turn, fill_mode="constant", dtype="float32")(x)
    return x


def fast_network() -> keras.Model:
    """Build the network of the shortest time to 98.9%: 109,402 parameters."""
    inputs = keras.Input(shape=(28, 28, 1))
    x = normalised(inputs, conv(16, kernel_size=5), pool=True)
    x = normalised(x, conv(32), pool=True)
    x = layers.Flatten()(x)
    x = normalised(x, layers.Dense(128, use_bias=False))
    return keras.Model(inputs, classes()(x))


def normalised_network(shift: float = 0.0) -> keras.Model:
    """Build the document's network with batch normalisation before each relu.

    Args:
        shift: how far each training image is moved at most, as a share of its side.
    """
    inputs = keras.Input(shape=(28, 28, 1))
    x = normalised(moved(inputs, shift), conv(32), pool=True)
    x = normalised(x, conv(64), pool=True)
    x = normalised(x, conv(128))
    x = layers.Flatten()(x)
    return keras.Model(inputs, classes()(x))


def accurate_network(turn: float = 0.0) -> keras.Model:
    """Build the network of the best accuracy in the document's time: 84,826 parameters.

    Args:
        turn: how far each training image is turned at most, as a share of a full turn.
    """
    inputs = keras.Input(shape=(28, 28, 1))
    x = normalised(moved(inputs, SHIFT, turn), conv(16, kernel_size=5), pool=True)
    x = normalised(x, conv(64), pool=True)
    x = normalised(x, conv(64))
    x = layers.Flatten()(x)
    x = normalised(x, layers.Dense(64, use_bias=False))
    return keras.Model(inputs, classes()(x))


def keras_example_network() -> keras.Model:
    """Build the network of Keras's example "Simple MNIST convnet" by F. Chollet (keras.io)."""
    first = [layers.Conv2D(32, kernel_size=3, activation="relu"), layers.MaxPooling2D(pool_size=2)]
    second = [layers.Conv2D(64, kernel_size=3, activation="relu"), layers.MaxPooling2D(pool_size=2)]
    dense = [layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input(shape=(28, 28, 1)), *first, *second, *dense])


def quickstart_network() -> keras.Model:
    """Build the network of "TensorFlow 2 quickstart for beginners" (tensorflow.org)."""
    hidden = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.2)]
    return keras.Sequential([keras.Input(shape=(28, 28, 1)), *hidden, layers.Dense(10)])


def _published(loss) -> Compile:
    """Return a `compile` with Adam as Keras has it, as in both of the published examples."""
    return lambda model, steps: model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])


DOCUMENT = Recipe(build_model, lambda model, steps: compile_model(model), epochs=5, batch_size=64)
EXECUTED_WELL = replace(DOCUMENT, policy="mixed_bfloat16", halves=True)
ACCURATE = replace(
    EXECUTED_WELL,
    build=accurate_network,
    compile=scheduled(0.03, smoothing=0.1),
    epochs=12,
    batch_size=256,
    one_hot=True,
)
QUICKSTART_LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

RECIPES = {
    "document": DOCUMENT,
    "document, executed well": EXECUTED_WELL,
    "fast": replace(ACCURATE, build=fast_network, compile=scheduled(0.02, smoothing=0.1), epochs=1),
    "accurate": ACCURATE,
    "Keras example": Recipe(
        keras_example_network,
        _published("categorical_crossentropy"),
        epochs=15,
        batch_size=128,
        one_hot=True,
        validation_split=0.1,
    ),
    "TensorFlow quickstart": Recipe(
        quickstart_network, _published(QUICKSTART_LOSS), epochs=5, batch_size=32
    ),
}

# One change after the other, five epochs each, judged on held-out images. A change that helps stays
# for the steps below it; averaged weights, float32 and turning did not.
_normalised = replace(EXECUTED_WELL, build=normalised_network)
_rising = replace(_normalised, compile=scheduled(0.005), one_hot=True)
_smoothed = replace(_rising, compile=scheduled(0.005, smoothing=0.1))
_shifted = replace(_smoothed, build=partial(normalised_network, shift=SHIFT))
_batches = replace(_shifted, compile=scheduled(0.02, smoothing=0.1), batch_size=256)
_reshaped = replace(ACCURATE, epochs=5)

LADDER = {
    "the document": EXECUTED_WELL,
    "batch normalisation": _normalised,
    "a rate that rises and falls": _rising,
    "smoothed labels": _smoothed,
    "shifted images": _shifted,
    "averaged weights": replace(_shifted, compile=scheduled(0.005, smoothing=0.1, averaged=True)),
    "larger batches": _batches,
    "another shape": _reshaped,
    "another shape, in float32": replace(_reshaped, policy="float32"),
    "another shape, turned as well": replace(_reshaped, build=partial(accurate_network, turn=TURN)),
    "another shape, 12 epochs": ACCURATE,
}
