"""The figures of extras/faster."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE


@canvas.figure()
def ranking(figure, points: dict[str, dict], highlight: Sequence[str] = ()) -> str:
    """Draw recipes, the most accurate on top: mean accuracy, 0 to 1, and two median times.

    Of each recipe three arrays of shape (runs,): `accuracy`; `seconds`, of training alone; `cold`,
    seconds from the start of Python to the first answer. A line goes from the lowest to the highest
    run. The axes are logarithmic, the first in the share of wrong answers, so that from 98% to 99%
    is as far as from 99% to 99.5%. The recipes to `highlight` are drawn in another colour.
    """
    names = sorted(points, key=lambda name: np.mean(points[name]["accuracy"]))
    fast, first = (min(points, key=lambda n: np.median(points[n][k])) for k in ("seconds", "cold"))
    figure.set_figheight(0.9 + 0.34 * len(points))
    panels = figure.subplots(1, 3, sharey=True)
    labels = {"accuracy": "accuracy, %", "seconds": "training, s", "cold": "cold start, s"}
    for axes, (key, label) in zip(panels, labels.items(), strict=True):
        for row, name in enumerate(names):
            runs, colour = np.array(points[name][key]), ORANGE if name in highlight else BLUE
            middle, number = np.median(runs), f"{np.median(runs):.3g}"
            if key == "accuracy":
                runs, middle, number = 1 - runs, 1 - runs.mean(), f"{runs.mean().round(4):.2%}"
            axes.plot((runs.min(), runs.max()), (row, row), color=colour, linewidth=2)
            axes.plot(middle, row, "o", color=colour, markersize=5)
            style = {"ha": "center", "fontsize": 9.5, "color": colour}
            canvas.note(axes, number, (middle, row), (0, 4), **style)
        axes.set_xscale("log")
        axes.margins(0.36, 0.05)
        axes.grid(color=GREY, alpha=0.2)
        canvas.plain_numbers(axes.xaxis, 1)
        axes.set_xlabel(label)
    panels[0].invert_xaxis()
    panels[0].xaxis.set_major_locator(FixedLocator((0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001)))
    panels[0].xaxis.set_major_formatter(lambda wrong, place: f"{100 * (1 - wrong):.4g}")
    panels[0].xaxis.set_minor_locator(NullLocator())
    panels[0].set_yticks(range(len(names)), names)
    return (
        f"{len(points)} ways to train, one a row, ranked by accuracy, with dots for the accuracy, "
        f"highest for {names[-1]}, for the training time, shortest for {fast}, and for the "
        f"time from the start of Python to the first answer, shortest for {first}; lines show "
        "the range of the runs."
    )


@canvas.figure()
def multiplications(figure, networks: dict[str, dict[str, int]]) -> str:
    """Draw how many multiplications each layer takes for one image, of up to three networks."""
    longest = [f"{max(counts, key=counts.get)} in {name}" for name, counts in networks.items()]
    axes, layers = figure.subplots(), []
    for (name, counts), colour in zip(networks.items(), (BLUE, ORANGE, GREY), strict=False):
        places, lengths = np.arange(len(counts)) + len(layers), np.array([*counts.values()]) / 1e6
        bars = axes.barh(places, lengths, color=colour, label=name)
        shown = [f"{length:.2f}" if length >= 0.005 else "< 0.01" for length in lengths]
        axes.bar_label(bars, shown, padding=3, fontsize=10)
        layers += counts
    figure.set_figheight(1 + 0.45 * len(layers))
    axes.set_yticks(range(len(layers)), layers)
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

    The times of a way have the shape (runs,). The axis, whose label is `what`, is logarithmic if
    they differ tenfold or more.
    """
    medians = {way: np.median(runs) for way, runs in taken.items()}
    logarithmic = max(medians.values()) >= 10 * min(medians.values())
    figure.set_figheight(1 + 0.38 * len(taken))
    axes = figure.subplots()
    for row, (way, runs) in enumerate(taken.items()):
        axes.plot((min(runs), max(runs)), (row, row), color=BLUE, linewidth=2)
        axes.plot(medians[way], row, "o", color=BLUE)
        canvas.note(axes, f"{medians[way]:.3g}", (max(runs), row), (8, 0), va="center")
    axes.set_yticks(range(len(taken)), list(taken))
    axes.margins(x=0.15, y=0.25 if len(taken) < 6 else 0.08)
    axes.invert_yaxis()
    axes.grid(axis="y", color=GREY, alpha=0.3)
    if logarithmic:
        axes.set_xscale("log")
        canvas.plain_numbers(axes.xaxis, 1, 2, 5)
    else:
        axes.set_xlim(0, 1.15 * max(map(max, taken.values())))
    axes.set_xlabel(what)
    return (
        f"Dots on {'a logarithmic' if logarithmic else 'an'} axis, one a row: {what}, for "
        f"{', '.join(taken)}; lines show the range of the runs."
    )
