"""The figures of notebook 4: right and wrong answers, what the layers see, your drawing."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator, PercentFormatter

from helpers.expect import Named
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, DIGITS, ORANGE, STRENGTH, WIDTH, LessonFigure

MAPS = Named("layers", ("height", "width", "filters"))


@canvas.figure(image=(28, 28), probabilities=(10,))
def prediction(image: np.ndarray, probabilities: np.ndarray) -> LessonFigure:
    """Draw an image (28, 28) beside the ten probabilities that the network gives it."""
    figure = canvas.blank(
        3.2,
        "Left one test image, right ten bars: the probability that the network gives to each "
        f"digit. The longest bar has {canvas.part(probabilities.max())} of it.",
    )
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    canvas.show_image(left, image, "test image", limits=(0, 1))
    canvas.probability_bars(right, probabilities, int(probabilities.argmax()))
    return figure


@canvas.figure(image=(28, 28), maps=MAPS, probabilities=(10,))
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
    figure = canvas.blank(
        2.9,
        "From left to right: a handwritten digit of 28 by 28 pixels, three feature maps of each of "
        f"{len(maps)} convolutions, of {_sizes(maps)}, and ten bars of probability, of which the "
        f"one for {answer} is the longest.",
        9,
    )
    grid = figure.add_gridspec(3, 2 + len(maps), width_ratios=[2.2, *[1] * len(maps), 2.2])
    canvas.show_image(figure.add_subplot(grid[:, 0]), image, "28x28 pixels", limits=(0, 1))
    for column, layer in enumerate(maps.values(), start=1):
        for row, channel in enumerate(_strongest(layer)):
            title = "" if row else f"{layer.shape[0]}x{layer.shape[1]}x{layer.shape[2]}"
            axes = figure.add_subplot(grid[row, column])
            canvas.show_image(axes, layer[..., channel], title, cmap=STRENGTH)
    bars = figure.add_subplot(grid[:, -1])
    canvas.probability_bars(bars, probabilities, answer)
    bars.set_xticks([0, 0.5, 1])
    return figure


def _strongest(maps: np.ndarray) -> np.ndarray:
    """Return the three channels of maps (height, width, channels) that are brightest on average."""
    return np.argsort(-maps.mean(axis=(0, 1)), kind="stable")[:3]


def _sizes(maps: dict[str, np.ndarray]) -> str:
    """Say how large the maps of each layer are, in the order of the layers."""
    return ", then ".join(f"{layer.shape[0]} by {layer.shape[1]}" for layer in maps.values())


@canvas.figure(matrix=(10, 10, int))
def confusion(matrix: np.ndarray) -> LessonFigure:
    """Draw a confusion matrix (10, 10), rows true digits, columns predicted ones.

    The colours show the mistakes alone; on the diagonal, the right answers would drown them.
    """
    diagonal = np.eye(10, dtype=bool)
    off_diagonal = np.where(diagonal, 0, matrix)
    right, empty = matrix.trace() / max(matrix.sum(), 1), (matrix[~diagonal] == 0).mean()
    figure = canvas.blank(
        6.2,
        "A table of 10 by 10 counts: rows the true digit, columns the predicted one. The diagonal, "
        f"right answers, has {canvas.part(right)} of the images; of the other fields, "
        f"{canvas.part(empty)} have none.",
    )
    axes = figure.subplots()
    picture = axes.imshow(off_diagonal, cmap=canvas.INK, vmin=0)
    for (row, column), count in np.ndenumerate(matrix):
        if row == column:
            axes.add_patch(Rectangle((row - 0.5, row - 0.5), 1, 1, facecolor="#CFE3F1"))
        if count:
            dark = row != column and count > off_diagonal.max() * 0.55
            style = {"fontsize": 10, "color": "white" if dark else "black"}
            axes.text(column, row, count, ha="center", va="center", **style)
    axes.set(xticks=DIGITS, yticks=DIGITS, xlabel="predicted digit", ylabel="true digit")
    figure.colorbar(picture, ax=axes, shrink=0.7, label="mistakes (blue fields: right answers)")
    return figure


@canvas.figure(precision=(10,), recall=(10,))
def precision_and_recall(precision: np.ndarray, recall: np.ndarray) -> LessonFigure:
    """Draw both measures for each digit; shape (10,) each, 0 to 1."""
    lowest = float(min(precision.min(), recall.min()))
    figure = canvas.blank(
        3.4,
        "Two marks for each digit, precision and recall, all between "
        f"{np.floor(20 * lowest) / 20:.2f} and 1.",
    )
    axes = figure.subplots()
    digits = np.arange(10)
    axes.plot(digits - 0.08, precision, "o", color=BLUE, label="precision")
    axes.plot(digits + 0.08, recall, "s", color=ORANGE, label="recall")
    axes.set(xticks=digits, xlabel="digit", ylabel="share")
    axes.set_ylim(min(0.96, lowest - 0.005), 1.002)
    axes.grid(axis="y", color="#DDDDDD")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure


@canvas.figure(
    images=("images", 28, 28),
    labels=("images", DIGITS),
    probabilities=("images", 10),
    doubtful=("images", bool),
)
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
    figure = canvas.blank(
        rows * (WIDTH / columns + 0.5),
        "The mistakes that the network is most sure of, each with its label and the network's "
        "answer. An orange frame marks the images whose label most human reviewers did not "
        "confirm.",
    )
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image, label, given, doubt in zip(
        grid.flat, images, labels, probabilities, doubtful, strict=False
    ):
        canvas.show_image(
            axes, image, f"label {label}" + (", doubtful" if doubt else ""), limits=(0, 1)
        )
        answer = f"network: {given.argmax()} ({_share(given.max())})"
        place = {"transform": axes.transAxes, "ha": "center", "va": "top"}
        axes.text(0.5, -0.06, answer, fontsize=10, **place)
        canvas.frame(axes, *((ORANGE, 3) if doubt else ("#B8B8B8", 0.8)))
    return figure


def _share(probability: float) -> str:
    """Write a probability with three decimals, without calling it 1 where it is less."""
    return ">0.999" if probability > 0.999 else f"{probability:.3f}"


@canvas.figure(image=(28, 28), untrained=MAPS, trained=MAPS)
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
    figure = canvas.blank(
        6.4,
        "Feature maps of one digit, three of the untrained network on the left and three of the "
        "trained one on the right, with one row for each convolution. From row to row the trained "
        f"ones have {_sizes(trained)} values.",
    )
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.1, 5))
    canvas.show_image(top.subplots(), image, "the image", limits=(0, 1))
    halves = bottom.subfigures(1, 2, wspace=0.04)
    networks = (("untrained", untrained), ("trained", trained))
    for half, (name, layers) in zip(halves, networks, strict=True):
        half.suptitle(f"{name} network", fontsize=12)
        grid = half.subplots(len(layers), 3, squeeze=False)
        for number, (row, maps) in enumerate(zip(grid, layers.values(), strict=True), start=1):
            for axes, channel in zip(row, _strongest(maps), strict=False):
                canvas.show_image(axes, maps[..., channel], cmap=STRENGTH)
            title = f"convolution {number}: {maps.shape[0]}x{maps.shape[1]}"
            row[1].set_title(title, fontsize=10)
    return figure


@canvas.figure(accuracies=(5,), interval=(2,))
def seed_spread(accuracies: np.ndarray, interval: tuple[float, float]) -> LessonFigure:
    """Draw the accuracies of five seeds above the interval of the first one alone.

    Args:
        accuracies: one for each seed, 0 to 1.
        interval: the range of true accuracies that go well with the first.
    """
    wider = np.ptp(interval) > np.ptp(accuracies)
    figure = canvas.blank(
        2.1,
        "A line of accuracies with one dot for each of five seeds, and below it a bar for the "
        f"interval of the first seed alone, which is {'wider' if wider else 'no wider'} than the "
        "whole row of dots.",
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


@canvas.figure(
    drawing=("height", "width"), images=Named("ways", (28, 28)), probabilities=("ways", 10)
)
def two_preparations(
    drawing: np.ndarray, images: dict[str, np.ndarray], probabilities: np.ndarray
) -> LessonFigure:
    """Draw a drawing and below it what the network sees and says, one column a preparation.

    Args:
        drawing: ink, shape (height, width).
        images: for the name of each preparation its image, uint8, shape (28, 28).
        probabilities: the network's answers to them, shape (len(images), 10).
    """
    figure = canvas.blank(
        7.6,
        f"On top a drawing; below it in columns what the network sees by {' and '.join(images)}, "
        "and the ten probabilities that it gives. The images may differ in the digit's size and "
        "place, and so may the answers.",
    )
    top, below = figure.subfigures(2, 1, height_ratios=(1, 2.4))
    paper = top.subplots()
    canvas.show_image(paper, drawing, "the drawing", limits=(0, drawing.max()))
    canvas.frame(paper)
    pictures, bars = below.subplots(2, len(images), height_ratios=(1, 1), squeeze=False)
    for upper, lower, (name, image), given in zip(
        pictures, bars, images.items(), probabilities, strict=True
    ):
        best = int(given.argmax())
        canvas.show_image(upper, image, f"{name}:\nthe network says {best}", limits=(0, 255))
        canvas.frame(upper)
        canvas.probability_bars(lower, given, best)
    return figure


@canvas.figure(
    drawings=("digits", "height", "width"),
    labels=("digits", DIGITS),
    images=Named("ways", ("digits", 28, 28)),
    guesses=Named("ways", ("digits", DIGITS)),
)
def off_centre_digits(
    drawings: list[np.ndarray],
    labels: np.ndarray,
    images: dict[str, np.ndarray],
    guesses: dict[str, np.ndarray],
) -> LessonFigure:
    """Draw digits somewhere on a canvas, one a column, and below what each preparation makes of it.

    Args:
        drawings: n canvases of ink, of the same size.
        labels: the right digits, shape (n,).
        images: for the name of each preparation its images, uint8, shape (n, 28, 28).
        guesses: for the same names the network's answers to them, shape (n,).
    """
    if images.keys() != guesses.keys():
        raise ValueError(f"guesses: got {', '.join(guesses)}, expected {', '.join(images)}")
    rows, columns = 1 + len(images), len(drawings)
    figure = canvas.blank(
        rows * (WIDTH / columns + 0.2),
        f"{columns} digits in columns. Top row: each somewhere on a large canvas. Below, one row a "
        f"preparation ({', '.join(images)}): the 28 by 28 image and the network's answer.",
    )
    top, *below = figure.subplots(rows, columns, squeeze=False)
    for axes, drawing, label in zip(top, drawings, labels, strict=True):
        canvas.show_image(axes, drawing, f"label {label}", limits=(0, 255))
    for row, name in zip(below, images, strict=True):
        for axes, image, guess, label in zip(row, images[name], guesses[name], labels, strict=True):
            canvas.show_image(axes, image, f"says {guess}", limits=(0, 255))
            axes.title.set_color(BLUE if guess == label else ORANGE)
            axes.title.set_weight("normal" if guess == label else "bold")  # not by colour alone
    for row, name in zip((top, *below), ("drawing", *images), strict=True):
        place = {"ha": "right", "va": "center", "transform": row[0].transAxes}
        row[0].text(-0.15, 0.5, name, rotation=90, **place)
        for axes in row:
            canvas.frame(axes)
    return figure
