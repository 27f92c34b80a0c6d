"""The exercises of notebook 2."""

import numpy as np

from helpers.checks.comparisons import comparison
from helpers.checks.core import exercise
from helpers.checks.kinds import asks_for, integers, number, numbers
from helpers.common.language import _
from helpers.mnist import prepare

# Two patches of 3x3 at a left edge, with paper on the left and ink on the right: shape (2, 3, 3).
LEFT_EDGES = np.array([[[0, 0, 1]] * 3, [[0, 1, 1]] * 3])
UPPER_EDGES = LEFT_EDGES.transpose(0, 2, 1)


@asks_for("the model and the digit, answer = model, digit")
def model_and_digit(answer) -> tuple:
    """Return a network, built for MNIST's images, a digit, and the network's parts.

    The parts are those of `_parts`. Any other answer raises an error.
    """
    network, digit = answer
    if not network.built:  # a Sequential without an Input
        network.build((None, 28, 28, 1))
    return network, number(digit), *_parts(network)


def _parts(network) -> tuple[str, list[tuple], list[int]]:
    """Return the parts of a network that exercise 3 compares.

    They are the kinds of its layers, a tuple for each layer, and the number of filters of each
    convolution. The tuple has the activation, the size of the output, and for a dense layer the
    number of its units.
    """
    layers = [layer for layer in network.layers if type(layer).__name__ != "InputLayer"]
    kinds = ", ".join(type(layer).__name__ for layer in layers)
    outputs = [
        (_activation_name(layer), layer.output.shape[:-1], getattr(layer, "units", None))
        for layer in layers
    ]
    filters = [layer.filters for layer in layers if hasattr(layer, "filters")]
    return kinds, outputs, filters


def _activation_name(layer) -> str | None:
    """Return the name of a layer's activation, or None if the layer has none."""
    activation = getattr(layer, "activation", None)
    if activation is None:
        return None
    # A layer, such as LeakyReLU(), may be the activation of another one.
    return getattr(activation, "__name__", type(activation).__name__)


# Exercise 1: the shape after a convolution with 16 kernels of 5x5 and a pooling.
shape_of_layers = comparison(
    integers,
    right=(14, 14, 16),
    near_misses={
        (28, 28, 16): "This is the shape after the convolution. Pooling comes next.",
        (None, None, 16): "A kernel of size 3 takes 2 off. How much does one of size 5 take off?",
        (None, None, None): (
            "Look at the last number. Every filter makes one map out of all channels."
        ),
    },
    otherwise="Answer with three numbers, the height, the width and the channels of one image.",
    hint="Begin with the convolution. How much does a kernel of size 5 take off?",
    second_hint="The convolution takes 4 off 32. Pooling halves the rest. Each filter makes a map.",
    praise="A kernel of size 5 takes 4 off, pooling halves 28, and each filter gives one map.",
)


@exercise(
    numbers,
    hint=(
        "At a left edge, which column of the patch is ink? And what do the nine weights add up to?"
    ),
    second_hint="Take the kernel of this notebook, and let its columns be -1, 0 and 1.",
    praise=(
        "It is positive at left edges, 0 on plain paper and in full ink, and negative at right "
        "edges."
    ),
)
def left_edges(kernel):
    """Exercise 2: any kernel of shape (3, 3) that answers to left edges."""
    if kernel.shape != (3, 3):
        return _("Your kernel has the shape {shape}. It should be 3x3.", shape=kernel.shape)
    left = (kernel * LEFT_EDGES).sum(axis=2)  # row by row, as at the end of a stroke
    if abs(kernel.sum()) > 1e-6:
        return _("In full ink it should give 0. What do your nine weights add up to?")
    if left.min() < -1e-6 and left.max() < 1e-6:
        return _("It answers to the right edges of strokes. Which side must be positive?")
    if left.min() < -1e-6:
        return _("Try it on [[0, 0, 1]] * 3 and [[0, 1, 1]] * 3. No row may give less than 0.")
    if left.max() < 1e-6:
        return _("Try it on [[0, 0, 1]] * 3. At a left edge it should give more than 0.")
    if np.abs((kernel * UPPER_EDGES).sum(axis=(1, 2))).max() > 1e-6:
        return _("Now try it on an upper edge, [[0] * 3, [0] * 3, [1] * 3]. It should give 0.")
    return None


@exercise(
    model_and_digit,
    hint="Copy the nine lines and change the filters. Then count the answers of the new network.",
    second_hint=(
        "Take argmax(axis=1) of what predict gives. (answers == 3).sum() counts how often it is 3."
    ),
    praise=(
        "The filters and the incoming maps are both halved, so about a quarter of the weights is "
        "left."
    ),
)
def halved_network(answer, images):
    """Exercise 3: the network with half the filters, and the digit that it names most often.

    `answer` is what `model_and_digit` returns. `images` have the shape (n, 28, 28) and the dtype
    uint8; the answers for the first 1,000 are counted.
    """
    from helpers.model import build_model

    network, digit, kinds, outputs, filters = answer
    lessons_kinds, lessons_outputs, lessons_filters = _parts(build_model())
    if kinds != lessons_kinds or outputs != lessons_outputs:
        return _("Compare its layers ({kinds}) and activations with the nine lines.", kinds=kinds)
    half = [count // 2 for count in lessons_filters]
    if filters != half:
        return _("It has {filters} filters. It should have {half}.", filters=filters, half=half)
    answers = network.predict(prepare(images[:1000]), verbose=0).argmax(axis=1)
    if np.sum(answers == digit) < np.bincount(answers).max():
        return _("The network is right. For the 1,000 images, it answers another digit more often.")
    return None


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
    activation = _activation_name(layer)
    if activation:
        words.append(activation)
    return ", ".join([*words, str(layer.output.shape[1:])])


@exercise(
    layers_of_model,
    hint="Begin with the nine lines of this notebook, and go through the table row by row.",
    second_hint=(
        'Conv2D takes padding="same" and activation="tanh", and the pooling is called '
        "AveragePooling2D. Flatten has a row of its own."
    ),
    praise="This is LeNet-5, with 61,706 parameters.",
)
def lenet5(answer):
    """Exercise 4: LeNet-5 as the table has it. `answer` is what `layers_of_model` returns."""
    from helpers.lenet import build_lenet5  # loads TensorFlow

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
