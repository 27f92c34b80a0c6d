"""What all figures share: their size, their style, and their alternative text."""

import functools
import inspect
import io
import math
import unicodedata
from collections.abc import Callable

import matplotlib
import numpy as np
from IPython import get_ipython
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.axis import YAxis
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.common import language
from helpers.common.language import _

# Okabe and Ito's colours, which people with any colour vision tell apart.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
PURPLE = "#9A5B82"  # marks what the text speaks of: a patch, a mistake, a doubtful label
INK = "gray_r"  # dark ink on white paper, as a hand writes it
# In maps and weights white is nothing, blue is more and orange is less. Equal differences look
# equal.
_BLUES = (0.5, "white"), (0.86, BLUE), (1, "#003A5C")
_ORANGES = (0, "#853600"), (0.14, ORANGE)
_FROM_0 = [(2 * position - 1, colour) for position, colour in _BLUES]
SIGNED = LinearSegmentedColormap.from_list("signed", (*_ORANGES, *_BLUES), N=257)  # odd: 0 is white
STRENGTH = LinearSegmentedColormap.from_list("strength", _FROM_0)
WIDTH = 6.5  # inches, at 100 CSS pixels an inch: fits a notebook's column
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


@functools.cache
def figure_style(spoken_language: str) -> dict:
    """Return Matplotlib's settings for figures in a language, its font among them."""
    fonts = language.font_files(spoken_language)
    for path in fonts:
        font_manager.fontManager.addfont(path)
    names = [font_manager.FontProperties(fname=path).get_name() for path in fonts]
    return {**STYLE, "font.family": ["DejaVu Sans", *names]}


def use_language_font() -> None:
    """Let a learner's own figures show the words of the language in use, as these figures do.

    The first cell of a translated notebook calls this where the language brings a font.
    """
    matplotlib.rcParams["font.family"] = figure_style(language.current_language())["font.family"]


class LessonFigure(Figure):
    """A Matplotlib figure that shows itself in a notebook together with its alternative text."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the picture, the text that stands in for it, and the metadata for a reader."""
        png = io.BytesIO()
        with matplotlib.rc_context(figure_style(language.current_language())):
            # With 150 dots an inch, the picture is sharp on a fine screen as well. Packed better,
            # the pictures of a notebook stay below a megabyte.
            settings = {"metadata": {"Software": None}, "pil_kwargs": {"optimize": True}}
            self.savefig(png, format="png", dpi=150, **settings)
        data = {"image/png": png.getvalue(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": round(100 * self.get_figwidth())}}


def keep_sharp_pictures() -> None:
    """Let IPython show the picture of a lesson's figure, also where a cell has drawn by pyplot.

    From then on, IPython would draw every figure with 100 dots an inch, which is less sharp. A
    function that is registered for this class comes first. If it returns None, the picture of
    `_repr_mimebundle_` stays.
    """
    if shell := get_ipython():
        shell.display_formatter.formatters["image/png"].for_type(LessonFigure, lambda figure: None)


def figure(height: float = 0, width: float = WIDTH) -> Callable:
    """Turn a function that draws into one that returns the figure, in the lesson's style.

    The function gets an empty figure, of this height and width in inches, and then its own
    arguments. It returns the alternative text of the drawing. If the height depends on its
    arguments, it sets the height itself.
    """

    def decorate(draw: Callable[..., str]) -> Callable[..., LessonFigure]:
        @functools.wraps(draw)
        def plot(*args, **kwargs):
            keep_sharp_pictures()
            with matplotlib.rc_context(figure_style(language.current_language())):
                empty = LessonFigure((width, height), layout="constrained", facecolor="white")
                empty.alt = draw(empty, *args, **kwargs)
            for axis in empty.findobj(YAxis):
                _stand_upright(axis)
            return empty

        # A caller hands over all arguments but the figure.
        plot.__signature__ = inspect.signature(functools.partial(draw, None))
        return plot

    return decorate


def _stand_upright(axis: YAxis) -> None:
    """Put the signs of a short Chinese label one below the other, as they stand in books."""
    words = axis.get_label_text()
    if len(words) < 6 and all(unicodedata.east_asian_width(sign) == "W" for sign in words):
        side = "right" if axis.get_label_position() == "left" else "left"
        axis.set_label_text("\n".join(words), rotation="horizontal", va="center", ha=side)


def format_shape(shape: tuple) -> str:
    """Write a shape as people say it: 26x26x32."""
    return _("x").join(map(str, shape))


def show_image(axes: Axes, image: np.ndarray, title="", cmap=INK, limits=(0, None)) -> None:
    """Draw an image without axes, in a fine frame; `limits` are the colour map's ends."""
    axes.imshow(image, cmap=cmap, vmin=limits[0], vmax=limits[1])
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color="#C0C0C0", linewidth=0.8)
    axes.set_title(title, pad=3)


def write_text(axes: Axes, x: float, y: float, text: str, **style) -> None:
    """Write a text around a point."""
    axes.text(x, y, text, ha="center", va="center", **style)


def write_in_circle(axes: Axes, x: float, y: float, text: str) -> None:
    """Write the number of an input or of a unit into a circle around a point."""
    circle = {"boxstyle": "circle,pad=0.35", "facecolor": "white"}
    write_text(axes, x, y, text, bbox=circle, fontsize=10)


def outline(axes: Axes, box: tuple[int, int, int], colour: str = PURPLE) -> None:
    """Draw a frame around a square of pixels: its top row, left column and size."""
    top, left, size = box
    frame = Rectangle(
        (left - 0.5, top - 0.5),
        size,
        size,
        fill=False,
        linewidth=2,
        edgecolor=colour,
        clip_on=False,
    )
    axes.add_patch(frame)


def number_grid(axes: Axes, values: np.ndarray, title, cmap, limits, decimals: int) -> None:
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


def gallery(figure, images, titles: list[str], columns: int, below=0.0) -> list[Axes]:
    """Draw images in rows, each with its title; return their axes, with `below` inches under each.

    In an image of dtype uint8, 255 is full ink. In other images, it is the largest value.
    """
    rows = math.ceil(len(images) / columns)
    lines = max(title.count("\n") + bool(title) for title in titles)
    figure.set_figheight(rows * (WIDTH / columns + 0.2 * lines + below))
    panels = [figure.add_subplot(rows, columns, number + 1) for number in range(len(images))]
    for axes, image, title in zip(panels, images, titles, strict=True):
        show_image(axes, image, title, limits=(0, 255 if image.dtype == np.uint8 else None))
    return panels


def bars_over_classes(axes: Axes, values: np.ndarray, highlight: int, xlabel: str) -> None:
    """Draw a horizontal bar for each class, the first on top, one of them highlighted."""
    colours = [BLUE if digit == highlight else "#B8B8B8" for digit in range(len(values))]
    axes.barh(range(len(values)), values, color=colours)
    axes.set(xlabel=xlabel, ylabel=_("digit"), yticks=range(len(values)))
    axes.invert_yaxis()


def probability_bars(axes: Axes, values: np.ndarray) -> None:
    """Draw the probability of each class, the largest highlighted, from 0.001 on as a number."""
    bars_over_classes(axes, values, values.argmax(), _("probability"))
    numbers = [format_probability(value) if value >= 0.001 else "" for value in values]
    axes.bar_label(axes.containers[0], numbers, padding=2, fontsize=9.5)
    axes.set(xlim=(0, 1), xticks=(0, 0.5, 1))


def format_probability(value: float) -> str:
    """Write a probability with three places; softmax never gives 1, though it may round to it."""
    return ">0.999" if value > 0.999 else f"{value:.3f}"
