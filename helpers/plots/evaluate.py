"""The figures of notebook 4: right and wrong answers, moved digits, your drawing."""

import math

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from helpers.common.language import _
from helpers.plots import canvas


@canvas.figure(3.2)
def prediction(figure, image, probabilities) -> str:
    """Draw an image, 0 to 1, beside its ten probabilities."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    canvas.show_image(left, image, _("the image"), limits=(0, 1))
    canvas.probability_bars(right, probabilities)
    return _(
        "On the left an image, on the right ten bars: the probability that the network gives to "
        "each digit. The longest bar belongs to the {best}, with {share}.",
        best=probabilities.argmax(),
        share=canvas.format_probability(probabilities.max()),
    )


@canvas.figure(5.6)
def confusion(figure, matrix) -> str:
    """Draw a confusion matrix of 10x10 counts, rows true digits, columns predicted ones.

    The colours show the mistakes alone; on the diagonal, the right answers would drown them.
    """
    axes = figure.subplots()
    mistakes = np.where(np.eye(10), 0, matrix)
    picture = axes.imshow(mistakes, cmap=canvas.INK, vmin=0)
    for (row, column), count in np.ndenumerate(matrix):
        if row == column:
            axes.add_patch(Rectangle((row - 0.5, row - 0.5), 1, 1, facecolor="#CFE3F1"))
        if count:
            is_dark = row != column and count > mistakes.max() * 0.55
            colour = "white" if is_dark else "black"
            axes.text(column, row, count, ha="center", va="center", fontsize=10, color=colour)
    axes.set(xticks=range(10), yticks=range(10))
    axes.set(xlabel=_("predicted digit"), ylabel=_("true digit"))
    figure.colorbar(picture, ax=axes, shrink=0.7, label=_("mistakes (blue fields: right answers)"))
    return _(
        "A table of 10 by 10 counts: rows the true digit, columns the predicted one. The "
        "diagonal has the right answers."
    )


@canvas.figure()
def confident_mistakes(figure, images, labels, probabilities, doubtful) -> str:
    """Draw mistakes, images from 0 to 1 with what the network says of them, in rows of four.

    Images have the shape (n, 28, 28), probabilities (n, 10). `doubtful`, bool of shape (n,),
    marks those whose label people did not confirm: they are framed.
    """
    titles = [_("label {label}", label=label) for label in labels]
    panels = canvas.gallery(figure, images, titles, 4, below=0.3)
    for axes, shares, is_doubtful in zip(panels, probabilities, doubtful, strict=True):
        share = canvas.format_probability(shares.max())
        answer = _("network: {digit} ({share})", digit=shares.argmax(), share=share)
        axes.text(0.5, -0.06, answer, transform=axes.transAxes, ha="center", va="top", fontsize=10)
        if is_doubtful:
            axes.title.set_text(axes.get_title() + _(", doubtful"))
            axes.spines[:].set(color=canvas.PURPLE, linewidth=3)
    return _(
        "The mistakes that the network is most sure of, each with its label and the network's "
        "answer; doubtful labels have a purple frame."
    )


@canvas.figure(3.4)
def intervals(figure, shares, ends, truth: float) -> str:
    """Draw measured shares, 0 to 1, each with its interval, and the true one as a line.

    `ends` has the shape (n, 2). An interval that misses the truth is purple and dashed.
    """
    axes = figure.subplots()
    missed = 0
    for number, (share, (low, high)) in enumerate(zip(shares, ends, strict=True), start=1):
        colour = canvas.BLUE
        line = "-"
        if not low <= truth <= high:
            missed += 1
            colour = canvas.PURPLE
            line = "--"
        axes.plot((number, number), (low, high), line, color=colour, marker="_", linewidth=2)
        axes.plot(number, share, "o", color=colour)
    axes.axhline(truth, color="black", linewidth=1)
    axes.set(xlabel=_("measurement"), ylabel=_("accuracy"), xticks=(1, len(shares)))
    axes.set_title(_("line: the true accuracy; purple: intervals that miss it"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    return _(
        "{count} measurements as dots, each with its interval, and the true accuracy as a "
        "line; intervals that miss it: {missed}.",
        count=len(shares),
        missed=missed,
    )


@canvas.figure()
def tiles(figure, groups: dict[str, np.ndarray], columns: int) -> str:
    """Draw groups of kernels or maps, of shape (height, width, count), under their titles.

    Each of them has a colour scale of its own. If any value is below 0, the scales have both signs.
    """
    rows = [math.ceil(values.shape[2] / columns) for values in groups.values()]
    figure.set_figheight(sum(rows) * canvas.WIDTH / columns + 0.35 * len(rows))
    blocks = figure.subfigures(len(groups), 1, height_ratios=rows, squeeze=False)[:, 0]
    is_signed = any(values.min() < 0 for values in groups.values())
    cmap = canvas.SIGNED if is_signed else canvas.STRENGTH
    for block, count, (title, values) in zip(blocks, rows, groups.items(), strict=True):
        block.suptitle(title, fontsize=11)
        for number, axes in enumerate(block.subplots(count, columns, squeeze=False).flat):
            if number >= values.shape[2]:
                axes.set_axis_off()
                continue
            tile = values[..., number]
            limit = np.abs(tile).max() or 1
            canvas.show_image(axes, tile, "", cmap, (-limit if is_signed else 0, limit))
    return _(
        "Small squares of numbers in rows, blue where they are above 0: {groups}.",
        groups=_("; ").join(groups),
    )


@canvas.figure(3.4)
def moved_digits(figure, neighbour: list[float], network: list[float]) -> str:
    """Draw two accuracies, 0 to 1, over the number of pixels that the digits moved, from 0."""
    axes = figure.subplots()
    for name, accuracies, line, colour, offset in (
        (_("the network"), network, "o-", canvas.BLUE, 9),
        (_("the nearest neighbour"), neighbour, "s--", canvas.ORANGE, -16),
    ):
        axes.plot(accuracies, line, color=colour, label=name, clip_on=False)
        for pixels, accuracy in enumerate(accuracies):
            axes.annotate(
                f"{accuracy:.0%}",
                (pixels, accuracy),
                (0, offset),
                textcoords="offset points",
                ha="center",
                color=colour,
                fontsize=10,
            )
    axes.set(xticks=range(len(network)), ylim=(0, 1.08), ylabel=_("accuracy"))
    axes.set_xlabel(_("pixels that the digits have moved to the right"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_yticks((0, 0.25, 0.5, 0.75, 1))
    axes.legend(loc="lower left", frameon=False)
    return _(
        "Two falling curves: the accuracy of the network and of the nearest neighbour, over the "
        "number of pixels by which the digits have moved, from 0 to {most}.",
        most=len(network) - 1,
    )


@canvas.figure(3.9)
def columns_and_weights(figure, *maps: str) -> str:
    """Draw which weights of the last layer the columns of a 3x3 map meet after `Flatten`.

    `maps` are three strings of three letters, the columns of a map as it stands, moved to the
    right, and put back; "-" is new. A place is blue if it meets the weight of its own
    column, and has a purple frame if it meets the weight of another one.
    """
    axes = figure.subplots()
    axes.set(xlim=(-0.8, 14.2), ylim=(-10.8, 1.4), aspect="equal")
    axes.set_axis_off()
    canvas.write_text(axes, 1, 0.9, _("a last map, 3x3"))
    canvas.write_text(axes, 9.5, 0.9, _("weights a, b, c of the last layer"))
    names = _("as it stands"), _("moved to the right"), _("moved, then put back")
    for number, (name, columns) in enumerate(zip(names, maps, strict=True)):
        top = -4 * number
        canvas.write_text(axes, 9.5, top - 2.1, name, color=canvas.BLUE)
        for place in range(9):
            row, column = divmod(place, 3)
            letter = columns[column]
            _draw_place(axes, column, top - row, letter, "ABC"[column])
            _draw_place(axes, 5.5 + place, top - 1, letter, "ABC"[column])
            canvas.write_text(axes, 5.5 + place, top - 0.2, "abc"[column], style="italic")
        arrow = {"arrowstyle": "->"}
        axes.annotate("", (4.8, top - 1), (2.7, top - 1), arrowprops=arrow)
        canvas.write_text(axes, 3.75, top - 0.6, "Flatten", fontsize=9)
    return _(
        "Three maps of 3 by 3 places, each beside its nine places in a row, below the weights a, "
        "b, c, a, b, c, a, b, c. As it stands, A meets a, B meets b and C meets c. Moved, new "
        "numbers meet a, A meets b and B meets c. Put back, A meets a, B meets b and 0 meets c."
    )


def _draw_place(axes, x: float, y: float, letter: str, trained: str) -> None:
    """Draw one place of a map, with the colour that says whether it meets its own weight."""
    is_own = letter == trained
    is_wrong = letter.isalpha() and not is_own
    square = Rectangle(
        (x - 0.44, y - 0.44),
        0.88,
        0.88,
        facecolor="#CFE3F1" if is_own else "white",
        edgecolor=canvas.PURPLE if is_wrong else "#C0C0C0",
        linewidth=2 if is_wrong else 0.8,
    )
    axes.add_patch(square)
    if letter == "-":
        canvas.write_text(axes, x, y, _("new"), fontsize=8)
    else:
        canvas.write_text(axes, x, y, letter)


@canvas.figure(3.8)
def moved_networks(figure, accuracies: dict[str, dict[str, list[float]]]) -> str:
    """Draw how well each network reads images that have moved by four pixels, as bars.

    `accuracies` come from `helpers.records.moved_image_accuracies`. A bar has the height of the
    mean of the seeds, and a line on it goes from the lowest to the highest.
    """
    names = {
        "dense": _("dense layers\nalone"),
        "lesson": _("the lesson's\nnetwork"),
        "averaged": _("averaged\nmaps"),
    }
    moves = {"4 right": "→", "4 left": "←", "4 down": "↓", "4 up": "↑"}
    colours = {"dense": canvas.ORANGE, "lesson": canvas.BLUE, "averaged": canvas.GREEN}
    axes = figure.subplots()
    ticks = []
    for group, (name, by_move) in enumerate(accuracies.items()):
        for number, move in enumerate(moves):
            position = 5 * group + number
            mean = np.mean(by_move[move])
            axes.bar(position, mean, color=colours[name], alpha=0.75)
            lowest, highest = min(by_move[move]), max(by_move[move])
            axes.plot((position, position), (lowest, highest), color="black", linewidth=1.5)
            place = (position, highest)
            text = f"{mean:.0%}"
            axes.annotate(text, place, (0, 3), textcoords="offset points", ha="center", fontsize=10)
            ticks.append((position, moves[move]))
        unmoved = np.mean(by_move["0"])
        title = _("{network}\n(unmoved {share:.0%})", network=names[name], share=unmoved)
        axes.text(5 * group + 1.5, 1.08, title, ha="center", va="bottom", fontsize=11)
    axes.set_xticks(*zip(*ticks, strict=True), fontsize=13)
    axes.tick_params(axis="x", length=0)
    axes.set(ylim=(0, 1.05), yticks=(0, 0.5, 1), ylabel=_("accuracy"))
    axes.set_xlabel(_("direction in which the images have moved by 4 pixels (line: five seeds)"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return _(
        "Bars of accuracies in three groups, one for each network, at images that have moved by "
        "four pixels in four directions. Averaged maps have the highest bars, and dense layers "
        "alone the lowest."
    )


@canvas.figure(5.6, 5)
def flags(figure, images, answers) -> str:
    """Draw ones with flags in a grid, each with the network's answer; purple if it isn't 1.

    The images are uint8 of shape (rows, columns, 28, 28). From column to column the flag reaches
    further to the left, and from row to row its tip is lower. `answers` are whole numbers of
    shape (rows, columns).
    """
    panels = figure.subplots(*answers.shape)
    for place, axes in np.ndenumerate(panels):
        is_one = answers[place] == 1
        canvas.show_image(axes, images[place], limits=(0, 255))
        if not is_one:
            axes.spines[:].set(color=canvas.PURPLE, linewidth=3)
        axes.set_title(answers[place], pad=3, color="black" if is_one else canvas.PURPLE)
    figure.supxlabel(_("the flag reaches further to the left →"), fontsize=11)
    figure.supylabel(_("← the tip of the flag is lower"), fontsize=11)
    return _(
        "A grid of {count} drawings of a 1 with a flag, each with the network's answer. It reads "
        "{ones} of them as a 1; the others have a purple frame.",
        count=answers.size,
        ones=(answers == 1).sum(),
    )


@canvas.figure(7.6)
def two_preparations(figure, drawing, images: dict[str, np.ndarray], probabilities) -> str:
    """Draw a drawing, and below it what the network sees and says by each preparation.

    `images` has for each preparation an image, 0 to 255; `probabilities` a row for each.
    """
    top, below = figure.subfigures(2, 1, height_ratios=(1, 2.4))
    canvas.show_image(top.subplots(), drawing, _("the drawing"), limits=(0, drawing.max()))
    columns = below.subplots(2, len(images), height_ratios=(1, 1), squeeze=False).T
    for (upper, lower), name, shares in zip(columns, images, probabilities, strict=True):
        title = _("{way}:\nthe network says {digit}", way=name, digit=shares.argmax())
        canvas.show_image(upper, images[name], title, limits=(0, 255))
        canvas.probability_bars(lower, shares)
    return _(
        "On top a drawing; below it in columns what the network sees of it by each "
        "preparation, and the ten probabilities that it gives."
    )
