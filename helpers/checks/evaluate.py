"""The exercises of notebook 4. What is right depends on the model, so the checks are given it."""

import numpy as np

from helpers.checks.core import exercise, fraction, integers, number
from helpers.drawing import to_mnist
from helpers.language import _
from helpers.mnist import prepare


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
        return _("This is the accuracy on all images. First choose the sure ones.")
    return _("Make a mask of the sure answers, and take the mean of the right ones among them.")


@exercise(
    number,
    "Draw on the pad until its answer is another digit; then hand over yours.",
    "Now change one stroke at a time: from where on does it read your digit?",
)
def misread(digit, pad, model):
    """Exercise 3: a digit that the network takes for another."""
    if not (pad.strokes or pad.file):
        return _("The pad is blank. Draw in the cell of the pad, then run this one.")
    try:
        drawing, _whose = pad.drawing_or_recorded()
    except ValueError as error:  # a picture without ink
        return str(error)
    read = model(prepare(to_mnist(drawing)[None])).numpy().argmax()
    if digit not in range(10):
        return _("Which digit did you draw? One from 0 to 9 is asked for.")
    if digit == read:
        return _("It reads your {digit}. Draw it as somebody else would.", digit=read)
    return None
