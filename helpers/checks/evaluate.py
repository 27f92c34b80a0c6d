"""The exercises of notebook 4. What is right depends on the model, so the checks are given it."""

import numpy as np

from helpers.checks.core import exercise, fraction, integers, numbers
from helpers.language import _


@exercise(
    integers,
    "matrix[5, 3] counts fives read as threes. Where are threes read as fives?",
    "Look at such images: the two digits share most of their strokes.",
)
def most_confused(pair, matrix):
    """Exercise 1: the two digits that are mixed up most often, in either order."""
    if len(pair) != 2 or not all(0 <= digit <= 9 for digit in pair):
        return _("Two digits are asked for, such as (3, 5).")
    both = matrix + matrix.T
    np.fill_diagonal(both, 0)
    if pair[0] == pair[1]:
        return _("These are right answers, on the diagonal. Set it to 0 first: np.fill_diagonal.")
    if both[pair] == both.max():
        return None
    return _("These two are mixed up {count} times, and another pair more often.", count=both[pair])


@exercise(
    fraction,
    "An image counts if its largest probability is above 0.99: probabilities.max(axis=1).",
    "The accuracy of what is left is clearly higher. Refusing costs an answer and saves mistakes.",
)
def accuracy_when_sure(accuracy, labels, probabilities):
    """Exercise 2: the accuracy on images with a probability above 0.99."""
    right = probabilities.argmax(axis=1) == labels
    sure = probabilities.max(axis=1) > 0.99
    if not sure.any():
        return _("No answer of your network gets more than 0.99. Train it longer, first.")
    if abs(accuracy - right[sure].mean()) < 0.0006:
        return None
    if abs(accuracy - right.mean()) < 0.0006:
        return _(
            "This is the accuracy on all images. Choose those where the network is sure, first."
        )
    return _("Make a mask of the sure answers, and take the mean of the right ones among them.")


def _measured(answer):
    """Return an accuracy, or the pair of loss and accuracy as `evaluate` gives it."""
    return None if numbers(answer).shape == (2,) else fraction(answer)


@exercise(
    _measured,
    "np.roll moves the images, model.evaluate measures; the accuracy is the second number.",
    "The third pixel costs more than the first two together.",
)
def accuracy_when_moved(accuracy, model, images, labels):
    """Exercise 3: the accuracy on images moved by three pixels."""
    if accuracy is None:
        return _("These are the loss and the accuracy. The answer is the second: [1].")
    moved = model.predict(np.roll(images, 3, axis=2), verbose=0).argmax(axis=1)
    if abs(accuracy - (moved == labels).mean()) < 0.0051:  # with two decimals, too
        return None
    return _("Move by 3 along the axis of the columns, axis=2, and measure on all test images.")
