"""The exercises of notebook 2."""

import numpy as np

from helpers.checks.core import exercise, integers, number, numbers
from helpers.language import _

# Paper on the left and ink on the right, and both turned: what a patch of 3x3 has at edges.
LEFT_EDGES = np.array([[[0, 0, 1]] * 3, [[0, 1, 1]] * 3])
UPPER_EDGES = LEFT_EDGES.transpose(0, 2, 1)
ACTIVATIONS = ["relu", "relu", "relu", "softmax"]


def _network(answer) -> tuple[float, list]:
    """Return a number of parameters; of a model its own, and its activations but for linear."""
    if not hasattr(answer, "count_params"):
        return number(answer), ACTIVATIONS
    from helpers.network_parts import activation  # loads TensorFlow; notebook 1 has no use for it

    if not answer.built:  # a Sequential without an Input
        answer.build((None, 28, 28, 1))
    activations = [activation(layer) for layer in answer.layers]
    return number(answer.count_params()), [name for name in activations if name != "linear"]


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
    return _(
        "A kernel of size 3 takes 2 off, because it fits in 2 places fewer. And one of size 5?"
    )


@exercise(
    numbers,
    "At a left edge, which column of the patch is ink? And what do the nine weights add up to?",
    "It is positive at left edges, 0 on plain paper and in full ink, negative at right edges.",
)
def left_edges(kernel):
    """Exercise 2: any 3x3 kernel that answers to left edges."""
    if kernel.shape != (3, 3):
        shape = kernel.shape
        return _("A kernel of 3x3 weights is asked for; this has the shape {shape}.", shape=shape)
    left, upper = ((kernel * edges).sum(axis=(1, 2)) for edges in (LEFT_EDGES, UPPER_EDGES))
    if abs(kernel.sum()) > 1e-6:
        return _(
            "In full ink the nine products should add up to 0. What do your nine weights add up to?"
        )
    if left.min() < -1e-6 and left.max() < 1e-6:
        return _("It answers to the right edges of strokes. Which side must be positive?")
    if left.min() < -1e-6 or left.max() < 1e-6:
        return _(
            "Try it on left edges, [[0, 0, 1]] * 3 and [[0, 1, 1]] * 3: one or both should give "
            "more than 0, and none less."
        )
    if np.abs(upper).max() > 1e-6:
        return _("Now try it on an upper edge, [[0] * 3, [0] * 3, [1] * 3]: it should give 0.")
    return None


@exercise(
    _network,
    "Copy the nine lines of the network, and change the three numbers of filters.",
    "Weights are filters times incoming maps, and both are halved: about a quarter.",
)
def halved_network(network):
    """Exercise 3: the network with half the filters, or the number of its parameters."""
    parameters, activations = network
    if parameters == 29_066 and activations == ACTIVATIONS:
        return None
    if parameters == 29_066:
        return _("The filters are right. Which activation has each convolution, and which the end?")
    if parameters == 104_202:
        return _("Its convolutions have 32, 64 and 128 filters; 16, 32 and 64 are asked for.")
    return _("Build the network, ask its count_params(), and hand over the model or the number.")
