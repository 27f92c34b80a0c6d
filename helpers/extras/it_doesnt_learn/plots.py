"""The figure of extras/it_doesnt_learn: batches, as the network gets them."""

import numpy as np

from helpers.common.language import _
from helpers.plots import canvas

SHOWN = 6, 3  # training images and validation images of a row


@canvas.figure()
def batches(figure, rows: dict[str, tuple]) -> str:
    """Draw a row for each name: the first training images and validation images with their labels.

    The values are tuples of training images, their labels, validation images and their labels.
    Images have the shape (n, 28, 28, 1). All are drawn on one scale, from paper at 0 to ink at 1,
    so numbers that don't go from 0 to 1 can be seen. The range of both kinds stands beside them.
    """
    figure.set_figheight(0.8 * len(rows) + 0.35)
    widths = [1.5, *[1] * SHOWN[0], 1.2, *[1] * SHOWN[1]]
    grid = figure.subplots(len(rows), len(widths), squeeze=False, width_ratios=widths)
    for row, (name, (images, labels, others, other_labels)) in zip(grid, rows.items(), strict=True):
        for axes in (row[0], row[SHOWN[0] + 1]):
            axes.set_axis_off()
        canvas.write_text(row[0], 0.5, 0.5, f"{name}\n{_range(images)}", fontsize=10)
        canvas.write_text(row[SHOWN[0] + 1], 0.5, 0.5, _range(others), fontsize=10)
        _draw_images(row[1 : SHOWN[0] + 1], images, labels)
        _draw_images(row[SHOWN[0] + 2 :], others, other_labels)
    figure.suptitle(_("training images with their labels, then validation images"), fontsize=11)
    contents = [
        _("{name} ({contents})", name=name, contents=_describe(*values))
        for name, values in rows.items()
    ]
    return _(
        "The first training and validation images, as the network gets them, below their "
        "labels: {rows}.",
        rows=_("; ").join(contents),
    )


def _describe(images, labels, others, other_labels) -> str:
    """Say in words what can be seen in a row: labels, the range of the pixels, and the paper."""
    return _(
        "labels {labels}, pixels {range}, paper {paper:.0f}, then labels {other_labels}, "
        "pixels {other_range}, paper {other_paper:.0f}",
        labels=" ".join(map(str, labels[: SHOWN[0]])),
        range=_range(images),
        paper=np.median(images),
        other_labels=" ".join(map(str, other_labels[: SHOWN[1]])),
        other_range=_range(others),
        other_paper=np.median(others),
    )


def _draw_images(row, images: np.ndarray, labels: np.ndarray) -> None:
    for axes, image, label in zip(row, images, labels, strict=False):
        canvas.show_image(axes, image[..., 0], str(label), limits=(0, 1))


def _range(images: np.ndarray) -> str:
    """Return the smallest and the largest pixel of some images."""
    return _("{low:.0f} to {high:.0f}", low=images.min(), high=images.max())
