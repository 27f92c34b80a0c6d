"""The figures of notebook 1: the images, their labels, and a first guess."""

import numpy as np

from helpers.common.language import _
from helpers.plots import canvas


@canvas.figure(9, 9)
def pixel_values(figure, image) -> str:
    """Draw an image, uint8 of shape (28, 28), as a grid of numbers, each on its own grey."""
    axes = figure.subplots()
    axes.imshow(image, cmap=canvas.INK, vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(image):
        colour = "#767676"
        if value:
            colour = "white" if value > 120 else "black"
        axes.text(column, row, value, ha="center", va="center", fontsize=7.5, color=colour)
    axes.set(xticks=range(0, 28, 3), yticks=range(0, 28, 3), xlabel=_("column"), ylabel=_("row"))
    return _("One digit as a grid of 28 by 28 numbers, which trace the digit's shape.")


@canvas.figure(canvas.WIDTH)
def examples_of_each_digit(figure, images, labels) -> str:
    """Draw the first ten images of each digit, one digit a row.

    Images are uint8 of shape (n, 28, 28), labels whole numbers of shape (n,).
    """
    for digit, row in enumerate(figure.subplots(10, 10)):
        for axes, image in zip(row, images[labels == digit], strict=False):
            canvas.show_image(axes, image, limits=(0, 255))
        row[0].text(-0.35, 0.5, digit, transform=row[0].transAxes, va="center", fontsize=13)
    return _("Ten rows of handwriting, for the digits 0 to 9, with ten examples of each.")


@canvas.figure(3)
def label_counts(figure, labels) -> str:
    """Draw how often each digit occurs among labels, 0 to 9, with a line at a tenth of them."""
    axes = figure.subplots()
    counts = np.bincount(labels, minlength=10)
    bars = axes.bar(range(10), counts, color=canvas.BLUE)
    axes.bar_label(bars, label_type="center", fontsize=10, color="white")
    axes.axhline(len(labels) / 10, color="black", linewidth=1, linestyle="--")
    axes.set(xticks=range(10), xlabel=_("digit"), ylabel=_("images"))
    axes.set_title(_("{count:,} training images (dashed: one tenth)", count=len(labels)))
    return _(
        "Ten bars, one for each digit, near a line at a tenth of the training images: from "
        "{least:,} of the digit {rarest} to {most:,} of the digit {commonest}.",
        least=counts.min(),
        rarest=counts.argmin(),
        most=counts.max(),
        commonest=counts.argmax(),
    )


@canvas.figure()
def mean_images(figure, means) -> str:
    """Draw the mean image of each digit, shape (10, 28, 28), 0 to 255."""
    canvas.gallery(figure, means, [_("mean {digit}", digit=digit) for digit in range(10)], 5)
    return _("The mean image of each digit from 0 to 9, grey where hands differ.")


@canvas.figure(3.2)
def nearest_mean(figure, image, distances) -> str:
    """Draw an image, 0 to 255, beside its distances to the ten mean images, shape (10,)."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    canvas.show_image(left, image, _("which digit?"), limits=(0, 255))
    canvas.bars_over_classes(right, distances, distances.argmin(), _("distance to the mean image"))
    return _(
        "Left a digit, right ten bars: its distance to the mean image of each digit. The shortest "
        "bar is the guess."
    )


@canvas.figure()
def missed_digits(figure, images, labels, guesses) -> str:
    """Draw wrongly guessed images, uint8 of shape (n, 28, 28), with labels and guesses."""
    pairs = zip(labels, guesses, strict=True)
    titles = [_("is {label},\nguess {guess}", label=label, guess=guess) for label, guess in pairs]
    canvas.gallery(figure, images, titles, 5)
    return _("Digits that the nearest mean image gets wrong, each with its label and guess.")
