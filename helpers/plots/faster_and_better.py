"""The figures of extras/faster_and_better."""

import itertools

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from helpers.expect import Named
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE

ACCURACIES = np.array([90, 95, 97, 98, 98.5, 99, 99.25, 99.5, 99.6, 99.7, 99.8])
CLOSE = (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8)  # where the marks of an axis stand that spans little
RECIPES = Named("recipes", {"seconds": ("runs",), "accuracy": ("runs",)})


@canvas.figure(4.8, points=RECIPES, highlight=("n", str))
def accuracy_against_time(figure, points, highlight=()) -> str:
    """Draw each recipe's mean accuracy, 0 to 1, over its median training time.

    Both axes are logarithmic: time in seconds, and upwards ever smaller shares of wrong answers,
    so that from 98% to 99% is as far as from 99% to 99.5%. The recipes to `highlight` are drawn
    in another colour.
    """
    axes = figure.subplots(subplot_kw={"xscale": "log", "yscale": "log"})
    worst_first = sorted(points, key=lambda name: points[name]["accuracy"].mean())
    colours = {name: ORANGE if name in highlight else BLUE for name in points}
    dots = []
    for name in worst_first:
        time, wrong = np.median(points[name]["seconds"]), 1 - points[name]["accuracy"]
        axes.plot([time, time], [wrong.min(), wrong.max()], color=colours[name], linewidth=1.5)
        axes.plot(time, wrong.mean(), "o", color=colours[name], markersize=6)
        dots.append((time, wrong.mean()))
    axes.margins(0.08)
    axes.invert_yaxis()
    heights = (axes.transScale + axes.transLimits).transform(dots)[:, 1]
    line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "alpha": 0.6, "relpos": (0, 0.5)}
    style = {"textcoords": "axes fraction", "va": "center", "fontsize": 10, "arrowprops": line}
    for name, dot, place in zip(worst_first, dots, _apart(heights), strict=True):
        axes.annotate(name, dot, (1.04, place), color=colours[name], **style)
    axes.yaxis.set_major_locator(FixedLocator(1 - ACCURACIES / 100))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda wrong, _: f"{100 * (1 - wrong):.4g}"))
    left, right = axes.get_xlim()
    canvas.plain_numbers(axes.xaxis, *((1, 2, 5) if right > 10 * left else CLOSE))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="training time in seconds", ylabel="accuracy in percent")
    axes.grid(color=GREY, alpha=0.2)
    return (
        f"{len(points)} dots for as many ways to train, accuracy upwards, training time to the "
        "right, both on logarithmic axes; lines lead from the dots to their names."
    )


def _apart(heights):
    """Place names, from 0.02 to 0.98, as near to their dots' rising heights as can be read."""
    from sklearn.isotonic import isotonic_regression  # notebook 1 does without scikit-learn

    gap = min(0.065, 0.96 / max(len(heights) - 1, 1))
    shares = gap * np.arange(len(heights))
    return shares + isotonic_regression(heights - shares, y_min=0.02, y_max=0.98 - shares[-1])


@canvas.figure(2.6, rates=("steps",))
def learning_rate(figure, rates) -> str:
    """Draw a learning rate, one number a step, over the steps."""
    first, most, last = (f"{np.round(rate, 5):g}" for rate in (rates[0], rates.max(), rates[-1]))
    axes = figure.subplots()
    axes.plot(rates, color=BLUE)
    axes.set(xlabel="step", ylabel="learning rate", xlim=(0, len(rates)), ylim=(0, None))
    return (
        f"A curve over {len(rates):,} steps of training: it begins at {first}, has its highest "
        f"point, {most}, at step {rates.argmax():,}, and ends at {last}."
    )


@canvas.figure(networks=Named("networks", Named("layers", ())))
def multiplications(figure, networks) -> str:
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
    axes.set_yticks(range(len(rows)), [layer for _, layer, _ in rows])
    axes.set_xlabel("million multiplications for one image")
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.legend(loc="lower right", frameon=False)
    return (
        f"Bars of multiplications for one image, layer by layer, for {' and '.join(networks)}; "
        f"the longest ones are {', '.join(longest)}."
    )


@canvas.figure(taken=Named("ways", ()), what=(str,))
def times(figure, taken, what) -> str:
    """Draw the time of each way as a dot, on a logarithmic axis if they differ tenfold or more.

    `what` says what it is the time of, and its unit: the label of the axis.
    """
    logarithmic = max(taken.values()) >= 10 * min(taken.values())
    figure.set_figheight(1 + 0.4 * len(taken))
    axes = figure.subplots()
    for row, time in enumerate(taken.values()):
        axes.plot(time, row, "o", color=BLUE)
        axes.annotate(f"{time:.3g}", (time, row), (8, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(taken)), list(taken))
    axes.margins(x=0.15, y=0.25)
    axes.invert_yaxis()
    axes.grid(axis="y", color=GREY, alpha=0.3)
    if logarithmic:
        axes.set_xscale("log")
        canvas.plain_numbers(axes.xaxis, 1, 2, 5)
    else:
        axes.set_xlim(0, 1.15 * max(taken.values()))
    axes.set_xlabel(what)
    return (
        f"Dots on {'a logarithmic' if logarithmic else 'an'} axis, one a row: {what}, for "
        f"{', '.join(taken)}."
    )
