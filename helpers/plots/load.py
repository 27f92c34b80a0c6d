"""The figures of notebook 1: the images, their labels, and a first guess."""

import numpy as np

from helpers.plots import canvas
from helpers.plots.canvas import DIGITS, LessonFigure

PIXELS = range(256)


@canvas.figure(images=("images", 28, 28), labels=("images", DIGITS))
def first_images(images: np.ndarray, labels: np.ndarray) -> LessonFigure:
    """Draw images in a row of ten, each with its label; images (n, 28, 28), labels (n,)."""
    return canvas.gallery(
        images,
        [f"label {label}" for label in labels],
        columns=5,
        alt="Handwritten digits in rows, each with its label above it: "
        + ", ".join(str(label) for label in labels),
    )


@canvas.figure(image=(28, 28, PIXELS))
def pixel_values(image: np.ndarray) -> LessonFigure:
    """Draw a uint8 image (28, 28) as the grid of its numbers, each on its own grey."""
    figure = canvas.blank(
        9,
        f"One digit as a grid of 28 by 28 numbers: 0 around it, up to {image.max()} where the ink "
        "is darkest; the numbers trace the digit's shape.",
        width=9,
    )
    axes = figure.subplots()
    axes.imshow(image, cmap=canvas.INK, vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(image):
        colour = "white" if value > 120 else "black" if value else "#767676"
        axes.text(column, row, value, ha="center", va="center", fontsize=7.5, color=colour)
    axes.set(xticks=range(0, 28, 3), yticks=range(0, 28, 3), xlabel="column", ylabel="row")
    return figure


@canvas.figure(images=("n", 28, 28), labels=("n", DIGITS), count=(range(1, 101),))
def examples_of_each_digit(images: np.ndarray, labels: np.ndarray, count: int = 10) -> LessonFigure:
    """Draw the first `count` images of each digit, one digit a row."""
    found = np.bincount(labels, minlength=10)
    figure = canvas.blank(
        canvas.WIDTH * 10 / count,
        f"A table of handwriting: ten rows for the digits 0 to 9, with "
        f"{'up to ' if found.min() < count else ''}{count} different examples of each.",
    )
    for digit, row in enumerate(figure.subplots(10, count, squeeze=False)):
        for axes, image in zip(row, images[labels == digit], strict=False):
            canvas.show_image(axes, image, limits=(0, 255))
        for axes in row[found[digit] :]:
            axes.set_axis_off()
        row[0].text(-0.35, 0.5, digit, transform=row[0].transAxes, va="center", fontsize=13)
    return figure


@canvas.figure(train_labels=("training images", DIGITS), test_labels=("test images", DIGITS))
def label_counts(train_labels: np.ndarray, test_labels: np.ndarray) -> LessonFigure:
    """Draw how often each digit occurs among the labels of both parts."""
    parts = {"training images": train_labels, "test images": test_labels}
    counts = {name: np.bincount(labels, minlength=10) for name, labels in parts.items()}
    ends = [
        f"from {count.min():,} of the digit {count.argmin()} to {count.max():,} of the digit "
        f"{count.argmax()} in the {name}"
        for name, count in counts.items()
    ]
    figure = canvas.blank(
        5,
        "Two bar charts, training and test images: how many there are of each digit, with a line "
        f"at a tenth of the whole; {', '.join(ends)}.",
    )
    panels = zip(figure.subplots(2, 1, sharex=True), (canvas.BLUE, canvas.ORANGE), strict=True)
    for (axes, colour), (name, count) in zip(panels, counts.items(), strict=True):
        bars = axes.bar(range(10), count, color=colour)
        axes.bar_label(bars, label_type="center", fontsize=10, color="white")
        axes.axhline(count.sum() / 10, color="black", linewidth=1, linestyle="--")
        axes.set_title(f"{count.sum():,} {name} (dashed: one tenth)", loc="left")
        axes.set_ylabel("images")
    axes.set(xticks=range(10), xlabel="digit")
    return figure


@canvas.figure(images=("images", 28, 28), digit=(DIGITS,))
def many_of_one_digit(images: np.ndarray, digit: int) -> LessonFigure:
    """Draw images of one digit in rows of ten, to show how varied it is."""
    ink = images.mean(axis=(1, 2))
    return canvas.gallery(
        images,
        [""] * len(images),
        columns=10,
        alt=f"{len(images)} images of the digit {digit} in rows of ten: the mean of their pixel "
        f"values goes from {ink.min():.0f}, in the thinnest, to {ink.max():.0f}.",
    )


@canvas.figure(means=(10, 28, 28))
def mean_images(means: np.ndarray) -> LessonFigure:
    """Draw the mean image of each digit; means of shape (10, 28, 28), 0 to 255."""
    return canvas.gallery(
        means,
        [f"mean {digit}" for digit in range(10)],
        columns=5,
        alt="The mean image of each digit from 0 to 9: dark where many hands leave ink, grey at "
        "the edges where they differ.",
    )


@canvas.figure(images=("images", 28, 28, PIXELS))
def ink_histogram(images: np.ndarray) -> LessonFigure:
    """Draw how many of the pixels with ink, those above 0 of uint8 images, have which value."""
    counts = np.bincount(images[images > 0], minlength=256).reshape(16, 16).sum(axis=1)
    shares = counts / max(counts.sum(), 1)
    figure = canvas.blank(
        3,
        f"A histogram of the pixels with ink: the bar at the right end, full ink, has "
        f"{shares[-1]:.0%} of them, the other fifteen from {shares[:-1].min():.0%} to "
        f"{shares[:-1].max():.0%} each.",
    )
    axes = figure.subplots()
    axes.bar(np.arange(16) * 16, shares, width=15, align="edge", color=canvas.BLUE)
    axes.set_xticks([0, 64, 128, 192, 255])
    axes.set(
        xlabel="pixel value, in steps of 16 (255: full ink)", ylabel="share of pixels with ink"
    )
    return figure


@canvas.figure(image=(28, 28), distances=(10,))
def nearest_mean(image: np.ndarray, distances: np.ndarray) -> LessonFigure:
    """Draw an image (28, 28) beside its distances (10,) to the mean images."""
    figure = canvas.blank(
        3.2,
        "Left a digit, right ten bars: its distance to the mean image of each digit. The shortest "
        "bar is the guess.",
    )
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    canvas.show_image(left, image, "which digit?", limits=(0, 255))
    guess = int(distances.argmin())
    canvas.bars_over_classes(right, distances, guess, "distance to the mean image")
    return figure


@canvas.figure(images=("images", 28, 28), labels=("images", DIGITS), guesses=("images", DIGITS))
def missed_digits(images: np.ndarray, labels: np.ndarray, guesses: np.ndarray) -> LessonFigure:
    """Draw wrongly guessed images with their label and the guess."""
    pairs = list(zip(labels, guesses, strict=True))
    return canvas.gallery(
        images,
        [f"is {label},\nguess {guess}" for label, guess in pairs],
        columns=5,
        alt="Digits that the nearest mean image gets wrong, with label and guess: "
        + ", ".join(f"{label} taken for {guess}" for label, guess in pairs),
    )


@canvas.figure(image=(28, 28), scaled=(28, 28))
def before_and_after_scaling(image: np.ndarray, scaled: np.ndarray) -> LessonFigure:
    """Draw one image with its values 0 to 255 and scaled to 0 to 1, each with its colour bar."""
    same = np.allclose(image / 255, scaled, atol=1e-3)
    figure = canvas.blank(
        3,
        "The same digit twice, first with a colour bar from 0 to 255, then from 0 to 1: the two "
        f"pictures are {'identical' if same else 'not the same'}.",
    )
    panels = ((image, "uint8", 255), (scaled, "float32", 1))
    for axes, (picture, kind, top) in zip(figure.subplots(1, 2), panels, strict=True):
        canvas.show_image(axes, picture, f"{kind}, 0 to {top}", limits=(0, top))
        figure.colorbar(axes.images[0], ax=axes, shrink=0.85, ticks=[0, top], label="pixel value")
    return figure
