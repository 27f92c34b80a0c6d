"""The figures of notebook 2: a convolution, pooling, the network, and its logits."""

import re

import numpy as np

from helpers.language import _
from helpers.plots import canvas


def _numbers(axes, values, title, cmap, limits, decimals):
    """Draw a small grid of numbers, each on its own colour, written in black or white."""
    axes.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1])
    rows, columns = (np.arange(side + 1) - 0.5 for side in values.shape)
    axes.set(title=title, xticks=columns, xticklabels=[], yticks=rows, yticklabels=[])
    axes.tick_params(length=0)
    axes.grid(color="#C8C8C8", linewidth=1)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(values):
        red, green, blue = axes.images[0].to_rgba(value)[:3]
        colour = "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
        text = f"{round(float(value), decimals) + 0:.{decimals}f}"  # + 0 makes 0 of -0
        axes.text(column, row, text, ha="center", va="center", color=colour)


@canvas.figure(2.6)
def one_step(figure, patch, kernel) -> str:
    """Draw one step of a convolution: a patch, 0 to 1, times the kernel gives products.

    Both have the shape (3, 3).
    """
    products = patch * kernel
    left, middle, right = figure.subplots(1, 3)
    _numbers(left, patch, _("patch of the image"), canvas.INK, (0, 1), decimals=3)
    _numbers(middle, kernel, _("times the kernel"), canvas.SIGNED, (-1.5, 1.5), decimals=0)
    _numbers(right, products, _("gives the products"), canvas.SIGNED, (-1.5, 1.5), decimals=3)
    right.set_xlabel(_("their sum: {sum:.3f}", sum=products.sum()))
    return _("Three grids of numbers: a patch of the image, the kernel, and their products.")


@canvas.figure(2.9)
def convolution(figure, image, kernel, edges) -> str:
    """Draw an image, 0 to 1, a kernel, and what their convolution gives, of both signs.

    All are two-dimensional, the kernel of shape (3, 3).
    """
    widths = image.shape[1], 14, edges.shape[1]  # one scale for image and result
    left, middle, right = figure.subplots(1, 3, width_ratios=widths)
    title = _("image, {shape}", shape=canvas.format_shape(image.shape))
    canvas.show_image(left, image, title, limits=(0, 1))
    _numbers(middle, kernel, _("kernel, 3x3"), canvas.SIGNED, (-1.5, 1.5), decimals=0)
    limit = float(np.abs(edges).max())
    title = _("result, {shape}", shape=canvas.format_shape(edges.shape))
    canvas.show_image(right, edges, title, canvas.SIGNED, (-limit, limit))
    figure.colorbar(right.images[0], cax=right.inset_axes((1.06, 0, 0.06, 1)), label=_("value"))
    return _("A digit, a kernel, and the result: blue above 0, orange below, white at 0.")


@canvas.figure(5.4, 5)
def moved_map(figure, images, maps) -> str:
    """Draw an image, 0 to 1, and its map above the same image moved, and the map of that.

    `images` and `maps` are two of each. Lines mark where the ink begins.
    """
    limit = float(np.abs(maps).max())
    rows, titles = figure.subplots(2, 2), (_("image"), _("moved image"))
    starts = [np.flatnonzero(image.any(axis=0))[0] - 0.5 for image in images]
    for number, (row, title, image) in enumerate(zip(rows, titles, images, strict=True)):
        canvas.show_image(row[0], image, title, limits=(0, 1))
        canvas.show_image(row[1], maps[number], _("its map"), canvas.SIGNED, (-limit, limit))
        for axes, border in zip(row, (0, 2), strict=True):  # a map begins two columns earlier
            for start in starts[: number + 1]:
                axes.axvline(start - border, color=canvas.GREY, linestyle="--", linewidth=1.2)
    return _(
        "A digit and its map, and below them the same digit further to the right and its map, "
        "which has moved as far."
    )


@canvas.figure(3, 5)
def pooling(figure, before, after) -> str:
    """Draw a map, 0 or more, before and after max pooling, its pixels equally large."""
    panels = figure.subplots(1, 2, width_ratios=(before.shape[1], after.shape[1]))
    titles = _("before: {shape}"), _("after: {shape}")
    for axes, title, values in zip(panels, titles, (before, after), strict=True):
        shape = canvas.format_shape(values.shape)
        limits = 0, float(before.max())
        canvas.show_image(axes, values, title.format(shape=shape), canvas.STRENGTH, limits)
    figure.colorbar(axes.images[0], ax=list(panels), shrink=0.85, label=_("value"))
    return _("A map before and after max pooling, on one colour scale.")


@canvas.figure(2.4)
def receptive_fields(figure, image, boxes) -> str:
    """Draw an image, 0 to 1, with the square that a number sees, for each convolution.

    A square is its top row, left column and side.
    """
    panels = figure.subplots(1, len(boxes), squeeze=False)[0]
    for number, (axes, box) in enumerate(zip(panels, boxes, strict=True), start=1):
        size = canvas.format_shape((box[2], box[2]))
        title = _("convolution {number}: {size}", number=number, size=size)
        canvas.show_image(axes, image, title, limits=(0, 1))
        canvas.outline(axes, box, canvas.BLUE)
    return _("The same digit for each convolution, with a square on it, ever larger.")


@canvas.figure(3.5)
def network(figure, steps: list[tuple[str, np.ndarray]]) -> str:
    """Draw the way of an image through a network: a column a layer, its three strongest maps.

    Each step has a layer's name and what it puts out: maps of shape (height, width, channels), or
    a row of numbers. Of these the last is drawn, the ten probabilities.
    """
    steps = [(name.removesuffix("Layer"), np.asarray(values, float)) for name, values in steps]
    columns = [(name, values) for name, values in steps if values.ndim == 3]
    figure.set_figwidth(max(canvas.WIDTH, 0.93 * (len(columns) + 1)))  # so names don't touch
    grid = figure.add_gridspec(3, len(columns) + 1)
    for column, (name, values) in enumerate(columns):
        strongest = np.argsort(-values.mean(axis=(0, 1)), kind="stable")[:3]
        cmap = canvas.INK if values.shape[2] == 1 else canvas.STRENGTH
        for row, number in enumerate(strongest):
            axes = figure.add_subplot(grid[row, column])
            canvas.show_image(axes, values[..., number], "", cmap, (0, values.max()))
            if row == 0:
                words = re.sub("(?<=[a-z]{2})(?=[A-Z])", "\n", name)  # Max, Pooling2D
                title = f"{words}\n{canvas.format_shape(values.shape)}"
                axes.set_title(title, fontsize=9.5)
    last, (name, probabilities) = figure.add_subplot(grid[:, -1]), steps[-1]
    canvas.probability_bars(last, probabilities)
    last.set_title(f"{name}\n{len(probabilities)}", fontsize=9.5)
    return _("The way of a digit: a column of maps for each layer, and at the end ten bars.")


@canvas.figure(3.3)
def softmax(figure, logits, probabilities) -> str:
    """Draw logits beside the probabilities that softmax makes of them, both of shape (10,)."""
    left, right = figure.subplots(1, 2)
    canvas.bars_over_classes(left, logits, logits.argmax(), _("logit"))
    left.bar_label(left.containers[0], fmt="%.1f", padding=2, fontsize=9.5)
    left.margins(x=0.2)
    left.axvline(0, color="black", linewidth=0.8)
    canvas.probability_bars(right, probabilities)
    right.set_xlabel(_("probability (they add up to 1)"))
    return _("Left ten logits, right the probabilities that softmax makes of them.")
