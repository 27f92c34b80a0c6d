"""The figures of notebook 1: the images, their labels, and a first guess."""

import numpy as np

from helpers.plots.canvas import (
    BLUE,
    INK,
    ORANGE,
    WIDTH,
    LessonFigure,
    bars_over_classes,
    canvas,
    gallery,
    show_image,
    styled,
)


@styled
def first_images(images: np.ndarray, labels: np.ndarray) -> LessonFigure:
    """Draw images in a row of ten, each with its label; images (n, 28, 28), labels (n,)."""
    return gallery(
        images,
        [f"label {label}" for label in labels],
        columns=5,
        alt="Handwritten digits in rows, each with its label above it: "
        + ", ".join(str(label) for label in labels),
    )


@styled
def pixel_values(image: np.ndarray) -> LessonFigure:
    """Draw a uint8 image (28, 28) as the grid of its numbers, each on its own grey."""
    figure = canvas(
        9,
        "One digit as a grid of 28 by 28 numbers: 0 around it, up to 255 where "
        "the ink is darkest; the numbers trace the digit's shape.",
        width=9,
    )
    axes = figure.subplots()
    axes.imshow(image, cmap=INK, vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(image):
        colour = "white" if value > 120 else "black" if value else "#767676"
        axes.text(column, row, value, ha="center", va="center", fontsize=7.5, color=colour)
    axes.set_xticks(range(0, 28, 3))
    axes.set_yticks(range(0, 28, 3))
    axes.set_xlabel("column")
    axes.set_ylabel("row")
    return figure


@styled
def examples_of_each_digit(images: np.ndarray, labels: np.ndarray, count: int = 10) -> LessonFigure:
    """Draw the first `count` images of each digit, one digit a row."""
    figure = canvas(
        WIDTH * 10 / count,
        f"A table of handwriting: ten rows for the digits 0 to 9, "
        f"with {count} different examples of each.",
    )
    for digit, row in enumerate(figure.subplots(10, count)):
        for axes, image in zip(row, images[labels == digit], strict=False):
            show_image(axes, image, limits=(0, 255))
        row[0].text(-0.35, 0.5, digit, transform=row[0].transAxes, va="center", fontsize=13)
    return figure


@styled
def label_counts(train_labels: np.ndarray, test_labels: np.ndarray) -> LessonFigure:
    """Draw how often each digit occurs among the labels of both parts."""
    figure = canvas(
        5,
        "Two bar charts, training and test images: how many there are of each "
        "digit. All bars are close to a tenth of the whole; 1 is the most "
        "frequent digit and 5 the rarest.",
    )
    parts = {"training images": train_labels, "test images": test_labels}
    for axes, (name, labels), colour in zip(
        figure.subplots(2, 1, sharex=True), parts.items(), (BLUE, ORANGE), strict=True
    ):
        bars = axes.bar(range(10), np.bincount(labels, minlength=10), color=colour)
        axes.bar_label(bars, label_type="center", fontsize=10, color="white")
        axes.axhline(len(labels) / 10, color="black", linewidth=1, linestyle="--")
        axes.set_title(f"{len(labels):,} {name} (dashed: one tenth)", loc="left")
        axes.set_ylabel("images")
    axes.set_xticks(range(10))
    axes.set_xlabel("digit")
    return figure


@styled
def many_of_one_digit(images: np.ndarray, digit: int) -> LessonFigure:
    """Draw images of one digit in rows of ten, to show how varied it is."""
    return gallery(
        images,
        [""] * len(images),
        columns=10,
        alt=f"{len(images)} images of the digit {digit} by different hands: thick and thin, "
        "upright and slanted, with strokes of different shape.",
    )


@styled
def mean_images(means: np.ndarray) -> LessonFigure:
    """Draw the mean image of each digit; means of shape (10, 28, 28), 0 to 255."""
    return gallery(
        means,
        [f"mean {digit}" for digit in range(10)],
        columns=5,
        alt="The mean image of each digit from 0 to 9: blurred, grey at the edges where hands "
        "differ, each still recognisable.",
    )


@styled
def ink_histogram(images: np.ndarray) -> LessonFigure:
    """Draw how many of the pixels with ink, those above 0 of uint8 images, have which value."""
    figure = canvas(
        3,
        "A histogram of the pixels with ink: greys of every value, each about as frequent as the "
        "other, and a bar several times as high at the right end, full ink.",
    )
    axes = figure.subplots()
    counts = np.bincount(images[images > 0], minlength=256).reshape(16, 16).sum(axis=1)
    axes.bar(np.arange(16) * 16, counts / counts.sum(), width=15, align="edge", color=BLUE)
    axes.set_xticks([0, 64, 128, 192, 255])
    axes.set_xlabel("pixel value, in steps of 16 (255: full ink)")
    axes.set_ylabel("share of pixels with ink")
    return figure


@styled
def nearest_mean(image: np.ndarray, distances: np.ndarray) -> LessonFigure:
    """Draw an image (28, 28) beside its distances (10,) to the mean images."""
    figure = canvas(
        3.2,
        "Left a digit, right ten bars: its distance to the mean image of each "
        "digit. The shortest bar is the guess.",
    )
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    show_image(left, image, "which digit?", limits=(0, 255))
    bars_over_classes(right, distances, int(distances.argmin()), "distance to the mean image")
    return figure


@styled
def missed_digits(images: np.ndarray, labels: np.ndarray, guesses: np.ndarray) -> LessonFigure:
    """Draw wrongly guessed images with their label and the guess."""
    return gallery(
        images,
        [f"is {label},\nguess {guess}" for label, guess in zip(labels, guesses, strict=True)],
        columns=5,
        alt="Digits that the nearest mean image gets wrong, with label and guess: fours and "
        "sevens taken for nines, fives and an eight for threes; easy for a person.",
    )


@styled
def before_and_after_scaling(image: np.ndarray, scaled: np.ndarray) -> LessonFigure:
    """Draw one image with its values 0 to 255 and scaled to 0 to 1, each with its colour bar."""
    figure = canvas(
        3,
        "The same digit twice, first with a colour bar from 0 to 255, then from "
        "0 to 1: the two pictures are identical.",
    )
    for axes, picture, title, top in zip(
        figure.subplots(1, 2),
        (image, scaled),
        ("uint8, 0 to 255", "float32, 0 to 1"),
        (255, 1),
        strict=True,
    ):
        show_image(axes, picture, title, limits=(0, top))
        figure.colorbar(axes.images[0], ax=axes, shrink=0.85, ticks=[0, top], label="pixel value")
    return figure
