"""The picture of the finished recipes in this folder's README."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, PURPLE


@canvas.figure()
def ranking(figure, points: dict[str, dict], highlight: Sequence[str] = ()) -> str:
    """Draw recipes, the one that trains fastest on top: mean accuracy, 0 to 1, two median times.

    Of each recipe three arrays of shape (runs,): `accuracy`; `seconds`, of training alone; `cold`,
    seconds from the start of Python to the first answer. A line goes from the lowest to the highest
    run. The axes are logarithmic, the first in the share of wrong answers, so that from 98% to 99%
    is as far as from 99% to 99.5%. The recipes to `highlight` are drawn in another colour.
    """
    names = sorted(points, key=lambda name: -np.median(points[name]["seconds"]))
    first = min(points, key=lambda name: np.median(points[name]["cold"]))
    best = max(points, key=lambda name: np.mean(points[name]["accuracy"]))
    figure.set_figheight(0.9 + 0.34 * len(points))
    panels = figure.subplots(1, 3, sharey=True)
    labels = {"accuracy": "accuracy, %", "seconds": "training, s", "cold": "cold start, s"}
    for axes, (key, label) in zip(panels, labels.items(), strict=True):
        for row, name in enumerate(names):
            runs, colour = np.array(points[name][key]), PURPLE if name in highlight else BLUE
            middle, number = np.median(runs), f"{np.median(runs):.3g}"
            if key == "accuracy":
                runs, middle, number = 1 - runs, 1 - runs.mean(), f"{runs.mean().round(4):.2%}"
            axes.plot((runs.min(), runs.max()), (row, row), color=colour, linewidth=2)
            axes.plot(middle, row, "o", color=colour, markersize=5)
            style = {"ha": "center", "fontsize": 9.5, "color": colour}
            canvas.note(axes, number, (middle, row), (0, 4), **style)
        axes.set_xscale("log")
        axes.margins(0.45, 0.05)
        axes.grid(color=GREY, alpha=0.2)
        canvas.plain_numbers(axes.xaxis, 1)
        axes.set_xlabel(label)
    panels[0].invert_xaxis()
    panels[0].xaxis.set_major_locator(FixedLocator((0.3, 0.1, 0.03, 0.01, 0.003, 0.001)))
    panels[0].xaxis.set_major_formatter(lambda wrong, place: f"{100 * (1 - wrong):.4g}")
    panels[0].xaxis.set_minor_locator(NullLocator())
    runs = (f"{name} ({len(points[name]['accuracy'])})" for name in names)
    panels[0].set_yticks(range(len(names)), runs)
    return (
        f"{len(points)} ways to train, one a row, with the number of runs, the fastest training on "
        f"top, {names[-1]}; dots show the accuracy, highest for {best}, the training time, and the "
        f"time from the start of Python to the first answer, shortest for {first}; lines show "
        "the range of the runs."
    )
