"""The exercises of notebook 3."""

import math

from helpers.checks.core import exercise, number, numbers
from helpers.language import _


@exercise(
    number,
    "The loss of one answer is minus the natural logarithm of one probability: np.log.",
    "-ln 0.5 = 0.693: far less than 2.3 for a blind guess, and not yet 0.",
)
def loss_of_a_half(loss):
    """Exercise 1: the loss where the right digit gets one half."""
    if abs(loss - math.log(2)) < 0.0075:  # 0.7, too
        return None
    if abs(loss - math.log10(2)) < 0.005:
        return _("This is the logarithm to base 10. The natural one is np.log.")
    return _("Put the probability, one half, into the formula: minus its natural logarithm.")


@exercise(
    number,
    "How many batches do you need to cover all images? The last one may be smaller.",
    "The last batch of each epoch has fewer images, and makes a step as well.",
    second_hint="50,000 / 128 is 390.6. So how many steps has one epoch, and how many have three?",
)
def steps_in_all(steps):
    """Exercise 2: the steps of some epochs."""
    images, batch, epochs = 50_000, 128, 3
    an_epoch = math.ceil(images / batch)
    if steps == epochs * an_epoch:
        return None
    if an_epoch - 1 <= steps <= an_epoch:
        return _("That is about one epoch. How many are there?")
    if epochs * (an_epoch - 1) <= steps < epochs * an_epoch:
        return _("Nearly: in each epoch, the images left over make one more, smaller batch.")
    return _("Divide the images by the batch size, round up, and multiply by the epochs.")


@exercise(
    numbers,
    "For each batch size and seed: set the seed, build, compile, fit; note val_accuracy.",
    "Four times the steps in an epoch help. But look how far the seeds of one size differ.",
)
def batch_sizes(accuracies):
    """Exercise 3: validation accuracies with batches of 64 and of 16, of three seeds each."""
    if accuracies.size != 6:
        if accuracies.size == 12:
            return _("Of the pair that evaluate gives, take the second.")
        return _("Six numbers are asked for: three with batches of 64, then three of 16.")
    rows = accuracies.reshape(2, 3) / (100 if accuracies.max() > 1 else 1)
    with_64, with_16 = rows.mean(axis=1)
    # 22 seeds: from 0.60 to 0.87, and from 0.80 to 0.95; on the training images 0.61 and 0.75.
    if 0.6 < with_64 < 0.88 and 0.8 < with_16 < 0.96:
        return None
    if with_64 > with_16:
        return _("Mind the order: first the three with batches of 64.")
    if with_16 < 0.8:
        return _("Are these the accuracies of the training images? Take val_accuracy.")
    return _("Was it one epoch over 2,000 images, and 1,000 others to judge?")
