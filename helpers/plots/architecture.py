"""The figures of notebook 2: a convolution, pooling, the network, and its logits."""

import re

import numpy as np

from helpers.common.language import _
from helpers.plots import canvas


@canvas.figure(2.5, 5.4)
def unit(figure, inputs, weights, bias) -> str:
    """Draw a unit with ReLU: inputs times weights, their sum with the bias, and the output.

    `inputs` and `weights` have the shape (n,).
    """
    total = float(np.dot(inputs, weights)) + bias
    axes = figure.subplots()
    axes.set(xlim=(-0.5, 7.5), ylim=(-1.5, 1.9))
    axes.set_axis_off()
    arrow = {"arrowstyle": "->", "shrinkA": 20, "shrinkB": 20}
    heights = np.linspace(1, -1, len(inputs))
    for height, value, weight in zip(heights, inputs, weights, strict=True):
        axes.annotate("", (4, 0), (0, height), arrowprops=arrow)
        canvas.write_in_circle(axes, 0, height, f"{value:.2f}")
        text = _("times {weight:g}", weight=weight)
        canvas.write_text(axes, 1.7, 0.575 * height, text, backgroundcolor="white")
    axes.annotate("", (7, 0), (4, 0), arrowprops=arrow)
    axes.annotate("", (4, 0), (4, -1.4), arrowprops=arrow)
    canvas.write_in_circle(axes, 4, 0, f"{total:.2f}")
    canvas.write_in_circle(axes, 7, 0, f"{max(0, total):.2f}")
    canvas.write_text(axes, 5.5, 0.25, "ReLU")
    titles = {0: _("inputs"), 1.7: _("weights"), 4: _("sum"), 7: _("its output")}
    for x, title in titles.items():
        canvas.write_text(axes, x, 1.7, title, color=canvas.BLUE)
    canvas.write_text(axes, 4, -1.3, _("bias {bias:g}", bias=bias))
    return _(
        "A unit: {n} inputs, each with its weight, lead to a sum, and ReLU leads to the output.",
        n=len(inputs),
    )


@canvas.figure(2.6)
def patch_times_kernel(figure, patch, kernel) -> str:
    """Draw what a convolution does at one place: a patch, 0 to 1, times the kernel gives products.

    Both have the shape (3, 3).
    """
    products = patch * kernel
    left, middle, right = figure.subplots(1, 3)
    canvas.number_grid(left, patch, _("patch of the image"), canvas.INK, (0, 1), decimals=3)
    canvas.number_grid(
        middle, kernel, _("times the kernel"), canvas.SIGNED, (-1.5, 1.5), decimals=0
    )
    canvas.number_grid(
        right, products, _("gives the products"), canvas.SIGNED, (-1.5, 1.5), decimals=3
    )
    right.set_xlabel(_("their sum: {sum:.3f}", sum=products.sum()))
    return _("Three grids of numbers: a patch of the image, the kernel, and their products.")


@canvas.figure(2.55)
def convolution(figure, image, kernel, edges) -> str:
    """Draw an image, 0 to 1, a kernel, and what their convolution gives, of both signs.

    All are two-dimensional, the kernel of shape (3, 3).
    """
    widths = image.shape[1], 14, edges.shape[1]  # one scale for image and result
    left, middle, right = figure.subplots(1, 3, width_ratios=widths)
    title = _("image, {shape}", shape=canvas.format_shape(image.shape))
    canvas.show_image(left, image, title, limits=(0, 1))
    canvas.number_grid(middle, kernel, _("kernel, 3x3"), canvas.SIGNED, (-1.5, 1.5), decimals=0)
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
    rows = figure.subplots(2, 2)
    titles = _("image"), _("moved image")
    starts = [np.flatnonzero(image.any(axis=0))[0] - 0.5 for image in images]
    for number, (left, right) in enumerate(rows):
        canvas.show_image(left, images[number], titles[number], limits=(0, 1))
        canvas.show_image(right, maps[number], _("its map"), canvas.SIGNED, (-limit, limit))
        for start in starts[: number + 1]:
            left.axvline(start, color=canvas.GREY, linestyle="--", linewidth=1.2)
            # A map begins two columns earlier than the image.
            right.axvline(start - 2, color=canvas.GREY, linestyle="--", linewidth=1.2)
    return _(
        "A digit and its map, and below them the same digit further to the right and its map, "
        "which has moved as far."
    )


@canvas.figure(2.6)
def two_channels(figure, image, upper, lower, strokes) -> str:
    """Draw maps of upper and lower edges, and over the image what a filter makes of both.

    The image lies between 0 and 1, and all maps are 0 or more. The map `strokes` is smaller than
    the image by the same number of pixels on each side. Sums below half of the largest one aren't
    drawn, so that the image shows through.
    """
    panels = figure.subplots(1, 3)
    titles = _("upper edges"), _("lower edges")
    limit = float(max(upper.max(), lower.max()))
    for axes, edges, title in zip(panels, (upper, lower), titles, strict=False):
        canvas.show_image(axes, edges, title, canvas.STRENGTH, (0, limit))
    over = panels[2]
    canvas.show_image(over, image, _("large sums of the filter"), limits=(0, 3))  # pale
    margin = (image.shape[0] - strokes.shape[0]) / 2
    height, width = strokes.shape
    start, bottom, right = margin - 0.5, margin + height - 0.5, margin + width - 0.5
    most = float(strokes.max())
    over.imshow(
        strokes,
        cmap=canvas.STRENGTH,
        vmin=0,
        vmax=most,
        alpha=(strokes >= most / 2).astype(float),
        extent=(start, right, bottom, start),
    )
    over.set(xlim=(-0.5, image.shape[1] - 0.5), ylim=(image.shape[0] - 0.5, -0.5))
    figure.colorbar(over.images[1], cax=over.inset_axes((1.06, 0, 0.06, 1)), label=_("value"))
    return _(
        "The upper edges of a 5, its lower edges, and where a filter gives large sums: on the "
        "horizontal strokes of the 5."
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


def _different_maps(maps: np.ndarray, count: int) -> list[int]:
    """Choose channels of maps, shape (height, width, channels), that look different.

    The first is the strongest map. Each further one is as different as possible from all that
    were chosen before it, measured by the angle between the maps.
    """
    rows = maps.reshape(-1, maps.shape[2]).T
    lengths = np.linalg.norm(rows, axis=1)
    directions = rows / np.maximum(lengths, 1e-9)[:, np.newaxis]
    strong_enough = lengths >= np.median(lengths)  # a map of a few weak numbers shows nothing
    chosen = [int(lengths.argmax())]
    while len(chosen) < min(count, maps.shape[2]):
        likeness = (directions @ directions[chosen].T).max(axis=1)
        likeness[~strong_enough] += 2  # after all strong maps
        likeness[chosen] = np.inf
        chosen.append(int(likeness.argmin()))
    return chosen


@canvas.figure(3.9)
def network(figure, outputs: list[tuple[str, np.ndarray]]) -> str:
    """Draw the way of an image through a network: a numbered column for each layer.

    `outputs` has the name of each layer and its output for one image: maps of shape (height, width,
    channels), of which three are drawn, or a row of numbers. The last row of numbers is the ten
    probabilities, drawn as bars; any row before it is drawn as a thin stripe. In a layer with
    numbers below 0, these are orange.
    """
    outputs = [(_break_name(name), np.asarray(values, float)) for name, values in outputs]
    figure.set_figwidth(max(canvas.WIDTH, 0.93 * len(outputs)))  # so that the names don't touch
    is_wide = [
        values.ndim == 3 or max(map(len, name.split())) > len("Flatten")
        for name, values in outputs[:-1]
    ]
    widths = [1 if wide else 0.75 for wide in is_wide] + [1.3]
    grid = figure.add_gridspec(3, len(outputs), width_ratios=widths)
    for column, (name, values) in enumerate(outputs):
        title = f"{column}\n{name}\n{canvas.format_shape(values.shape)}"
        if values.ndim == 3:
            _draw_maps(figure, grid, column, values, title)
            continue
        axes = figure.add_subplot(grid[:, column])
        if column == len(outputs) - 1:
            canvas.probability_bars(axes, values)
        else:
            _draw_stripe(axes, values)
        axes.set_title(title, fontsize=9, pad=3)
    return _(
        "The way of a digit through a network: a numbered column of maps for each layer, a stripe "
        "for Flatten, and at the end ten bars."
    )


def _break_name(name: str) -> str:
    """Return the name of a layer, with a line for each word if it is long."""
    name = name.removesuffix("Layer")
    is_long = len(name) > len("MaxPooling2D")
    return re.sub("(?<=[a-z]{2})(?=[A-Z])", "\n", name) if is_long else name


def _draw_maps(figure, grid, column: int, maps: np.ndarray, title: str) -> None:
    """Draw three different maps, one below the other, in a column of a grid of three rows."""
    cmap, limits = _colours(maps)
    if maps.shape[2] == 1 and cmap == canvas.STRENGTH:
        cmap = canvas.INK  # an image
    for row, channel in enumerate(_different_maps(maps, 3)):
        axes = figure.add_subplot(grid[row, column])
        title_of_row = "" if row else title
        canvas.show_image(axes, maps[..., channel], title_of_row, cmap, limits)
        axes.title.set_fontsize(9)


def _colours(values: np.ndarray) -> tuple:
    """Return a colour map for values, and its limits. Values below 0 are orange."""
    most = float(np.abs(values).max())
    return (canvas.SIGNED, (-most, most)) if values.min() < 0 else (canvas.STRENGTH, (0, most))


def _draw_stripe(axes, values: np.ndarray) -> None:
    """Draw a row of numbers as a thin stripe from top to bottom."""
    cmap, (least, most) = _colours(values)
    axes.imshow(values[:, np.newaxis], cmap=cmap, aspect="auto", vmin=least, vmax=most)
    axes.set(xticks=[], yticks=[])
    axes.set_box_aspect(9)
    axes.spines[:].set(visible=True, color="#C0C0C0", linewidth=0.8)


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
