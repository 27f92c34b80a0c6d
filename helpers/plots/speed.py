"""The figures of extras/faster_and_better."""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from helpers.plots.canvas import BLUE, GREY, ORANGE, LessonFigure, canvas, styled

ACCURACIES = np.array([90, 95, 97, 98, 98.5, 99, 99.25, 99.5, 99.6, 99.7, 99.8])
CLOSE = (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8)  # where the marks of an axis stand that spans little


@styled
def accuracy_against_time(
    points: dict[str, dict[str, np.ndarray]], highlight: tuple[str, ...] = ()
) -> LessonFigure:
    """Draw each recipe's mean accuracy over its median training time.

    Both axes are logarithmic: time in seconds, and upwards ever smaller shares of wrong answers,
    so that from 98% to 99% is as far as from 99% to 99.5%.

    Args:
        points: for each recipe `seconds` and `accuracy` (0 to 1), both of shape (runs,).
        highlight: the recipes that are drawn in another colour.
    """
    figure = canvas(
        4.8,
        f"{len(points)} dots for as many ways to train, accuracy upwards, training time to the "
        "right, both on logarithmic axes; lines lead from the dots to their names.",
    )
    axes = figure.subplots()
    best_first = sorted(points, key=lambda name: -points[name]["accuracy"].mean())
    places = np.linspace(0.98, 0.02, len(points)) if len(points) > 1 else [0.5]
    for name, place in zip(best_first, places, strict=True):
        time = np.median(points[name]["seconds"])
        wrong = 1 - points[name]["accuracy"]
        colour = ORANGE if name in highlight else BLUE
        axes.plot([time, time], [wrong.min(), wrong.max()], color=colour, linewidth=1.5)
        axes.plot(time, wrong.mean(), "o", color=colour, markersize=6)
        axes.annotate(
            name,
            (time, wrong.mean()),
            (1.04, place),
            textcoords="axes fraction",
            verticalalignment="center",
            fontsize=10,
            color=colour,
            arrowprops={
                "arrowstyle": "-",
                "color": GREY,
                "linewidth": 0.6,
                "alpha": 0.6,
                "relpos": (0, 0.5),
            },
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(0.08)
    axes.invert_yaxis()
    axes.yaxis.set_major_locator(FixedLocator(1 - ACCURACIES / 100))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda wrong, _: f"{100 * (1 - wrong):.4g}"))
    left, right = axes.get_xlim()
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if right > 10 * left else CLOSE))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: f"{seconds:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("training time in seconds")
    axes.set_ylabel("accuracy in percent")
    axes.grid(color=GREY, alpha=0.2)
    return figure


@styled
def learning_rate(rates: list[float]) -> LessonFigure:
    """Draw a learning rate, one number a step, over the steps."""
    figure = canvas(
        2.6, "A curve over the steps of training: a straight rise, then a fall to 0 in half a wave."
    )
    axes = figure.subplots()
    axes.plot(rates, color=BLUE)
    axes.set_xlabel("step")
    axes.set_ylabel("learning rate")
    axes.set_xlim(0, len(rates))
    axes.set_ylim(0)
    return figure


@styled
def multiplications(networks: dict[str, dict[str, int]]) -> LessonFigure:
    """Draw how many multiplications each layer of each network takes for one image.

    Args:
        networks: for each network's name, from a layer's name to its count.
    """
    figure = canvas(
        1 + 0.45 * sum(map(len, networks.values())),
        f"Bars of multiplications for one image, layer by layer, for {' and '.join(networks)}; in "
        "each network the second convolution has by far the longest bar.",
    )
    rows = [(name, layer, n) for name, counts in networks.items() for layer, n in counts.items()]
    colours = dict(zip(networks, (BLUE, ORANGE, GREY), strict=False))
    axes = figure.subplots()
    for place, (name, _, count) in enumerate(rows):
        first = name not in [other for other, _, _ in rows[:place]]
        bar = axes.barh(place, count / 1e6, color=colours[name], label=name if first else None)
        axes.bar_label(bar, [f"{count / 1e6:.2f}"], padding=3, fontsize=10)
    axes.set_yticks(range(len(rows)), [layer for _, layer, _ in rows])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("million multiplications for one image")
    axes.legend(loc="lower right", frameon=False)
    return figure


@styled
def times(taken: dict[str, float], what: str) -> LessonFigure:
    """Draw times as dots on a logarithmic axis.

    Args:
        taken: for each way its time.
        what: what it is the time of, and its unit: the label of the axis.
    """
    figure = canvas(
        1 + 0.4 * len(taken),
        f"Dots on a logarithmic axis, one a row: {what}, for {', '.join(taken)}.",
    )
    axes = figure.subplots()
    for row, time in enumerate(taken.values()):
        axes.plot(time, row, "o", color=BLUE)
        axes.annotate(f"{time:.3g}", (time, row), (8, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(taken)), list(taken))
    axes.set_xscale("log")
    axes.margins(x=0.15, y=0.25)
    axes.invert_yaxis()
    axes.grid(axis="y", color=GREY, alpha=0.3)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(what)
    return figure
