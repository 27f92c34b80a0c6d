"""The exercises of the optional lesson better."""

from helpers.checks.comparisons import comparison
from helpers.checks.core import exercise
from helpers.checks.kinds import asks_for, fraction, integers, number
from helpers.language import _

# Exercise 1: the pairs that find a gain of 0.001 in nine of ten studies, give or take three.
pairs_needed = comparison(
    number,
    right=(41, 47),
    near_misses={
        (None, 41): "That is too few: find the smallest number with which found gives 0.9.",
    },
    otherwise="That is more than needed: find the smallest number with which found gives 0.9.",
    hint="Try numbers of pairs: in which share of the studies is found(0.001, pairs)?",
    praise="Half the gain takes about four times as many.",
)

# Exercise 2: how likely it is that at least one of nine intervals misses 0 where nothing changed.
by_luck = comparison(
    fraction,
    right=1 - 0.95**9,
    near_misses={
        0.95**9: "That is how likely it is that none does.",
        9 * 0.05: (
            "Added up, more than twenty would be more than 1. Begin with: all nine hold it."
        ),
    },
    otherwise="One holds it 95 times in 100, two of two 0.95 x 0.95. And nine of nine?",
    tolerance=0.01,
    hint="How likely is it that all nine intervals hold 0?",
    praise=(
        "So nine changes that do nothing yield a gain or a loss more often than one time in three."
    ),
)


@asks_for("the model")
def layers_of_model(answer) -> tuple[list[str], int]:
    """Return a description of each layer of a network, and the number of its parameters.

    Any answer that is no network of Keras raises an error.
    """
    if not answer.built:  # a Sequential without an Input
        answer.build((None, 28, 28, 1))
    layers = [layer for layer in answer.layers if type(layer).__name__ != "InputLayer"]
    return [_describe(layer) for layer in layers], answer.count_params()


def _describe(layer) -> str:
    """Return a layer as "Conv2D 5x5, tanh, (28, 28, 6)": kind, window, activation, output shape."""
    window = getattr(layer, "kernel_size", getattr(layer, "pool_size", None))
    words = [type(layer).__name__ + (" {}x{}".format(*window) if window else "")]
    if hasattr(layer, "activation"):
        words.append(layer.activation.__name__)
    return ", ".join([*words, str(layer.output.shape[1:])])


@exercise(
    layers_of_model,
    hint="Begin with the nine lines of notebook 2, and go through the table row by row.",
    second_hint=(
        'Conv2D takes padding="same" and activation="tanh", and the pooling is called '
        "AveragePooling2D. Flatten has a row of its own."
    ),
    praise="This is LeNet-5, with 61,706 parameters.",
)
def lenet5(answer):
    """Exercise 3: LeNet-5 as the table has it. `answer` is what `layers_of_model` returns."""
    from helpers.better.lenet import build_lenet5  # loads TensorFlow

    layers, parameters = answer
    wanted_layers, wanted_parameters = layers_of_model(build_lenet5())
    for position, wanted in enumerate(wanted_layers):
        if position == len(layers):
            return _("Layer {n} is missing. The table has {wanted}.", n=position + 1, wanted=wanted)
        if layers[position] != wanted:
            return _(
                "Layer {n} is {got}. The table has {wanted}.",
                n=position + 1,
                got=layers[position],
                wanted=wanted,
            )
    if len(layers) > len(wanted_layers):
        return _("The table ends after layer {n}, but your network goes on.", n=len(wanted_layers))
    if parameters != wanted_parameters:
        return _(
            "It has {got:,} parameters and should have {wanted:,}. Each of its convolutions and "
            "dense layers has biases.",
            got=parameters,
            wanted=wanted_parameters,
        )
    return None


# Exercise 4: the parameters of LeNet-5's layers that have any.
parameters_by_layer = comparison(
    integers,
    right=(156, 2416, 48120, 10164, 850),
    near_misses={
        (150, 2400, 48000, 10080, 840): "The biases are missing: each filter and unit has one.",
        (156, 416, None, None, None): (
            "Look at C3. Each of its filters looks at all six maps, and has 5x5 weights for each."
        ),
        (156, 1516, None, None, None): (
            "In the paper, C3 has 1,516. Here, each of its filters looks at all six maps."
        ),
        (156, 2416, 48120, 10164, None): "Four of five are right. The output layer has 84 inputs.",
        (156, 2416, None, None, None): (
            "The convolutions are right. How many numbers does C5 take in, after Flatten?"
        ),
        (156, None, None, None, None): "C1 is right. How many channels does C3 take in?",
    },
    otherwise="Answer with five numbers: C1, C3, C5, F6 and the output layer.",
    hint="A filter has one weight for each number that it looks at, and a bias.",
    second_hint=(
        "A convolution has (kernel height x kernel width x channels in + 1) x filters, and a dense "
        "layer (numbers in + 1) x units."
    ),
    praise="Their sum is 61,706, and nearly four fifths of them are in C5.",
)
