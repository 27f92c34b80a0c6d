"""What all figures share: their size and style, and how alternative text reaches the notebook."""

import functools
import inspect
import io
from collections.abc import Callable, Iterable

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

# Okabe and Ito's colours, which people with any colour vision tell apart.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
INK = "gray_r"  # dark ink on white paper, as a hand writes it
STRENGTH = "viridis"  # values from 0 upwards
SIGNED = "managua"  # values on both sides of 0, which is dark

WIDTH = 6.5  # inches, at 100 CSS pixels an inch: fits a notebook's column
PIXELS_PER_INCH = 150  # sharp on a fine screen as well
STYLE = {
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "image.interpolation": "nearest",
}


class LessonFigure(Figure):
    """A Matplotlib figure that shows itself in a notebook together with its alternative text."""

    alt = ""

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the picture, the text that stands in for it, and the metadata for a reader."""
        png = io.BytesIO()
        with matplotlib.rc_context(STYLE):
            self.savefig(png, format="png", dpi=PIXELS_PER_INCH, metadata={"Software": None})
        width = round(100 * self.get_figwidth())
        data = {"image/png": png.getvalue(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": width}}


def styled(draw: Callable[..., LessonFigure]) -> Callable[..., LessonFigure]:
    """Let a drawing function work in the lesson's style, and leave Matplotlib's settings alone.

    What it can't draw ends in a ValueError that says what came and, by the function's own
    description, what was expected.
    """

    @functools.wraps(draw)
    def draw_in_style(*args, **kwargs):
        with matplotlib.rc_context(STYLE):
            try:
                return draw(*args, **kwargs)
            except Exception as error:  # NumPy and Matplotlib raise many kinds
                came = ", ".join(map(_in_short, (*args, *kwargs.values())))
                raise ValueError(
                    f"{draw.__name__}: got {came}. Expected:\n{inspect.getdoc(draw)}"
                ) from error

    return draw_in_style


def _in_short(value) -> str:
    """Say what an argument is, in a few words."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_in_short(part)}" for key, part in value.items()) + "}"
    return f"{value!r:.40}"


def canvas(height: float, alt: str, width: float = WIDTH) -> LessonFigure:
    """Make an empty figure; sizes in inches."""
    figure = LessonFigure(figsize=(width, height), layout="constrained", facecolor="white")
    figure.alt = alt
    return figure


def show_image(
    axes: Axes, image: np.ndarray, title: str = "", cmap: str = INK, limits=(0, None)
) -> None:
    """Draw an image of shape (height, width) without axes; `limits` are the colour map's ends."""
    axes.imshow(image, cmap=cmap, vmin=limits[0], vmax=limits[1])
    axes.set_axis_off()
    axes.set_title(title, pad=3)


def outline(axes: Axes, box: tuple[int, int, int], colour: str = ORANGE) -> None:
    """Draw the square of pixels (top, left, size) around what it holds."""
    top, left, size = box
    axes.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5),
            size,
            size,
            fill=False,
            linewidth=2,
            edgecolor=colour,
            clip_on=False,
        )
    )


def gallery(
    images: Iterable[np.ndarray], titles: Iterable[str], columns: int, alt: str
) -> LessonFigure:
    """Draw images in rows, each with its title, from left to right."""
    images, titles = list(images), list(titles)
    if len(images) != len(titles):
        raise ValueError(f"{len(images)} images and {len(titles)} titles")
    rows = -(-len(images) // columns)
    lines = max((title.count("\n") + 1 for title in titles if title), default=0)
    cell = WIDTH / columns
    figure = canvas(rows * (cell + 0.2 * lines), alt)
    for axes in figure.subplots(rows, columns, squeeze=False).flat[len(images) :]:
        axes.set_axis_off()
    for axes, image, title in zip(figure.axes, images, titles, strict=False):
        show_image(axes, image, title, limits=(0, 255 if image.dtype == np.uint8 else None))
    return figure


def bars_over_classes(axes: Axes, values: np.ndarray, highlight: int, xlabel: str) -> None:
    """Draw ten horizontal bars, digit 0 on top, one of them highlighted."""
    colours = [BLUE if digit == highlight else "#B8B8B8" for digit in range(len(values))]
    axes.barh(range(len(values)), values, color=colours)
    axes.set_yticks(range(len(values)))
    axes.invert_yaxis()
    axes.set_ylabel("digit")
    axes.set_xlabel(xlabel)
