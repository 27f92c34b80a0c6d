"""The exercises of notebook 4. What is right depends on the model, so the checks are given it."""

import numpy as np

from helpers.checks.core import exercise
from helpers.checks.kinds import fraction, integers, number
from helpers.common.language import _
from helpers.drawing import to_mnist
from helpers.mnist import prepare


@exercise(
    integers,
    hint=(
        "matrix[5, 3] counts the fives that are read as a three. Where are the threes that are "
        "read as a five?"
    ),
    second_hint=(
        "Let two loops go over all pairs of different digits, a and b. Add matrix[a, b] and "
        "matrix[b, a]. Which pair has the largest sum?"
    ),
    praise="Look at some of these images. The two digits share most of their strokes.",
)
def most_confused(pair, matrix):
    """Exercise 1: the two digits that are mixed up most often, in either order.

    `matrix` is the confusion matrix, integers of shape (10, 10). `matrix[5, 3]` counts the fives
    that the network reads as a three.
    """
    if len(pair) != 2 or not all(0 <= digit <= 9 for digit in pair):
        return _("Answer with two digits, such as (3, 5).")
    confusions = matrix + matrix.T
    np.fill_diagonal(confusions, 0)
    if pair[0] == pair[1]:
        return _("On the diagonal stand the right answers. Look only at pairs of different digits.")
    if confusions[pair] == confusions.max():
        return None
    return _(
        "These two are mixed up {count} times. Another pair is mixed up more often.",
        count=confusions[pair],
    )


@exercise(
    fraction,
    hint=(
        "probabilities.max(axis=1) holds the largest probability of each image. Keep the images "
        "for which it is above 0.99."
    ),
    second_hint=(
        "Make a mask, probabilities.max(axis=1) > 0.99, and use it as an index of predicted and "
        "of test_labels. The mean of their comparison is the accuracy."
    ),
    praise=(
        "On these images the accuracy is clearly higher. A refusal costs an answer, and it avoids "
        "many mistakes."
    ),
)
def accuracy_when_sure(accuracy, labels, probabilities):
    """Exercise 2: the accuracy on images with a probability above 0.99.

    `labels` are integers of shape (n,). `probabilities` are floats of shape (n, 10), a row for
    each image.
    """
    right = probabilities.argmax(axis=1) == labels
    sure = probabilities.max(axis=1) > 0.99
    if not sure.any():
        return _("Your network gives no answer more than 0.99. Train it for more epochs first.")
    if abs(accuracy - right[sure].mean()) < 0.0006:
        return None
    if abs(accuracy - right.mean()) < 0.0006:
        return _("This is the accuracy on all images. First choose the images with a sure answer.")
    return _("Which of the sure answers are right? Your answer is the mean over the sure ones.")


@exercise(
    number,
    hint=(
        "Draw a digit on the pad until the network answers with another one. Your answer is the "
        "digit that you have drawn."
    ),
    second_hint=(
        "Lean the digit far to one side, or give it a stroke that other hands don't write, such "
        "as a long flag."
    ),
    praise=(
        "Now change one stroke at a time. From which change on does the network read your digit?"
    ),
)
def misread(digit, pad, model):
    """Exercise 3: a digit that the network takes for another.

    `pad` is the `DrawingPad` of the notebook. `model` takes images of shape (1, 28, 28, 1), from
    0 to 1, and returns probabilities of shape (1, 10).
    """
    if not (pad.strokes or pad.file):
        return _("The pad is blank. Draw a digit on it, and then run this cell again.")
    try:
        drawing, _whose = pad.drawing_or_recorded()
        image = to_mnist(drawing)
    except ValueError as error:  # a picture without ink, or strokes outside of the pad
        return str(error)
    read = model(prepare(image[None])).numpy().argmax()
    if digit not in range(10):
        return _("Which digit did you draw? Answer with a number from 0 to 9.")
    if digit == read:
        return _("The network reads your {digit}. Draw it as somebody else would.", digit=read)
    return None
