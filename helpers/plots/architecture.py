"""The figures of notebook 2: a convolution, pooling, the network, and its scores."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.plots.canvas import (
    BLUE,
    GREEN,
    ORANGE,
    SIGNED,
    STRENGTH,
    LessonFigure,
    bars_over_classes,
    canvas,
    show_image,
    styled,
)

COLOURS = {
    "Input": "#8C8C8C",
    "Conv2D": BLUE,
    "MaxPooling2D": ORANGE,
    "Flatten": "#8C8C8C",
    "Dense": GREEN,
}
SLOT = 7.2  # from the middle of one block to the next


def _numbers(axes, values, title, cmap, limits):
    """Draw a small grid of numbers, each on its own colour, written in black or white."""
    axes.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1])
    axes.set_title(title)
    axes.set_xticks(np.arange(values.shape[1] + 1) - 0.5, [])
    axes.set_yticks(np.arange(values.shape[0] + 1) - 0.5, [])
    axes.tick_params(length=0)
    axes.grid(color="white", linewidth=1.5)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(values):
        red, green, blue, _ = axes.images[0].to_rgba(value)
        colour = "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
        text = f"{value:.2f}".replace("-0.00", "0.00")
        axes.text(column, row, text, ha="center", va="center", color=colour)


@styled
def one_step(patch: np.ndarray, kernel: np.ndarray) -> LessonFigure:
    """Draw one step of a convolution: a patch, times the kernel, gives products to add up."""
    products = patch * kernel
    figure = canvas(
        2.6,
        "Three grids of 3 by 3 numbers: a patch of the image, the kernel, and "
        "their products, whose sum is one number of the result.",
    )
    left, middle, right = figure.subplots(1, 3)
    _numbers(left, patch, "patch of the image", "gray_r", (0, 1))
    _numbers(middle, kernel, "times the kernel", SIGNED, (-1.5, 1.5))
    _numbers(right, products, "gives the products", SIGNED, (-1.5, 1.5))
    right.set_xlabel(f"their sum: {products.sum():.2f}")
    return figure


@styled
def convolution(image: np.ndarray, kernel: np.ndarray, edges: np.ndarray) -> LessonFigure:
    """Draw an image, a 3x3 kernel, and what their convolution gives, positive and negative."""
    figure = canvas(
        2.9,
        "A digit, a kernel whose top row is -1 and bottom row 1, and the "
        "result: blue along the upper edges of the strokes, orange along the "
        "lower edges, dark where nothing changes.",
    )
    left, middle, right = figure.subplots(1, 3, width_ratios=(28, 14, 33))
    show_image(left, image, f"image, {image.shape[0]}x{image.shape[1]}", limits=(0, 1))
    _numbers(middle, kernel, "kernel, 3x3", SIGNED, (-1.5, 1.5))
    for text in middle.texts:
        text.set_text(f"{float(text.get_text()):.0f}")
    limit = float(np.abs(edges).max())
    show_image(right, edges, f"result, {edges.shape[0]}x{edges.shape[1]}", SIGNED, (-limit, limit))
    figure.colorbar(right.images[0], ax=right, shrink=0.8, label="value")
    return figure


@styled
def relu(edges: np.ndarray, kept: np.ndarray) -> LessonFigure:
    """Draw a map before and after ReLU, on one colour scale."""
    figure = canvas(
        3,
        "A map before and after ReLU: the edges with positive values stay, those "
        "with negative values are gone.",
    )
    limit = float(np.abs(edges).max())
    axes = figure.subplots(1, 2)
    show_image(axes[0], edges, "before: both signs", SIGNED, (-limit, limit))
    show_image(axes[1], kept, "after ReLU: 0 or more", SIGNED, (-limit, limit))
    figure.colorbar(axes[1].images[0], ax=list(axes), shrink=0.85, label="value")
    return figure


@styled
def pooling(before: np.ndarray, after: np.ndarray) -> LessonFigure:
    """Draw a map before and after max pooling, on one colour scale."""
    figure = canvas(
        3,
        "A map of 26 by 26 values before, and of 13 by 13 values after max "
        "pooling: coarser, with the same shape in it.",
    )
    limit = float(before.max())
    axes = figure.subplots(1, 2)
    for panel, values, name in zip(axes, (before, after), ("before", "after"), strict=True):
        show_image(
            panel, values, f"{name}: {values.shape[0]}x{values.shape[1]}", STRENGTH, (0, limit)
        )
    figure.colorbar(axes[1].images[0], ax=list(axes), shrink=0.85, label="value")
    return figure


@styled
def network(steps: list[tuple[str, tuple[int, ...]]]) -> LessonFigure:
    """Draw a network as a row of blocks, one for each step's output shape.

    Args:
        steps: for each step its name and its output's shape, (height, width, channels) or (n,).
            A block's height follows the image's height, its width the number of channels.
    """
    words = ", then ".join(f"{name} {_product(shape)}" for name, shape in steps)
    figure = canvas(4, f"The network as a row of blocks that get lower and deeper: {words}.", 9)
    axes = figure.subplots()
    axes.set_axis_off()
    for number, (name, shape) in enumerate(steps):
        middle = number * SLOT
        flat = len(shape) == 1
        height = 4 * np.log(shape[0]) if flat else shape[0]  # 1,152 numbers would fill the wall
        width = 1.2 if flat else 0.8 + shape[2] / 32
        axes.add_patch(
            Rectangle((middle - width / 2, -height / 2), width, height, facecolor=COLOURS[name])
        )
        axes.text(middle, 15.5, name.replace("MaxP", "Max\nP"), ha="center", va="bottom")
        axes.text(middle, -15.5, _product(shape), ha="center", va="top")
        if number:
            axes.annotate(
                "",
                (middle - 2.6, 0),
                (middle - SLOT + 2.6, 0),
                arrowprops={"arrowstyle": "-|>", "color": "black"},
            )
    axes.set_xlim(-SLOT / 2, (len(steps) - 0.5) * SLOT)
    axes.set_ylim(-19, 21)
    return figure


def _product(shape):
    """Write a shape as people say it: 26x26x32."""
    return "x".join(map(str, shape))


@styled
def softmax(scores: np.ndarray, probabilities: np.ndarray) -> LessonFigure:
    """Draw ten scores beside the probabilities that softmax makes of them."""
    figure = canvas(
        3.3,
        "Left ten scores, some below 0; right the ten probabilities that softmax "
        "makes of them: all positive, and the largest score gets the largest "
        "probability.",
    )
    left, right = figure.subplots(1, 2)
    best = int(np.argmax(scores))
    bars_over_classes(left, scores, best, "score")
    left.axvline(0, color="black", linewidth=0.8)
    bars_over_classes(right, probabilities, best, "probability (they add up to 1)")
    return figure


@styled
def first_feature_maps(image: np.ndarray, maps: np.ndarray) -> LessonFigure:
    """Draw an image (28, 28) and the maps (26, 26, 32) of the first convolution for it."""
    count = maps.shape[-1]
    figure = canvas(
        4.2,
        f"A digit, and below it the {count} feature maps that the untrained "
        "first layer makes of it: each shows the digit's outline in its own "
        "random way, some are nearly empty.",
    )
    grid = figure.add_gridspec(5, count // 4, height_ratios=(1.3, 1, 1, 1, 1))
    show_image(figure.add_subplot(grid[0, :]), image, "the image", limits=(0, 1))
    for number in range(count):
        axes = figure.add_subplot(grid[1 + number // (count // 4), number % (count // 4)])
        show_image(axes, maps[..., number], cmap=STRENGTH, limits=(0, float(maps.max())))
    figure.colorbar(axes.images[0], ax=figure.axes[1:], shrink=0.8, label="value")
    return figure
