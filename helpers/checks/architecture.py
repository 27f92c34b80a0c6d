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
    "Begin with the convolution. How much does a kernel of size 5 take off?",
    "A kernel of size 5 takes 4 off, pooling halves 28, and each filter gives one map.",
    second_hint="The convolution takes 4 off 32. Pooling halves the rest. Each filter makes a map.",
)
def shape_of_layers(shape):
    """Exercise 1: the shape after a convolution with 16 kernels of 5x5 and a pooling."""
    if shape == (14, 14, 16):
        return None
    if len(shape) != 3:
        return _("Answer with three numbers, the height, the width and the channels of one image.")
    if shape[2] != 16:
        return _("Look at the last number. Every filter makes one map out of all channels.")
    if shape[:2] == (28, 28):
        return _("This is the shape after the convolution. Pooling comes next.")
    return _("A kernel of size 3 takes 2 off. How much does one of size 5 take off?")


@exercise(
    numbers,
    "At a left edge, which column of the patch is ink? And what do the nine weights add up to?",
    "It is positive at left edges, 0 on plain paper and in full ink, and negative at right edges.",
    second_hint="Take the kernel of this notebook, and let its columns be -1, 0 and 1.",
)
def left_edges(kernel):
    """Exercise 2: any 3x3 kernel that answers to left edges."""
    if kernel.shape != (3, 3):
        return _("Your kernel has the shape {shape}. It should be 3x3.", shape=kernel.shape)
    left = (kernel * LEFT_EDGES).sum(axis=2)  # row by row, as at the end of a stroke
    if abs(kernel.sum()) > 1e-6:
        return _("In full ink it should give 0. What do your nine weights add up to?")
    if left.min() < -1e-6 and left.max() < 1e-6:
        return _("It answers to the right edges of strokes. Which side must be positive?")
    if left.min() < -1e-6 or left.max() < 1e-6:
        return _("Try it on [[0, 0, 1]] * 3 and [[0, 1, 1]] * 3. No row may give less than 0.")
    if np.abs((kernel * UPPER_EDGES).sum(axis=(1, 2))).max() > 1e-6:
        return _("Now try it on an upper edge, [[0] * 3, [0] * 3, [1] * 3]. It should give 0.")
    return None


@exercise(
    model_and_digit,
    "Copy the nine lines and change the filters. Then count the answers of the new network.",
    "The filters and the incoming maps are both halved, so about a quarter of the weights is left.",
    second_hint="Take argmax(axis=1) of what predict gives, and count the answers by np.bincount.",
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
        return _("It has {filters} filters. It should have {half}.", filters=filters, half=half)
    answers = network.predict(prepare(images[:1000]), verbose=0).argmax(axis=1)
    if np.sum(answers == digit) < np.bincount(answers).max():
        return _("The network is right. For the 1,000 images, it answers another digit more often.")
    return None
