"""The figures of notebook 1: the images, their labels, and a first guess."""

import numpy as np

from helpers.plots import canvas
from helpers.plots.canvas import DIGITS

PIXELS = range(256)


@canvas.figure(images=("images", 28, 28), labels=("images", DIGITS))
def first_images(figure, images, labels) -> str:
    """Draw images in rows of five, each with its label."""
    canvas.gallery(figure, images, [f"label {label}" for label in labels], 5)
    words = ", ".join(map(str, labels))
    return f"Handwritten digits in rows, each with its label above it: {words}"


@canvas.figure(9, 9, image=(28, 28, PIXELS))
def pixel_values(figure, image) -> str:
    """Draw an image as the grid of its numbers, each on its own grey."""
    axes = figure.subplots()
    axes.imshow(image, cmap=canvas.INK, vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(image):
        colour = "white" if value > 120 else "black" if value else "#767676"
        axes.text(column, row, value, ha="center", va="center", fontsize=7.5, color=colour)
    axes.set(xticks=range(0, 28, 3), yticks=range(0, 28, 3), xlabel="column", ylabel="row")
    return (
        f"One digit as a grid of 28 by 28 numbers: 0 around it, up to {image.max()} where the ink "
        "is darkest; the numbers trace the digit's shape."
    )


@canvas.figure(images=("n", 28, 28), labels=("n", DIGITS), count=(range(1, 101),))
def examples_of_each_digit(figure, images, labels, count=10) -> str:
    """Draw the first `count` images of each digit, one digit a row."""
    found = np.bincount(labels, minlength=10)
    figure.set_figheight(canvas.WIDTH * 10 / count)
    for digit, row in enumerate(figure.subplots(10, count, squeeze=False)):
        for axes, image in zip(row, images[labels == digit], strict=False):
            canvas.show_image(axes, image, limits=(0, 255))
        for axes in row[found[digit] :]:
            axes.set_axis_off()
        row[0].text(-0.35, 0.5, digit, transform=row[0].transAxes, va="center", fontsize=13)
    return (
        f"A table of handwriting: ten rows for the digits 0 to 9, with "
        f"{'up to ' if found.min() < count else ''}{count} different examples of each."
    )


@canvas.figure(5, train_labels=("training images", DIGITS), test_labels=("test images", DIGITS))
def label_counts(figure, train_labels, test_labels) -> str:
    """Draw how often each digit occurs among the labels of both parts."""
    ends = []
    parts = (("training", train_labels, canvas.BLUE), ("test", test_labels, canvas.ORANGE))
    for axes, (part, labels, colour) in zip(figure.subplots(2, 1, sharex=True), parts, strict=True):
        count = np.bincount(labels, minlength=10)
        ends.append(
            f"from {count.min():,} of the digit {count.argmin()} to {count.max():,} of the digit "
            f"{count.argmax()} in the {part} images"
        )
        bars = axes.bar(range(10), count, color=colour)
        axes.bar_label(bars, label_type="center", fontsize=10, color="white")
        axes.axhline(len(labels) / 10, color="black", linewidth=1, linestyle="--")
        axes.set_title(f"{len(labels):,} {part} images (dashed: one tenth)", loc="left")
        axes.set_ylabel("images")
    axes.set(xticks=range(10), xlabel="digit")
    return (
        "Two bar charts, training and test images: how many there are of each digit, with a line "
        f"at a tenth of the whole; {', '.join(ends)}."
    )


@canvas.figure(images=("images", 28, 28), digit=(DIGITS,))
def many_of_one_digit(figure, images, digit) -> str:
    """Draw images of one digit in rows of ten, to show how varied it is."""
    ink = images.mean(axis=(1, 2))
    canvas.gallery(figure, images, [""] * len(images), 10)
    return (
        f"{len(images)} images of the digit {digit} in rows of ten: the mean of their pixel values "
        f"goes from {ink.min():.0f}, in the thinnest, to {ink.max():.0f}."
    )


@canvas.figure(means=(10, 28, 28))
def mean_images(figure, means) -> str:
    """Draw the mean image, 0 to 255, of each digit."""
    canvas.gallery(figure, means, [f"mean {digit}" for digit in DIGITS], 5)
    return (
        "The mean image of each digit from 0 to 9: dark where many hands leave ink, grey at the "
        "edges where they differ."
    )


@canvas.figure(3, images=("images", 28, 28, PIXELS))
def ink_histogram(figure, images) -> str:
    """Draw how many of the pixels with ink, those above 0, have which value."""
    counts = np.bincount(images[images > 0], minlength=256).reshape(16, 16).sum(axis=1)
    shares = counts / max(counts.sum(), 1)
    axes = figure.subplots()
    bars = axes.bar(np.arange(16) * 16, shares, width=15, align="edge", color=canvas.BLUE)
    axes.set(xticks=[0, 64, 128, 192, 255], ylabel="share of pixels with ink")
    axes.bar_label(bars, [f"{share:.0%}" for share in shares], fontsize=10)
    axes.set_xlabel("pixel value, in steps of 16 (255: full ink)")
    return (
        f"A histogram of the pixels with ink: the bar at the right end, 240 to 255, has "
        f"{shares[-1]:.0%} of them, the other fifteen from {shares[:-1].min():.0%} to "
        f"{shares[:-1].max():.0%} each."
    )


@canvas.figure(3.2, image=(28, 28), distances=(10,))
def nearest_mean(figure, image, distances) -> str:
    """Draw an image, 0 to 255, beside its distances to the mean images."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    canvas.show_image(left, image, "which digit?", limits=(0, 255))
    canvas.bars_over_classes(right, distances, distances.argmin(), "distance to the mean image")
    return (
        "Left a digit, right ten bars: its distance to the mean image of each digit. The shortest "
        "bar is the guess."
    )


@canvas.figure(images=("images", 28, 28), labels=("images", DIGITS), guesses=("images", DIGITS))
def missed_digits(figure, images, labels, guesses) -> str:
    """Draw wrongly guessed images with their label and the guess."""
    pairs = list(zip(labels, guesses, strict=True))
    canvas.gallery(figure, images, [f"is {label},\nguess {guess}" for label, guess in pairs], 5)
    taken = ", ".join(f"{label} taken for {guess}" for label, guess in pairs)
    return f"Digits that the nearest mean image gets wrong, with label and guess: {taken}"


@canvas.figure(3, image=(28, 28), scaled=(28, 28))
def before_and_after_scaling(figure, image, scaled) -> str:
    """Draw one image with its values 0 to 255 and scaled to 0 to 1, each with its colour bar."""
    same = np.allclose(image / 255, scaled, atol=1e-3)
    panels = ((image, "uint8", 255), (scaled, "float32", 1))
    for axes, (picture, kind, top) in zip(figure.subplots(1, 2), panels, strict=True):
        canvas.show_image(axes, picture, f"{kind}, 0 to {top}", limits=(0, top))
        figure.colorbar(axes.images[0], ax=axes, shrink=0.85, ticks=[0, top], label="pixel value")
    return (
        "The same digit twice, first with a colour bar from 0 to 255, then from 0 to 1: the two "
        f"pictures are {'identical' if same else 'not the same'}."
    )
