"""The figures of notebook 2: a convolution, pooling, the network, and its scores."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers import expect
from helpers.plots import canvas
from helpers.plots.canvas import SIGNED, STRENGTH

COLOURS = {"Conv2D": canvas.BLUE, "MaxPooling2D": canvas.ORANGE, "Dense": canvas.GREEN}
GREY = "#8C8C8C"  # what has no weights and takes no maximum
SLOT = 7.2  # from the middle of one block to the next


def _numbers(axes, values, title, cmap, limits, decimals=2):
    """Draw a small grid of numbers, each on its own colour, written in black or white."""
    axes.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1])
    rows, columns = (np.arange(side + 1) - 0.5 for side in values.shape)
    axes.set(title=title, xticks=columns, xticklabels=[], yticks=rows, yticklabels=[])
    axes.tick_params(length=0)
    axes.grid(color="#C8C8C8", linewidth=1)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(values):
        red, green, blue, _ = axes.images[0].to_rgba(value)
        colour = "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
        text = f"{round(float(value), decimals) + 0:.{decimals}f}"  # + 0 makes 0 of -0
        axes.text(column, row, text, ha="center", va="center", color=colour)


@canvas.figure(2.6, patch=(3, 3), kernel=(3, 3))
def one_step(figure, patch, kernel) -> str:
    """Draw one step of a convolution: a patch, 0 to 1, times the kernel gives products."""
    products = patch * kernel
    left, middle, right = figure.subplots(1, 3)
    _numbers(left, patch, "patch of the image", canvas.INK, (0, 1))
    _numbers(middle, kernel, "times the kernel", SIGNED, (-1.5, 1.5))
    _numbers(right, products, "gives the products", SIGNED, (-1.5, 1.5))
    right.set_xlabel(f"their sum: {products.sum():.2f}")
    return (
        "Three grids of 3 by 3 numbers: a patch of the image, the kernel, and their products, "
        "whose sum is one number of the result."
    )


@canvas.figure(2.9, image=("height", "width"), kernel=(3, 3), edges=("rows", "columns"))
def convolution(figure, image, kernel, edges) -> str:
    """Draw an image, 0 to 1, a kernel, and what their convolution gives, of both signs."""
    rows = "; ".join(" ".join(f"{weight:g}" for weight in row) for row in kernel)
    left, middle, right = figure.subplots(1, 3, width_ratios=(28, 14, 33))
    canvas.show_image(left, image, f"image, {_product(image.shape)}", limits=(0, 1))
    _numbers(middle, kernel, "kernel, 3x3", SIGNED, (-1.5, 1.5), decimals=0)
    limit = float(np.abs(edges).max())
    canvas.show_image(right, edges, f"result, {_product(edges.shape)}", SIGNED, (-limit, limit))
    figure.colorbar(right.images[0], ax=right, shrink=0.8, label="value")
    return (
        f"A digit, a kernel with the rows {rows}, and the result: blue where it is above 0, orange "
        "where it is below, white where it is 0."
    )


@canvas.figure(3, edges=("height", "width"), kept=("height", "width"))
def relu(figure, edges, kept) -> str:
    """Draw a map before and after ReLU, on one colour scale."""
    limit = float(np.abs(edges).max())
    maps = {"before: both signs": edges, "after ReLU: 0 or more": kept}
    _two_maps(figure, maps, SIGNED, (-limit, limit))
    return (
        f"A map before and after ReLU: its values go from {edges.min():.1f} to {edges.max():.1f} "
        f"before it, and from {kept.min() + 0:.1f} to {kept.max():.1f} after it."
    )


@canvas.figure(3, before=("height", "width"), after=("rows", "columns"))
def pooling(figure, before, after) -> str:
    """Draw a map before and after max pooling, on one colour scale."""
    maps = {f"before: {_product(before.shape)}": before, f"after: {_product(after.shape)}": after}
    _two_maps(figure, maps, STRENGTH, (0, float(before.max())))
    return (
        "A map of {} by {} values before, and of {} by {} values after max pooling, on one colour "
        "scale.".format(*before.shape, *after.shape)
    )


def _two_maps(figure, maps, cmap, limits):
    """Draw two maps, each with its title, on the colour scale that stands beside them."""
    panels = figure.subplots(1, 2)
    for axes, (title, values) in zip(panels, maps.items(), strict=True):
        canvas.show_image(axes, values, title, cmap, limits)
    figure.colorbar(axes.images[0], ax=list(panels), shrink=0.85, label="value")


@canvas.figure(4, 9)
def network(figure, steps: list[tuple[str, tuple[int, ...]]]) -> str:
    """Draw a network as a row of blocks, as high as the image and the wider the more channels.

    Each step has a name and its output's shape, (height, width, channels) or (n,); none, or a
    shape of another length, raises ValueError.
    """
    came = expect.came(steps)
    try:
        steps = [(str(name), tuple(map(int, shape))) for name, shape in steps]
    except (TypeError, ValueError, OverflowError):
        steps = []
    if not steps or not all(len(shape) in (1, 3) and min(shape) > 0 for _, shape in steps):
        wanted = "names with shapes (height, width, channels) or (n,)"
        raise ValueError(f"steps: got {came}, expected {wanted}")
    axes = figure.subplots()
    axes.set_axis_off()
    for number, (name, shape) in enumerate(steps):
        middle, height, width = number * SLOT, shape[0], 0.8 + shape[-1] / 32
        if len(shape) == 1:
            height, width = 4 * np.log(height), 1.2  # 1,152 numbers would fill the wall
        corner = (middle - width / 2, -height / 2)
        axes.add_patch(Rectangle(corner, width, height, facecolor=COLOURS.get(name, GREY)))
        axes.text(middle, 15.5, name.replace("MaxP", "Max\nP"), ha="center", va="bottom")
        axes.text(middle, -15.5, _product(shape), ha="center", va="top")
        if number:
            ends = (middle - 2.6, 0), (middle - SLOT + 2.6, 0)
            axes.annotate("", *ends, arrowprops={"arrowstyle": "-|>", "color": "black"})
    axes.set(xlim=(-SLOT / 2, (len(steps) - 0.5) * SLOT), ylim=(-19, 21))
    words = ", then ".join(f"{name} {_product(shape)}" for name, shape in steps)
    return (
        "The network as a row of blocks, whose height follows the image's, and whose width the "
        f"number of channels: {words}."
    )


def _product(shape):
    """Write a shape as people say it: 26x26x32."""
    return "x".join(map(str, shape))


@canvas.figure(3.3, scores=(10,), probabilities=(10,))
def softmax(figure, scores, probabilities) -> str:
    """Draw ten scores beside the probabilities that softmax makes of them."""
    best = int(np.argmax(scores))
    left, right = figure.subplots(1, 2)
    canvas.bars_over_classes(left, scores, best, "score")
    left.axvline(0, color="black", linewidth=0.8)
    canvas.bars_over_classes(right, probabilities, best, "probability (they add up to 1)")
    return (
        f"Left ten scores, {(scores < 0).sum()} of them below 0; right the ten probabilities that "
        f"softmax makes of them, from {probabilities.min():.2f} to {probabilities.max():.2f}: the "
        f"largest score, that of {best}, gets {probabilities[best]:.2f}."
    )


@canvas.figure(4.2, image=(28, 28), maps=("height", "width", "filters"))
def first_feature_maps(figure, image, maps) -> str:
    """Draw an image, 0 to 1, and the maps of the first convolution for it."""
    count = maps.shape[-1]
    columns = -(-count // 4)
    grid = figure.add_gridspec(5, columns, height_ratios=(1.3, 1, 1, 1, 1))
    canvas.show_image(figure.add_subplot(grid[0, :]), image, "the image", limits=(0, 1))
    for number in range(count):
        axes = figure.add_subplot(grid[1 + number // columns, number % columns])
        canvas.show_image(axes, maps[..., number], cmap=STRENGTH, limits=(0, float(maps.max())))
    figure.colorbar(axes.images[0], ax=figure.axes[1:], shrink=0.8, label="value")
    return (
        f"A digit, and below it the {count} feature maps that the untrained first layer makes of "
        "it, all on one colour scale from 0 to their largest value."
    )
