"""The figures of extras/see_inside: feature maps, filters and receptive fields."""

import numpy as np

from helpers.plots.canvas import (
    SIGNED,
    STRENGTH,
    WIDTH,
    LessonFigure,
    canvas,
    outline,
    show_image,
    styled,
)

TILES = 8  # tiles in a row of a mosaic
SHOWN = 32  # channels of a layer in the explorer


def _tiles(pictures: np.ndarray) -> np.ndarray:
    """Put pictures (n, height, width) into rows of eight with an empty line between them."""
    framed = np.pad(pictures.astype(float), ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)
    count, height, width = framed.shape
    rows = framed.reshape(count // TILES, TILES, height, width)
    return rows.swapaxes(1, 2).reshape(count // TILES * height, TILES * width)


@styled
def explorer(image: np.ndarray, untrained: np.ndarray, trained: np.ndarray) -> LessonFigure:
    """Draw an image (28, 28) and 32 of its feature maps, untrained beside trained.

    Args:
        image: the image, 0 to 1.
        untrained: the maps of one layer, shape (height, width, channels), channels at least 32.
        trained: the same of the trained network.
    """
    height, width, channels = trained.shape
    figure = canvas(
        4.3,
        "A digit, and below it two blocks of 32 small feature maps from the same "
        "layer, untrained on the left and trained on the right.",
    )
    grid = figure.add_gridspec(2, 2, height_ratios=(1, 1.3))
    show_image(figure.add_subplot(grid[0, :]), image, "the image", limits=(0, 1))
    for column, (name, maps) in enumerate((("untrained", untrained), ("trained", trained))):
        axes = figure.add_subplot(grid[1, column])
        tiles = _tiles(maps[..., :SHOWN].transpose(2, 0, 1))
        show_image(axes, tiles, f"{name}: {SHOWN} of {channels} maps, {height}x{width}", STRENGTH)
        figure.colorbar(axes.images[0], ax=axes, location="bottom", shrink=0.8, label="value")
    return figure


@styled
def first_filters(kernels: np.ndarray) -> LessonFigure:
    """Draw the kernels of the first convolution; shape (3, 3, 32)."""
    figure = canvas(
        3.6,
        "32 squares of 3 by 3 weights, positive in one colour and negative in "
        "another: many have one sign on one side and the other sign on the "
        "opposite side.",
    )
    axes = figure.subplots()
    limit = float(np.abs(kernels).max())
    tiles = _tiles(kernels.transpose(2, 0, 1))
    show_image(axes, tiles, "", SIGNED, (-limit, limit))
    for number in range(kernels.shape[-1]):
        row, column = divmod(number, TILES)
        axes.text(column * 5 + 2, row * 5 + 0.35, number, ha="center", va="bottom", fontsize=10)
    figure.colorbar(axes.images[0], ax=axes, shrink=0.9, label="weight")
    return figure


@styled
def receptive_fields(image: np.ndarray, boxes: list[tuple[int, int, int]]) -> LessonFigure:
    """Draw one image for each convolution with the square that one of its numbers sees.

    Args:
        image: shape (28, 28), 0 to 1.
        boxes: for each convolution the square's top row, left column and side.
    """
    sizes = ", ".join(f"{size} by {size}" for _, _, size in boxes)
    figure = canvas(
        2.5, f"The same digit {len(boxes)} times with a growing square on it: {sizes} pixels."
    )
    for number, (axes, box) in enumerate(zip(figure.subplots(1, len(boxes)), boxes, strict=True)):
        show_image(axes, image, f"convolution {number + 1}: {box[2]}x{box[2]}", limits=(0, 1))
        outline(axes, box)
        outline(axes, (0, 0, len(image)), "#B8B8B8")
    return figure


@styled
def exciting_patches(
    images: np.ndarray, boxes: np.ndarray, channels: list[int], layer: str
) -> LessonFigure:
    """Draw, for some channels, the images that excite them most and the patches in question.

    Args:
        images: shape (channels, count, 28, 28), 0 to 1, the strongest first.
        boxes: integers, shape (channels, count, 3): top row, left column and side of the patch.
        channels: their numbers.
        layer: the name for the title.
    """
    rows, columns = images.shape[:2]
    cell = (WIDTH - 1) / columns
    figure = canvas(
        2 * rows * cell + 0.5,
        f"For {rows} channels of the {layer}, {columns} digits "
        "each with a square on the part that excites the channel most, and below it "
        "that part alone: within a channel the parts look alike.",
    )
    figure.suptitle(layer, fontsize=12)
    grid = figure.subplots(2 * rows, columns)
    for row, channel in enumerate(channels):
        for column in range(columns):
            image, box = images[row, column], boxes[row, column]
            whole, part = grid[2 * row, column], grid[2 * row + 1, column]
            show_image(whole, image, limits=(0, 1))
            outline(whole, box)
            top, left, size = box
            show_image(part, image[top : top + size, left : left + size], limits=(0, 1))
            outline(part, (0, 0, size))
        label = grid[2 * row, 0]
        label.text(
            -0.15, 0, f"channel\n{channel}", ha="right", va="center", transform=label.transAxes
        )
    return figure
