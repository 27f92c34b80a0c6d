"""The exercises of the optional lesson faster."""

import numpy as np

from helpers.checks.core import exercise, fraction, network, number


@exercise(
    number,
    "How many products make one number of one map, how many maps are there, and how many places?",
    "Less than a third of the second convolution, though it has four times as many parameters.",
)
def third_convolution(count):
    """Exercise 1: multiplications of the document's third convolution."""
    if count == 3 * 3 * 64 * 128 * 3 * 3:
        return None
    if count == 3 * 3 * 64 * 128 * 5 * 5:
        return "A kernel of 3x3 has to fit into the map of 5x5. At how many places does it?"
    if count == 3 * 3 * 64 * 128:
        return "That is one place of the map. At how many places does a kernel of 3x3 fit into 5x5?"
    return "Multiply: the kernel's side twice, the maps it reads, the kernels, the places."


@exercise(
    network,
    "Copy the lines of fast_network, and change one number.",
    "It has 104,106 parameters: a dense layer is where they are.",
)
def wider_network(found):
    """Exercise 2: the fast network with as many units as the document's parameters allow."""
    size = f"It has {found.parameters:,} parameters"
    if found.parameters > 104_202:
        return f"{size}, more than the lesson's network."
    if found.parameters == 104_106:
        return None
    if found.parameters == 85_226:
        return "That is fast_network as it was. How many parameters does one more unit take?"
    return f"{size}. There is room for more units, or something else has changed."


@exercise(
    fraction,
    "Both medians are in results: cold is the whole, seconds is training.",
    "A faster recipe can't change much about that; a process that stays, as the pad's does, can.",
)
def before_and_after(part, results):
    """Exercise 3: the share of the fast recipe's time from cold that is not training."""
    seconds, cold = (np.median(results["fast"][clock]) for clock in ("seconds", "cold"))
    if np.isclose(part, 1 - seconds / cold, atol=0.02):
        return None
    if np.isclose(part, seconds / cold, atol=0.02):
        return "That is the share that is training."
    return "Take the training time away from the whole, and divide by the whole."
