"""The figures of notebook 4: right and wrong answers, what the layers see, your drawing."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator, PercentFormatter

from helpers.language import _
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, DIGITS, GREEN, PURPLE, WIDTH


@canvas.figure(3.2)
def prediction(figure, image, probabilities) -> str:
    """Draw an image, 0 to 1, beside its ten probabilities."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    canvas.show_image(left, image, _("test image"), limits=(0, 1))
    canvas.probability_bars(right, probabilities, int(probabilities.argmax()))
    return _(
        "Left one test image, right ten bars: the probability that the network gives to each "
        "digit. The longest bar has {part} of it.",
        part=canvas.roughly(probabilities.max()),
    )


@canvas.figure(6.2)
def confusion(figure, matrix) -> str:
    """Draw a confusion matrix of 10x10 counts, rows true digits, columns predicted ones.

    The colours show the mistakes alone; on the diagonal, the right answers would drown them.
    """
    diagonal = np.eye(10, dtype=bool)
    off_diagonal = np.where(diagonal, 0, matrix)
    right, empty = matrix.trace() / max(matrix.sum(), 1), (matrix[~diagonal] == 0).mean()
    axes = figure.subplots()
    picture = axes.imshow(off_diagonal, cmap=canvas.INK, vmin=0)
    for (row, column), count in np.ndenumerate(matrix):
        if row == column:
            axes.add_patch(Rectangle((row - 0.5, row - 0.5), 1, 1, facecolor="#CFE3F1"))
        if count:
            dark = row != column and count > off_diagonal.max() * 0.55
            style = {"fontsize": 10, "color": "white" if dark else "black"}
            axes.text(column, row, count, ha="center", va="center", **style)
    axes.set(xticks=DIGITS, yticks=DIGITS, xlabel=_("predicted digit"), ylabel=_("true digit"))
    figure.colorbar(picture, ax=axes, shrink=0.7, label=_("mistakes (blue fields: right answers)"))
    return _(
        "A table of 10 by 10 counts: rows the true digit, columns the predicted one. The diagonal, "
        "right answers, has {right} of the images; of the other fields, {empty} have none.",
        right=canvas.roughly(right),
        empty=canvas.roughly(empty),
    )


@canvas.figure(3.4)
def precision_and_recall(figure, precision, recall) -> str:
    """Draw both measures, 0 to 1 and of shape (10,), for each digit."""
    lowest = float(min(precision.min(), recall.min()))
    axes = figure.subplots()
    digits = np.arange(10)
    axes.plot(digits - 0.08, precision, "o", color=BLUE, label=_("precision"))
    axes.plot(digits + 0.08, recall, "s", color=GREEN, label=_("recall"))
    limits = min(0.97, lowest - 0.003), 1.001
    axes.set(xticks=digits, xlabel=_("digit"), ylabel=_("share"), ylim=limits)
    axes.grid(axis="y", color="#DDDDDD")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return _(
        "Two marks for each digit, precision and recall, all between {low:.2f} and 1.",
        low=np.floor(20 * lowest) / 20,
    )


@canvas.figure()
def confident_mistakes(figure, images, labels, probabilities, doubtful) -> str:
    """Draw mistakes, images from 0 to 1 with what the network says of them, in rows of four.

    Images have the shape (n, 28, 28), probabilities (n, 10). `doubtful`, bool of shape (n,),
    marks those whose label people did not confirm: they are framed.
    """
    titles = [_("label {label}", label=label) for label in labels]
    panels = canvas.gallery(figure, images, titles, 4, below=0.3)
    for axes, given, doubt in zip(panels, probabilities, doubtful, strict=True):
        share = canvas.format_probability(given.max())
        answer = _("network: {digit} ({share})", digit=given.argmax(), share=share)
        style = {"transform": axes.transAxes, "ha": "center", "va": "top", "fontsize": 10}
        axes.text(0.5, -0.06, answer, **style)
        if doubt:
            axes.title.set_text(axes.get_title() + _(", doubtful"))
            axes.spines[:].set(color=PURPLE, linewidth=3)
    return _(
        "The mistakes that the network is most sure of, each with its label and the network's "
        "answer. A purple frame marks the images whose label most human reviewers did not "
        "confirm."
    )


@canvas.figure(2.1)
def seed_spread(figure, accuracies, own: float, interval) -> str:
    """Draw the accuracies, 0 to 1, of five seeds above your network's own and its interval."""
    wider = np.ptp(interval) > np.ptp(accuracies)
    axes = figure.subplots()
    axes.plot(accuracies, np.ones(len(accuracies)), "o", markersize=9, color=BLUE, alpha=0.6)
    axes.plot(interval, (0, 0), "|-", color=GREEN, linewidth=3, markersize=12)
    axes.plot(own, 0, "o", markersize=9, color=GREEN)
    axes.set(xlabel=_("test accuracy"), ylim=(-0.6, 1.6))
    axes.set_yticks((0, 1), (_("this one, with\nits interval"), _("five seeds")))
    axes.xaxis.set_major_locator(MultipleLocator(0.001))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.grid(axis="x", color="#DDDDDD")
    return _(
        "A line of accuracies with one dot for each of five seeds, and below it a dot for this "
        "network with a bar for its interval, which is {wider} than the whole row of dots.",
        wider=_("wider") if wider else _("no wider"),
    )


@canvas.figure(7.6)
def two_preparations(figure, drawing, images: dict[str, np.ndarray], probabilities) -> str:
    """Draw a drawing, and below it what the network sees and says by each preparation.

    `images` has for each preparation an image, 0 to 255; `probabilities` a row for each.
    """
    top, below = figure.subfigures(2, 1, height_ratios=(1, 2.4))
    canvas.show_image(top.subplots(), drawing, _("the drawing"), limits=(0, drawing.max()))
    columns = below.subplots(2, len(images), height_ratios=(1, 1), squeeze=False).T
    for (upper, lower), name, given in zip(columns, images, probabilities, strict=True):
        best = int(given.argmax())
        title = _("{way}:\nthe network says {digit}", way=name, digit=best)
        canvas.show_image(upper, images[name], title, limits=(0, 255))
        canvas.probability_bars(lower, given, best)
    return _(
        "On top a drawing; below it in columns what the network sees by {ways}, and the ten "
        "probabilities that it gives. The images may differ in the digit's size and place, and so "
        "may the answers.",
        ways=_(" and ").join(images),
    )


@canvas.figure()
def off_centre_digits(figure, drawings, labels, images: dict, guesses: dict) -> str:
    """Draw digits somewhere on a canvas, one a column, and below what each preparation makes of it.

    `images` has for each preparation an array of shape (digits, 28, 28), `guesses` under the same
    names the network's answers, shape (digits,). All ink is from 0 to 255.
    """
    rows, columns = 1 + len(images), len(drawings)
    figure.set_figheight(rows * (WIDTH / columns + 0.2))
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, drawing, label in zip(grid[0], drawings, labels, strict=True):
        canvas.show_image(axes, drawing, _("label {label}", label=label), limits=(0, 255))
    for row, name in zip(grid[1:], images, strict=True):
        for axes, image, guess, label in zip(row, images[name], guesses[name], labels, strict=True):
            canvas.show_image(axes, image, _("says {digit}", digit=guess), limits=(0, 255))
            axes.title.set_color(BLUE if guess == label else PURPLE)
            if guess != label:  # not by colour alone
                axes.spines[:].set(color=PURPLE, linewidth=3)
    for axes, name in zip(grid[:, 0], (_("drawing"), *images), strict=True):
        style = {"ha": "right", "va": "center", "transform": axes.transAxes}
        axes.text(-0.15, 0.5, name, rotation=90, **style)
    return _(
        "{count} digits in columns. Top row: each somewhere on a large canvas. Below, one row a "
        "preparation ({ways}): the 28 by 28 image and the network's answer.",
        count=columns,
        ways=_(", ").join(images),
    )
