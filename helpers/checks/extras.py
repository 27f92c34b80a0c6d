"""The exercises of the optional lessons: see_inside, then how_sure."""

import numpy as np

from helpers.checks.core import exercise, integers, number, other_ends, share


@exercise(
    "A 3x3 kernel adds two steps of its layer to the field; and what does it take off a side of 3?",
    "18 + 2 x 4 = 26 pixels: nearly the whole image, and a single number for each filter.",
)
def field_of_a_fourth(answer):
    """see_inside 1: the receptive field and the map's side after a fourth convolution."""
    pair = integers(answer)
    if len(pair) != 2:
        return "Two numbers are asked for: the field's side in pixels, and the map's side."
    if pair == (26, 1):
        return None
    if pair[0] == 20:
        return "The fields of neighbours are not one pixel apart. How far after two pools?"
    if pair[0] != 26:
        return "The third convolution sees 18 pixels in steps of 4. A kernel of 3 reaches 2 steps."
    return "The field is right. The map it looks at has a side of 3, as has the kernel."


@exercise(
    "Copy the network of notebook 2. With the border, what does a convolution take off a side?",
    "7x7 maps, and the last pixel counts: with a border of zeros the kernels reach the edge.",
)
def whole_view(answer):
    """see_inside 2: the network with padding, which must see the pixel (27, 27)."""
    if hint := other_ends(answer):
        return hint
    convolutions = [layer for layer in answer.layers if hasattr(layer, "filters")]
    if len(convolutions) != 3 or any(layer.padding != "same" for layer in convolutions):
        return "All three convolutions need the padding."
    if convolutions[-1].output.shape[1:] != (7, 7, 128):
        return "The third convolution should have 128 maps of 7x7. Are both pools there?"
    image = np.zeros((2, 28, 28, 1), dtype="float32")
    image[1, 27, 27] = 1
    first, second = np.asarray(answer(image))
    return None if (first != second).any() else "The pixel (27, 27) doesn't change its answer."


@exercise(
    "In grad_cam, find the line that averages. Which shape has the gradient before it?",
    "Outside of the corner it is 0: without the average, the place is not lost.",
)
def maps_of_their_own(answer, network, image, digit, layer):
    """see_inside 3: a function (model, image, digit, layer) that keeps what Grad-CAM averages."""
    if not callable(answer):
        return "Hand over the function itself, without calling it."
    corner = 8
    found = np.asarray(answer(network, image, digit, layer))
    if found.ndim != 2 or found.min() < 0:
        return "It should return a map of two axes, and nothing below 0: np.maximum(..., 0)."
    if found.max() == 0:
        return "The map is empty. Is it the score of this digit that you took the gradient of?"
    if max(found[corner:].max(), found[:, corner:].max()) > 1e-6 * found.max():
        return "It still marks what the network can't see. Is there an average left?"
    return None


@exercise(
    "Calibrated means: of answers with a confidence of 0.95, 95 in 100 are right.",
    "One in twenty, so 20 of 400. Being wrong now and then is what a confidence below 1 says.",
)
def expected_mistakes(answer):
    """how_sure 1: mistakes among 400 answers with a confidence of 0.95."""
    wrong = number(answer)
    if abs(wrong - 20) < 0.01:
        return None
    if abs(wrong - 380) < 0.01:
        return "So many are right. How many are wrong?"
    return "If 0.95 of the answers are right, which share is wrong? Take it of 400."


@exercise(
    "A slice can take every second entry, by a step of 2. Where do the odd ones begin?",
    "The odd ones are easier: the file's order is not random. Shuffle before you split.",
)
def split_without_shuffling(answer, right):
    """how_sure 2: the accuracy of even-numbered and of odd-numbered held-out images."""
    even, odd = (share(value) for value in answer)
    if abs(even - right[0::2].mean()) < 0.00006 and abs(odd - right[1::2].mean()) < 0.00006:
        return None
    if abs(odd - right[0::2].mean()) < 0.00006:
        return "Nearly: the even ones come first, [0::2]."
    return "Take every second one of `right`, from 0 and from 1, and the mean of each."


@exercise(
    "Begin with one threshold, 0.5: which images lie above it, and what share of those is right?",
    "It refuses about one image in a hundred, and that is enough.",
)
def answer_with_care(answer, right, confidence):
    """how_sure 3: the smallest threshold above which 99.5% of the held-out answers are right."""
    threshold = share(answer)
    if not 0.1 <= threshold <= confidence.max():
        return "A confidence is between 0.1, a blind guess, and 1."
    above = [right[confidence > hundredth / 100] for hundredth in range(10, 100)]
    smallest = next(i for i, answers in enumerate(above, start=10) if answers.mean() >= 0.995) / 100
    if abs(threshold - smallest) < 0.005:
        return None
    if threshold > smallest:
        return "A smaller threshold does as well."
    return f"Above this only {right[confidence > threshold].mean():.2%} are right."
