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


@dataclass(frozen=True)
class Step:
    """A recipe on a ladder: it changes one thing in the step named `over`, or is the first."""

    recipe: Recipe
    over: str | None


def rise_and_fall(
    steps: int, peak: float, floor: float = 0.0
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a rate that rises for a quarter of the steps and falls to a share of its peak."""
    rising = max(steps // 4, 1)
    return keras.optimizers.schedules.CosineDecay(
        peak / 10, max(steps - rising, 1), floor, warmup_target=peak, warmup_steps=rising
    )


adam = partial(keras.optimizers.Adam, beta_1=0.8, beta_2=0.95)


def scheduled(
    peak: float,
    smoothing: float = 0.0,
    averaged: bool = False,
    floor: float = 0.0,
    decay: float = 0.0,
    optimizer: Callable = adam,
) -> Compile:
    """Return a `compile` with a rate that rises to `peak` and falls to `floor` of it.

    `smoothing` of a label's 1 is spread over all classes. A model that is `averaged` ends with a
    running average of its weights. In each step the weights lose a share, `decay` times the rate.
    """

    def compile(model, steps):
        rate = rise_and_fall(steps, peak, floor)
        more = {"use_ema": averaged, "ema_momentum": 0.99, "weight_decay": decay or None}
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
        model.compile(optimizer=optimizer(rate, **more), loss=loss, metrics=["accuracy"])

    return compile


def layer_and_relu(x, layer: Callable, normalise: bool, pool: int = 0):
    """Apply a layer, max pooling if asked for, batch normalisation if asked for, and relu.

    A layer before batch normalisation needs no bias of its own. Pooling comes first, as that
    leaves fewer numbers to normalise.
    """
    x = layer(use_bias=not normalise)(x)
    x = layers.MaxPooling2D(pool_size=pool)(x) if pool else x
    x = layers.BatchNormalization(momentum=0.8)(x) if normalise else x
    return layers.Activation("relu")(x)


def network(
    *convolutions: tuple[int, int],
    dense: int = 0,
    first_pool: int = 2,
    normalise: str = "all",
    members: int = 1,
    shift: float = 0.0,
    turn: float = 0.0,
    dropout: float = 0.0,
) -> keras.Model:
    """Build convolutions, the first two with pooling, a dense layer or none, ten probabilities.

    Each convolution is (filters, kernel_size). Batch normalisation follows "all" of these layers,
    the "dense" one or "none". While the network trains, each image is moved and turned at random:
    by a share of its side and of a full turn; of the numbers before the last layer a share is left
    out, `dropout`. Several `members` are as many such networks, which see the same images; the
    output then has the shape (n, members, 10), else (n, 10).
    """
    x = inputs = keras.Input(shape=(28, 28, 1))
    if shift:
        x = layers.RandomTranslation(shift, shift, fill_mode="constant", dtype="float32")(x)
    if turn:
        x = layers.RandomRotation(turn, fill_mode="constant", dtype="float32")(x)
    moved, outputs = x, []
    for _ in range(members):
        x = moved
        for (filters, kernel_size), pool in zip(convolutions, (first_pool, 2, 0), strict=False):
            convolution = partial(layers.Conv2D, filters, kernel_size)
            x = layer_and_relu(x, convolution, normalise == "all", pool)
        x = layers.Flatten()(x)
        if dense:
            x = layer_and_relu(x, partial(layers.Dense, dense), normalise != "none")
        if dropout:
            x = layers.Dropout(dropout)(x)
        outputs.append(layers.Dense(10, activation="softmax", dtype="float32")(x))
    if members == 1:
        return keras.Model(inputs, outputs[0])
    rows = [layers.Reshape((1, 10), dtype="float32")(output) for output in outputs]
    return keras.Model(inputs, layers.Concatenate(axis=1, dtype="float32")(rows))


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


smooth = partial(scheduled, smoothing=0.1)
document = Recipe(build_model, lambda model, steps: compile_model(model), 5, 64)
executed_well = replace(document, policy="mixed_bfloat16", halves=True)
trained_well = replace(executed_well, compile=smooth(0.03), one_hot=True, batch_size=256)
accurate = replace(trained_well, build=accurate_network, epochs=12)
fast = replace(trained_well, build=fast_network, compile=smooth(0.02), epochs=1)
keras_example = Recipe(keras_example_network, published("categorical_crossentropy"), 15, 128)
from_scores = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

RECIPES = {
    "document": document,
    "document, executed well": executed_well,
    "fast": fast,
    "accurate": accurate,
    "Keras example": replace(keras_example, one_hot=True, validation_split=0.1),
    "TensorFlow quickstart": Recipe(quickstart_network, published(from_scores), 5, 32),
}


def ladder(*steps: tuple[str, Recipe, bool]) -> dict[str, Step]:
    """Return steps by name; each is over the last one before it that was kept, as its bool says."""
    found, over = {}, None
    for name, recipe, kept in steps:
        found[name] = Step(recipe, over)
        over = name if kept else over
    return found


def candidates(name: str, changed: dict[str, Recipe]) -> dict[str, Step]:
    """Return the recipe of this name as a first step, and what changes one thing in it."""
    return {name: Step(RECIPES[name], None)} | {key: Step(changed[key], name) for key in changed}


rmsprop_rising = scheduled(0.005, optimizer=keras.optimizers.RMSprop)
normal = replace(executed_well, build=normalised_network)
rising = replace(normal, compile=rmsprop_rising, one_hot=True)
smoothed = replace(rising, compile=smooth(0.005))
shifted = replace(smoothed, build=partial(normalised_network, shift=SHIFT))
five_epochs = replace(accurate, epochs=5)

one_epoch = replace(document, epochs=1)
halved = replace(one_epoch, halves=True)
rounded = replace(halved, policy="mixed_bfloat16")
small = replace(rounded, build=partial(small_network, normalise="none"))
small_rising = replace(small, compile=rmsprop_rising, one_hot=True)
small_smooth = replace(small_rising, compile=smooth(0.005))
normal_once = replace(fast, build=partial(small_network, normalise="dense"), compile=smooth(0.005))
normal_often = partial(fast_network, normalise="all")

LADDERS = {
    "better": ladder(
        ("the document", executed_well, True),
        ("batch normalisation", normal, True),
        ("a rate that rises and falls", rising, True),
        ("Adam", replace(rising, compile=scheduled(0.005)), True),
        ("smoothed labels", smoothed, True),
        ("shifted images", shifted, True),
        ("batches of 256", replace(shifted, batch_size=256), True),
        ("another shape", replace(five_epochs, compile=smooth(0.005)), True),
        ("a peak of 0.03", five_epochs, True),
        ("12 epochs", accurate, True),
        ("turned images", replace(accurate, build=partial(accurate_network, turn=TURN)), False),
    ),
    "faster": ladder(
        ("one epoch of the document", one_epoch, True),
        ("two halves", halved, True),
        ("16 bits", rounded, True),
        ("a smaller network", small, True),
        ("its rate rises and falls", small_rising, True),
        ("Adam in place of RMSprop", replace(small_rising, compile=scheduled(0.005)), True),
        ("its labels smoothed", small_smooth, True),
        ("256 images a step", replace(small_smooth, batch_size=256), True),
        ("one layer normalised", normal_once, True),
        ("pooling 3x3", replace(fast, compile=smooth(0.005)), True),
        ("a peak of 0.02", fast, True),
        ("all layers normalised", replace(fast, build=normal_often), False),
        ("32 bits again", replace(fast, policy="float32"), False),
    ),
}

# One change each in *accurate* or in *fast*, for search.py.
wider_network = partial(network, (32, 5), (64, 3), (64, 3), dense=64, shift=SHIFT)
three_networks = partial(network, (8, 5), (32, 3), (40, 3), dense=48, shift=SHIFT, members=3)
fewer_filters = partial(network, (8, 5), (64, 3), **fast_network.keywords)
fewer_maps = partial(network, (16, 5), (32, 3), **fast_network.keywords)

SEARCHES = {
    "accurate": candidates(
        "accurate",
        {
            "less smoothing": replace(accurate, compile=smooth(0.03, smoothing=0.05)),
            "weight decay": replace(accurate, compile=smooth(0.03, decay=0.005)),
            "dropout": replace(accurate, build=partial(accurate_network, dropout=0.3)),
            "averaged, the rate ends at a tenth": replace(
                accurate, compile=smooth(0.03, averaged=True, floor=0.1)
            ),
            "a first layer of 32 filters": replace(accurate, build=wider_network),
            "batches of 128": replace(accurate, batch_size=128),
            "16 epochs": replace(accurate, epochs=16),
            "three smaller networks and their mean": replace(accurate, build=three_networks),
            "one layer normalised, 18 epochs": replace(
                accurate, build=partial(accurate_network, normalise="dense"), epochs=18
            ),
        },
    ),
    "fast": candidates(
        "fast",
        {
            "all layers normalised": replace(fast, build=normal_often),
            "pooling 2x2": replace(fast, build=partial(fast_network, first_pool=2)),
            "8 filters first": replace(fast, build=fewer_filters),
            "32 filters second": replace(fast, build=fewer_maps),
            "64 units": replace(fast, build=partial(fast_network, dense=64)),
            "256 units": replace(fast, build=partial(fast_network, dense=256)),
            "a peak of 0.01": replace(fast, compile=smooth(0.01)),
            "a peak of 0.04": replace(fast, compile=smooth(0.04)),
            "batches of 192": replace(fast, batch_size=192),
            "batches of 384": replace(fast, batch_size=384),
        },
    ),
}
