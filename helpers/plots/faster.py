"""The figures of extras/faster."""

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE

ACCURACIES = np.array([50, 80, 90, 95, 98, 99, 99.7, 99.9])


@canvas.figure()
def ranking(figure, points: dict[str, dict], highlight: Sequence[str] = ()) -> str:
    """Draw recipes, the most accurate on top: mean accuracy, 0 to 1, and two median times.

    Of each recipe three arrays of shape (runs,): `accuracy`; `seconds`, of training alone; `cold`,
    seconds from the start of Python to the first answer. A line goes from the lowest to the highest
    run. The axes are logarithmic: that of the accuracy in the
    share of wrong answers, so that from 98% to 99% is as far as from 99% to 99.5%. The recipes to
    `highlight` are drawn in another colour.
    """
    worst_first = sorted(points, key=lambda name: np.mean(points[name]["accuracy"]))
    figure.set_figheight(0.9 + 0.34 * len(points))
    panels = figure.subplots(1, 3, sharey=True)
    for row, name in enumerate(worst_first):
        runs, colour = points[name], ORANGE if name in highlight else BLUE
        wrong, accuracy = 1 - np.array(runs["accuracy"]), np.mean(runs["accuracy"]).round(4)
        _row(panels[0], row, wrong, wrong.mean(), f"{100 * accuracy:.2f}%", colour)
        for axes, key in zip(panels[1:], ("seconds", "cold"), strict=True):
            middle = np.median(runs[key])
            _row(axes, row, runs[key], middle, f"{middle:.3g}", colour)
    for axes in panels:
        axes.set_xscale("log")
        axes.margins(0.36, 0.05)
        axes.grid(color=GREY, alpha=0.2)
    panels[0].invert_xaxis()
    panels[0].xaxis.set_major_locator(FixedLocator(1 - ACCURACIES / 100))
    panels[0].xaxis.set_major_formatter(lambda wrong, place: f"{100 * (1 - wrong):.4g}")
    panels[0].xaxis.set_minor_locator(NullLocator())
    for axes in panels[1:]:
        canvas.plain_numbers(axes.xaxis, 1)
    panels[0].set_yticks(range(len(points)), worst_first)
    labels = "accuracy, %", "training, s", "cold start, s"
    for axes, label in zip(panels, labels, strict=True):
        axes.set_xlabel(label)
    fastest = min(points, key=lambda name: np.median(points[name]["seconds"]))
    first = min(points, key=lambda name: np.median(points[name]["cold"]))
    return (
        f"{len(points)} ways to train, one a row, ranked by accuracy, with dots for the accuracy, "
        f"highest for {worst_first[-1]}, for the training time, shortest for {fastest}, and for "
        f"the time from the start of Python to the first answer, shortest for {first}; lines show "
        "the range of the runs."
    )


def _row(axes, row, values, middle, number, colour):
    axes.plot((min(values), max(values)), (row, row), color=colour, linewidth=2)
    axes.plot(middle, row, "o", color=colour, markersize=5)
    beside = {"textcoords": "offset points", "xytext": (0, 4), "ha": "center"}
    axes.annotate(number, (middle, row), fontsize=9.5, color=colour, **beside)


@canvas.figure()
def multiplications(figure, networks: dict[str, dict[str, int]]) -> str:
    """Draw how many multiplications each layer of each network takes for one image."""
    longest = [f"{max(counts, key=counts.get)} in {name}" for name, counts in networks.items()]
    figure.set_figheight(1 + 0.45 * sum(map(len, networks.values())))
    rows = [(name, layer, n) for name, counts in networks.items() for layer, n in counts.items()]
    colours = dict(zip(networks, itertools.cycle((BLUE, ORANGE, GREY))))
    axes = figure.subplots()
    for place, (name, layer, count) in enumerate(rows):
        label = name if layer == next(iter(networks[name])) else None  # once in the legend
        bar = axes.barh(place, count / 1e6, color=colours[name], label=label)
        shown = f"{count / 1e6:.2f}" if count >= 5_000 else "< 0.01"
        axes.bar_label(bar, [shown], padding=3, fontsize=10)
    axes.set_yticks(range(len(rows)), [layer for name, layer, count in rows])
    axes.set_xlabel("million multiplications for one image")
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.legend(loc="lower right", frameon=False)
    return (
        f"Bars of multiplications for one image, layer by layer, for {' and '.join(networks)}; "
        f"the longest ones are {', '.join(longest)}."
    )


@canvas.figure()
def times(figure, taken: dict[str, np.ndarray], what: str) -> str:
    """Draw the median time of each way as a dot, with a line from the shortest run to the longest.

    The times of a way have the shape (runs,). The axis is logarithmic if they differ tenfold or
    more. `what` is its label: what it is the time of, and the unit.
    """
    medians = {way: np.median(runs) for way, runs in taken.items()}
    logarithmic = max(medians.values()) >= 10 * min(medians.values())
    figure.set_figheight(1 + 0.38 * len(taken))
    axes = figure.subplots()
    for row, (way, runs) in enumerate(taken.items()):
        axes.plot((min(runs), max(runs)), (row, row), color=BLUE, linewidth=2)
        axes.plot(medians[way], row, "o", color=BLUE)
        beside = {"textcoords": "offset points", "xytext": (8, 0), "va": "center"}
        axes.annotate(f"{medians[way]:.3g}", (max(runs), row), **beside)
    axes.set_yticks(range(len(taken)), list(taken))
    axes.margins(x=0.15, y=0.25 if len(taken) < 6 else 0.08)
    axes.invert_yaxis()
    axes.grid(axis="y", color=GREY, alpha=0.3)
    if logarithmic:
        axes.set_xscale("log")
        canvas.plain_numbers(axes.xaxis, 1, 2, 5)
    else:
        axes.set_xlim(0, 1.15 * max(max(runs) for runs in taken.values()))
    axes.set_xlabel(what)
    return (
        f"Dots on {'a logarithmic' if logarithmic else 'an'} axis, one a row: {what}, for "
        f"{', '.join(taken)}; lines show the range of the runs."
    )
