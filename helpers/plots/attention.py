"""The figures of extras/see_inside: where the network looks, and which images are alike to it."""

import numpy as np
from matplotlib.patheffects import withStroke

from helpers.plots.canvas import (
    BLUE,
    GREEN,
    ORANGE,
    SIGNED,
    STRENGTH,
    LessonFigure,
    bars_over_classes,
    canvas,
    outline,
    show_image,
    styled,
)

# Ten colours cannot all be told apart, so each digit is also drawn as itself.
CLOUDS = ("#000000", BLUE, ORANGE, GREEN, "#9A5B82", "#B07A00", "#2F7FA8")


@styled
def covered(
    image: np.ndarray, hidden: np.ndarray, before: np.ndarray, after: np.ndarray
) -> LessonFigure:
    """Draw an image and the same with a part hidden, each above its probabilities (10,)."""
    figure = canvas(
        5,
        "Two digits, the second with a square of it blanked out, and the ten "
        "probabilities of each below.",
    )
    for column, (picture, name, probabilities) in enumerate(
        ((image, "whole", before), (hidden, "partly covered", after))
    ):
        top, bottom = (figure.add_subplot(2, 2, 1 + column + 2 * row) for row in range(2))
        show_image(top, picture, name, limits=(0, 1))
        outline(top, (0, 0, len(picture)), "#B8B8B8")
        bars_over_classes(bottom, probabilities, int(probabilities.argmax()), "probability")
        bottom.set_xlim(0, 1)
    return figure


@styled
def where_it_looks(
    images: np.ndarray,
    titles: list[str],
    falls: np.ndarray,
    cams: np.ndarray,
    field: tuple[int, int],
    subject: str,
) -> LessonFigure:
    """Draw images, each beside its occlusion map and its Grad-CAM.

    Args:
        images: shape (n, 28, 28), 0 to 1.
        titles: one for each image.
        falls: the occlusion maps, shape (n, 28, 28).
        cams: the Grad-CAMs, shape (n, height, width), 0 or more.
        field: the receptive field of the layer the Grad-CAMs come from: its size and step. It
            says where on the image each of their numbers belongs.
        subject: what the images are, for the alternative text.
    """
    count = len(images)
    figure = canvas(
        2.05 * count + 1,
        f"{subject} in rows, each three times: plain; with the "
        "places where covering lowers the answer's probability; and with the places "
        "that Grad-CAM marks as speaking for the answer.",
    )
    size, step = field
    low = (size - 1) / 2 - step / 2  # a number's square is drawn around its field's middle
    grid = figure.subplots(count, 3, squeeze=False)
    for row, image, title, fall, cam in zip(grid, images, titles, falls, cams, strict=True):
        show_image(row[0], image, title, limits=(0, 1))
        show_image(row[1], fall, "occlusion", SIGNED, (-1, 1))
        show_image(row[2], np.full_like(image, 0.6), "Grad-CAM", limits=(0, 1))
        right, bottom = (low + step * cells for cells in cam.shape[::-1])
        row[2].imshow(
            cam / max(cam.max(), 1e-9), STRENGTH, vmin=0, vmax=1, extent=(low, right, bottom, low)
        )
        row[2].set_xlim(-0.5, 27.5)
        row[2].set_ylim(27.5, -0.5)
        for axes in row[1:]:
            axes.contour(image, levels=[0.5], colors="white", linewidths=1)
    bar = {"ax": grid[:, 1], "location": "bottom", "shrink": 0.85}
    figure.colorbar(grid[0, 1].images[0], **bar, label="fall of the probability")
    bar = figure.colorbar(grid[0, 2].images[1], **bar | {"ax": grid[:, 2]}, ticks=(0, 1))
    bar.set_ticklabels(("none", "most"))
    bar.set_label("speaks for the answer")
    return figure


@styled
def clouds(points: np.ndarray, labels: np.ndarray, wrong: np.ndarray) -> LessonFigure:
    """Draw images as points in the plane, each as its digit, with the mistakes ringed.

    Args:
        points: shape (n, 2).
        labels: the right digits, shape (n,).
        wrong: which of them the network gets wrong, bool, shape (n,).
    """
    figure = canvas(
        5.4,
        "Small digits scattered over a plane, each an image. Equal digits form "
        "ten clouds; most of the mistakes, which are ringed, lie between clouds "
        "or in a wrong one.",
    )
    axes = figure.subplots()
    for digit in range(10):
        x, y = points[labels == digit].T
        colour = CLOUDS[digit % len(CLOUDS)]
        axes.scatter(x, y, s=22, marker=f"${digit}$", color=colour, linewidths=0, alpha=0.6)
        axes.text(
            np.median(x),
            np.median(y),
            digit,
            fontsize=20,
            fontweight="bold",
            color=colour,
            ha="center",
            va="center",
            zorder=4,
            path_effects=[withStroke(linewidth=4, foreground="white")],
        )
    axes.scatter(
        *points[wrong].T,
        s=110,
        facecolors="none",
        edgecolors="black",
        zorder=3,
        label="the network's answer is wrong",
    )
    axes.set_xlabel("first coordinate")
    axes.set_ylabel("second coordinate")
    axes.set_xticks([])
    axes.set_yticks([])
    figure.legend(loc="outside lower center", frameon=False)
    return figure
