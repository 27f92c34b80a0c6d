"""The figures of the drawing pad's lesson: one drawing, prepared in two ways."""

import numpy as np

from helpers.plots.canvas import (
    BLUE,
    ORANGE,
    WIDTH,
    LessonFigure,
    bars_over_classes,
    canvas,
    show_image,
    styled,
)


@styled
def two_preparations(
    drawing: np.ndarray, images: dict[str, np.ndarray], probabilities: np.ndarray
) -> LessonFigure:
    """Draw a drawing and below it what the network sees and says, one column a preparation.

    Args:
        drawing: ink, shape (height, width).
        images: for the name of each preparation its image, uint8, shape (28, 28).
        probabilities: the network's answers to them, shape (len(images), 10).
    """
    names = " and ".join(images)
    figure = canvas(
        7.6,
        f"On top a drawing; below it in columns what the network sees by {names}, "
        "and the ten probabilities that it gives. The images differ in the "
        "digit's size and place, and so may the answers.",
    )
    top, below = figure.subfigures(2, 1, height_ratios=(1, 2.4))
    paper = top.subplots()
    show_image(paper, drawing, "the drawing", limits=(0, drawing.max()))
    _frame(paper)
    pictures, bars = below.subplots(2, len(images), height_ratios=(1, 1))
    for upper, lower, (name, image), given in zip(
        pictures, bars, images.items(), probabilities, strict=True
    ):
        best = int(given.argmax())
        show_image(upper, image, f"{name}:\nthe network says {best}", limits=(0, 255))
        _frame(upper)
        bars_over_classes(lower, given, best, "probability")
        lower.set_xlim(0, 1)
    return figure


@styled
def off_centre_digits(
    drawings: list[np.ndarray],
    labels: np.ndarray,
    images: dict[str, np.ndarray],
    guesses: dict[str, np.ndarray],
) -> LessonFigure:
    """Draw digits somewhere on a canvas, one a column, and below what each preparation makes of it.

    Args:
        drawings: n canvases of ink.
        labels: the right digits, shape (n,).
        images: for the name of each preparation its images, uint8, shape (n, 28, 28).
        guesses: for the same names the network's answers to them, shape (n,).
    """
    rows, columns = 1 + len(images), len(drawings)
    figure = canvas(
        rows * (WIDTH / columns + 0.2),
        f"{columns} digits in columns. Top row: each "
        "somewhere on a large canvas. Below, one row a preparation "
        f"({', '.join(images)}): the 28 by 28 image and the network's answer.",
    )
    top, *below = figure.subplots(rows, columns)
    for axes, drawing, label in zip(top, drawings, labels, strict=True):
        show_image(axes, drawing, f"label {label}", limits=(0, 255))
    for row, name in zip(below, images, strict=True):
        for axes, image, guess, label in zip(row, images[name], guesses[name], labels, strict=True):
            show_image(axes, image, f"says {guess}", limits=(0, 255))
            axes.title.set_color(BLUE if guess == label else ORANGE)
            axes.title.set_weight("normal" if guess == label else "bold")  # not by colour alone
    for row, name in zip((top, *below), ("drawing", *images), strict=True):
        row[0].text(
            -0.15, 0.5, name, rotation=90, ha="right", va="center", transform=row[0].transAxes
        )
        for axes in row:
            _frame(axes)
    return figure


def _frame(axes):
    """Show where an image ends: its paper is as white as the figure."""
    axes.set_axis_on()
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(visible=True, color="#767676", linewidth=0.8)
