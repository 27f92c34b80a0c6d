"""The exercises of notebook 2."""

import numpy as np

from helpers.checks.core import exercise, integers, number, numbers
from helpers.language import _
from helpers.mnist import prepare

# Paper on the left and ink on the right, and both turned: what a patch of 3x3 has at edges.
LEFT_EDGES = np.array([[[0, 0, 1]] * 3, [[0, 1, 1]] * 3])
UPPER_EDGES = LEFT_EDGES.transpose(0, 2, 1)


def model_and_digit(answer) -> tuple:
    """Return a network, built for MNIST's images, and a digit; all else raises an error."""
    network, digit = answer
    if not network.built:  # a Sequential without an Input
        network.build((None, 28, 28, 1))
    return network, number(digit), *_parts(network)


def _parts(network) -> tuple[str, list, list]:
    """Return the kinds of a network's layers, their activations and maps' sizes, its filters."""
    from helpers.network_parts import activation  # loads TensorFlow; notebook 1 has no use for it

    layers = [layer for layer in network.layers if type(layer).__name__ != "InputLayer"]
    kinds = ", ".join(type(layer).__name__ for layer in layers)
    filters = [layer.filters for layer in layers if hasattr(layer, "filters")]
    return kinds, [(activation(layer), layer.output.shape[:-1]) for layer in layers], filters


@exercise(
    integers,
    "First the convolution: how much does a kernel of size 5 take off? Then halve.",
    "A kernel of size 5 takes 4 off, pooling halves 28, and each filter gives one map.",
)
def shape_of_layers(shape):
    """Exercise 1: the shape after a convolution with 16 kernels of 5x5 and a pooling."""
    if shape == (14, 14, 16):
        return None
    if len(shape) != 3:
        return _("Three numbers are asked for: height, width and channels of one image.")
    if shape[2] != 16:
        return _("Look at the last number: every filter makes one map out of all channels.")
    if shape[:2] == (28, 28):
        return _("This is right after the convolution. Pooling comes next.")
    return _("A kernel of size 3 takes 2 off: it fits in 2 places fewer. And one of size 5?")


@exercise(
    numbers,
    "At a left edge, which column of the patch is ink? And what do the nine weights add up to?",
    "It is positive at left edges, 0 on plain paper and in full ink, negative at right edges.",
)
def left_edges(kernel):
    """Exercise 2: any 3x3 kernel that answers to left edges."""
    if kernel.shape != (3, 3):
        return _("A kernel of 3x3 is asked for; this has the shape {shape}.", shape=kernel.shape)
    left = (kernel * LEFT_EDGES).sum(axis=2)  # row by row, as at the end of a stroke
    if abs(kernel.sum()) > 1e-6:
        return _("In full ink it should give 0. What do your nine weights add up to?")
    if left.min() < -1e-6 and left.max() < 1e-6:
        return _("It answers to the right edges of strokes. Which side must be positive?")
    if left.min() < -1e-6 or left.max() < 1e-6:
        return _("Try [[0, 0, 1]] * 3 and [[0, 1, 1]] * 3: in each row 0 or more, somewhere more.")
    if np.abs((kernel * UPPER_EDGES).sum(axis=(1, 2))).max() > 1e-6:
        return _("Now try it on an upper edge, [[0] * 3, [0] * 3, [1] * 3]: it should give 0.")
    return None


@exercise(
    model_and_digit,
    "Copy the nine lines and change the filters; then argmax and np.bincount count the answers.",
    "Weights are filters times incoming maps, and both are halved: about a quarter.",
)
def halved_network(answer, images):
    """Exercise 3: the network with half the filters, and the digit that it names most often."""
    from helpers.model import build_model

    network, digit, kinds, maps, filters = answer
    lessons_kinds, lessons_maps, lessons_filters = _parts(build_model())
    if (kinds, maps) != (lessons_kinds, lessons_maps):
        return _("Compare its layers ({kinds}) and activations with the nine lines.", kinds=kinds)
    half = [count // 2 for count in lessons_filters]
    if filters != half:
        return _("It has {filters} filters; asked for are {half}.", filters=filters, half=half)
    answers = network.predict(prepare(images[:1000]), verbose=0).argmax(axis=1)
    if np.sum(answers == digit) < np.bincount(answers).max():
        return _("The network is right. For 1,000 images, it names another digit more often.")
    return None
