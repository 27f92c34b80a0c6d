"""The exercises of the optional lesson faster_and_better."""

import numpy as np

from helpers.checks.core import WRONG_INPUT_OR_OUTPUT, exercise, network, number


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
    "Copy the lines of other_shape, and change one number.",
    "It has 103,706 parameters: a dense layer is where they are.",
)
def wider_network(found):
    """Exercise 2: the lesson's network with a dense layer of 96 units."""
    if not found.from_images_to_classes:
        return WRONG_INPUT_OR_OUTPUT
    if 96 not in found.units:
        return "There is no dense layer of 96 units yet."
    if found.parameters > 104_202:
        return "It has more parameters than the document's network. Is there a layer too many?"
    return None if found.parameters == 103_706 else "Something else has changed as well."


@exercise(
    number,
    "Which two means do you compare, and whose standard deviation is the measure?",
    "Chance alone would hardly ever do that.",
)
def beyond_chance(value, results):
    """Exercise 3: the gain in the document's standard deviations."""
    document, accurate = (results[name]["accuracy"] for name in ("document", "accurate"))
    gain = accurate.mean() - document.mean()
    if np.isclose(value, gain / document.std(ddof=1), rtol=0.02):
        return None
    if np.isclose(value, gain / document.std(), rtol=0.02):
        return "That divides by 5. For a standard deviation of so few runs take ddof=1."
    if np.isclose(value, gain, rtol=0.02):
        return "That is the gain. How often does the standard deviation go into it?"
    return "Take the difference of the two means, and divide by the document's deviation."
