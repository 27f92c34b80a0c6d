"""The exercises of notebook 1."""

from helpers.checks.core import exercise, fraction, integers, number
from helpers.language import _


@exercise(
    integers,
    "The slice a:b keeps b - a entries of its axis. Take one axis after the other.",
    "Five images are left, and the rows and columns 4 to 23 of each.",
    second_hint="[:5] keeps 5 entries. How many entries does 4:24 keep?",
)
def middle_of_five(shape):
    """Exercise 1: the shape of train_images[:5, 4:24, 4:24]."""
    if shape == (5, 20, 20):
        return None
    if shape[0] != 5:
        return _("Begin with the first axis. How many images does [:5] keep?")
    return _("The number of images is right. How many rows are there from 4 to 23?")


@exercise(
    number,
    "Take the images of one digit, train_images[train_labels == digit], and their mean.",
    "The 0 has the most ink. The 1 has the least, less than half as much.",
    second_hint="Let digit run from 0 to 9 in a loop, and print the mean for each.",
)
def most_ink(digit):
    """Exercise 2: the digit with the most ink."""
    if digit == 0:
        return None
    if digit == 1:
        return _("This digit uses the least ink. Look at the other end of your ten means.")
    return _("Another digit has a larger mean. Compute all ten means. Which is the largest?")


@exercise(
    fraction,
    "images > 127 is an array of True and False. Count in how many pixels two of them differ.",
    "A grey pixel of a mean says how many hands leave ink there. In black and white this is lost.",
    second_hint="(validation_images > 127) != (means[digit] > 127) is True where pixels differ.",
)
def black_and_white(accuracy):
    """Exercise 3: the accuracy of the nearest mean image in black and white."""
    if abs(accuracy - 0.7252) < 0.0003 or accuracy == 0.73:  # rounded
        return None
    if abs(accuracy - 0.7247) < 0.0002:  # or 0.7246, of "above 127.5"
        return _("Nearly. Use the means of the 50,000 known images, and the limit 127.")
    if abs(accuracy - 0.8307) < 0.0006:
        return _("This is the accuracy from before. Are both, images and means, black and white?")
    return _("Make both the images and the means black and white. Then count where they differ.")
