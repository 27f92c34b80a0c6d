"""The figures of notebook 4: right and wrong answers, what the layers see, your drawing."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator, PercentFormatter

from helpers.plots.canvas import (
    BLUE,
    INK,
    ORANGE,
    STRENGTH,
    WIDTH,
    LessonFigure,
    bars_over_classes,
    canvas,
    show_image,
    styled,
)


@styled
def prediction(image: np.ndarray, probabilities: np.ndarray) -> LessonFigure:
    """Draw an image (28, 28) beside the ten probabilities that the network gives it."""
    figure = canvas(
        3.2,
        "Left one test image, right ten bars: the probability that the network "
        "gives to each digit. One bar has nearly all of it.",
    )
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    show_image(left, image, "test image", limits=(0, 1))
    bars_over_classes(right, probabilities, int(probabilities.argmax()), "probability")
    right.set_xlim(0, 1)
    return figure


@styled
def journey(
    image: np.ndarray, maps: dict[str, np.ndarray], probabilities: np.ndarray
) -> LessonFigure:
    """Draw the way of an image through a trained network: the picture of the README.

    Args:
        image: shape (28, 28), 0 to 1.
        maps: for each convolution its maps (height, width, filters); the strongest three of each
            are drawn.
        probabilities: the network's answer, shape (10,).
    """
    answer = int(probabilities.argmax())
    figure = canvas(
        2.9,
        "From left to right: a handwritten digit of 28 by 28 pixels, three "
        "feature maps of each of the three convolutions, ever coarser, and ten "
        f"bars of probability, of which the one for {answer} is the longest.",
        9,
    )
    grid = figure.add_gridspec(3, 2 + len(maps), width_ratios=[2.2, *[1] * len(maps), 2.2])
    show_image(figure.add_subplot(grid[:, 0]), image, "28x28 pixels", limits=(0, 1))
    for column, layer in enumerate(maps.values(), start=1):
        for row, channel in enumerate(_strongest(layer)):
            title = "" if row else f"{layer.shape[0]}x{layer.shape[1]}x{layer.shape[2]}"
            axes = figure.add_subplot(grid[row, column])
            show_image(axes, layer[..., channel], title, cmap=STRENGTH)
    bars = figure.add_subplot(grid[:, -1])
    bars_over_classes(bars, probabilities, answer, "probability")
    bars.set_xlim(0, 1)
    bars.set_xticks([0, 0.5, 1])
    return figure


def _strongest(maps: np.ndarray) -> np.ndarray:
    """Return the three channels of maps (height, width, channels) that are brightest on average."""
    return np.argsort(-maps.mean(axis=(0, 1)), kind="stable")[:3]


@styled
def confusion(matrix: np.ndarray) -> LessonFigure:
    """Draw a confusion matrix (10, 10), rows true digits, columns predicted ones.

    The colours show the mistakes alone; on the diagonal, the right answers would drown them.
    """
    figure = canvas(
        6.2,
        "A table of 10 by 10 counts: rows the true digit, columns the predicted "
        "one. The diagonal, right answers, has around a thousand in each "
        "field; the other fields have few, most of them none.",
    )
    axes = figure.subplots()
    off_diagonal = np.where(np.eye(10, dtype=bool), 0, matrix)
    picture = axes.imshow(off_diagonal, cmap=INK, vmin=0)
    for (row, column), count in np.ndenumerate(matrix):
        if row == column:
            axes.add_patch(Rectangle((row - 0.5, row - 0.5), 1, 1, facecolor="#CFE3F1"))
        if count:
            dark = row != column and count > off_diagonal.max() * 0.55
            axes.text(
                column,
                row,
                count,
                ha="center",
                va="center",
                fontsize=10,
                color="white" if dark else "black",
            )
    axes.set_xticks(range(10))
    axes.set_yticks(range(10))
    axes.set_xlabel("predicted digit")
    axes.set_ylabel("true digit")
    figure.colorbar(picture, ax=axes, shrink=0.7, label="mistakes (blue fields: right answers)")
    return figure


@styled
def precision_and_recall(precision: np.ndarray, recall: np.ndarray) -> LessonFigure:
    """Draw both measures for each digit; shape (10,) each, 0 to 1."""
    figure = canvas(
        3.4,
        "Two marks for each digit, precision and recall, all between 0.96 and 1 "
        "and mostly above 0.98.",
    )
    axes = figure.subplots()
    digits = np.arange(10)
    axes.plot(digits - 0.08, precision, "o", color=BLUE, label="precision")
    axes.plot(digits + 0.08, recall, "s", color=ORANGE, label="recall")
    axes.set_xticks(digits)
    axes.set_xlabel("digit")
    axes.set_ylabel("share")
    axes.set_ylim(min(0.96, float(min(precision.min(), recall.min())) - 0.005), 1.002)
    axes.grid(axis="y", color="#DDDDDD")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure


@styled
def confident_mistakes(
    images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, doubtful: np.ndarray
) -> LessonFigure:
    """Draw mistakes in rows of four, and frame those whose label people did not confirm.

    Args:
        images: shape (n, 28, 28), 0 to 1.
        labels: shape (n,).
        probabilities: what the network says, shape (n, 10).
        doubtful: which labels people did not confirm, bool, shape (n,).
    """
    columns = 4
    rows = -(-len(images) // columns)
    figure = canvas(
        rows * (WIDTH / columns + 0.5),
        "The mistakes that the network is most sure "
        "of, each with its label and the network's answer. An orange frame marks the "
        "images whose label most human reviewers did not confirm.",
    )
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image, label, given, doubt in zip(
        grid.flat, images, labels, probabilities, doubtful, strict=False
    ):
        show_image(axes, image, f"label {label}" + (", doubtful" if doubt else ""), limits=(0, 1))
        axes.text(
            0.5,
            -0.06,
            f"network: {given.argmax()} ({_share(given.max())})",
            transform=axes.transAxes,
            ha="center",
            va="top",
            fontsize=10,
        )
        axes.set_axis_on()
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set(
                visible=True, color=ORANGE if doubt else "#B8B8B8", linewidth=3 if doubt else 0.8
            )
    return figure


def _share(probability: float) -> str:
    """Write a probability with three decimals, without calling it 1 where it is less."""
    return ">0.999" if probability > 0.999 else f"{probability:.3f}"


@styled
def maps_before_and_after_training(
    image: np.ndarray, untrained: dict[str, np.ndarray], trained: dict[str, np.ndarray]
) -> LessonFigure:
    """Draw six feature maps of each convolution, untrained beside trained.

    Args:
        image: the image (28, 28) they come from.
        untrained: for each layer its maps (height, width, filters).
        trained: the same of the trained network, in the same order. The three strongest of
            each are drawn.
    """
    figure = canvas(
        6.4,
        "Feature maps of one digit, three of the untrained network on the left "
        "and three of the trained one on the right, with one row for each "
        "convolution. From row to row the maps get coarser; the trained ones "
        "answer to parts of the digit: edges first, then strokes and corners.",
    )
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.1, 5))
    show_image(top.subplots(), image, "the image", limits=(0, 1))
    halves = bottom.subfigures(1, 2, wspace=0.04)
    for half, name, layers in zip(
        halves, ("untrained", "trained"), (untrained, trained), strict=True
    ):
        half.suptitle(f"{name} network", fontsize=12)
        for number, (row, maps) in enumerate(
            zip(half.subplots(len(layers), 3), layers.values(), strict=True)
        ):
            for axes, channel in zip(row, _strongest(maps), strict=True):
                show_image(axes, maps[..., channel], cmap=STRENGTH)
            row[1].set_title(
                f"convolution {number + 1}: {maps.shape[0]}x{maps.shape[1]}", fontsize=10
            )
    return figure


@styled
def seed_spread(accuracies: np.ndarray, interval: tuple[float, float]) -> LessonFigure:
    """Draw the accuracies of several seeds above the interval of the first one alone.

    Args:
        accuracies: one for each seed, 0 to 1.
        interval: the range of true accuracies that go well with the first.
    """
    figure = canvas(
        2.1,
        "A line of accuracies with one dot for each of five seeds, close "
        "together, and below it a bar for the interval of the first seed alone, "
        "which is wider than the whole row of dots.",
    )
    axes = figure.subplots()
    axes.plot(accuracies, np.ones(len(accuracies)), "o", markersize=9, color=BLUE, alpha=0.6)
    axes.plot(interval, (0, 0), "|-", color=ORANGE, linewidth=3, markersize=12)
    axes.plot(accuracies[0], 0, "o", markersize=9, color=ORANGE)
    axes.set_yticks((0, 1), ("interval\nof seed 0", "five seeds"))
    axes.set_ylim(-0.6, 1.6)
    axes.xaxis.set_major_locator(MultipleLocator(0.001))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.set_xlabel("test accuracy")
    axes.grid(axis="x", color="#DDDDDD")
    return figure


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
