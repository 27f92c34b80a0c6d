"""The exercises of notebook 1."""

from helpers.checks.core import exercise, fraction, integers, number
from helpers.language import _


@exercise(
    integers,
    "A slice a:b holds b - a entries. Take one axis after the other.",
    "Five images, and of each the rows and columns 4 to 23.",
)
def middle_of_five(shape):
    """Exercise 1: the shape of train_images[:5, 4:24, 4:24]."""
    if shape == (5, 20, 20):
        return None
    if shape[0] != 5:
        return _("Begin with the first axis: how many images does [:5] keep?")
    return _("The number of images is right. How many rows are there from 4 to 23?")


@exercise(
    number,
    "Take the images of one digit, train_images[train_labels == digit], and their mean.",
    "The 0 has the most ink, and the 1 the least: less than half of it.",
    second_hint="Let digit run from 0 to 9 in a loop, and print the mean for each.",
)
def most_ink(digit):
    """Exercise 2: the digit with the most ink."""
    if digit == 0:
        return None
    if digit == 1:
        return _("This digit uses the least ink. Look at the other end of your ten means.")
    return _("Another digit has a larger mean. Compute all ten: which is the largest?")


@exercise(
    fraction,
    "Images and means become arrays of True and False; count in how many pixels they differ.",
    "The greys of the means say how many hands leave ink there. In black and white, that is lost.",
)
def black_and_white(accuracy):
    """Exercise 3: the accuracy of the nearest mean image in black and white."""
    if abs(accuracy - 0.7252) < 0.0003 or accuracy == 0.73:  # rounded
        return None
    if abs(accuracy - 0.7247) < 0.0002:  # or 0.7246, of "above 127.5"
        return _("Nearly: the means of the 50,000 known images are asked for, and above 127.")
    if abs(accuracy - 0.8307) < 0.0006:
        return _("This is the accuracy from before. Are both, images and means, black and white?")
    return _("Make both sides black and white, above 127, and count where they differ.")
