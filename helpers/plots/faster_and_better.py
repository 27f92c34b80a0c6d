"""The figures of extras/faster_and_better."""

import itertools

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from helpers.expect import Named
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE

ACCURACIES = np.array([90, 95, 98, 99, 99.5, 99.7, 99.8])
CLOSE = (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8)  # where the marks of an axis stand that spans little
RECIPES = Named("recipes", {"seconds": ("runs",), "accuracy": ("runs",)})


@canvas.figure(points=RECIPES, highlight=("n", str))
def ranking(figure, points, highlight=()) -> str:
    """Draw recipes, the most accurate on top: mean accuracy, 0 to 1, and median training time.

    A line goes from the worst run to the best, from the fastest to the slowest. Both axes are
    logarithmic: that of the accuracy in the share of wrong answers, so that from 98% to 99% is as
    far as from 99% to 99.5%. The recipes to `highlight` are drawn in another colour.
    """
    worst_first = sorted(points, key=lambda name: points[name]["accuracy"].mean())
    figure.set_figheight(0.9 + 0.36 * len(points))
    left, right = figure.subplots(1, 2, sharey=True)
    for row, name in enumerate(worst_first):
        wrong, seconds = 1 - points[name]["accuracy"], points[name]["seconds"]
        colour = ORANGE if name in highlight else BLUE
        numbers = f"{100 * (1 - wrong.mean()):.2f}%", f"{np.median(seconds):.3g} s"
        middles = wrong.mean(), np.median(seconds)
        panels = zip((left, right), (wrong, seconds), middles, numbers, strict=True)
        for axes, values, middle, number in panels:
            axes.plot((values.min(), values.max()), (row, row), color=colour, linewidth=2)
            axes.plot(middle, row, "o", color=colour)
            beside = {"textcoords": "offset points", "xytext": (0, 5), "ha": "center"}
            axes.annotate(number, (middle, row), fontsize=9.5, color=colour, **beside)
    for axes in (left, right):
        axes.set_xscale("log")
        axes.margins(0.12, 0.06)
        axes.grid(color=GREY, alpha=0.2)
    left.invert_xaxis()
    left.xaxis.set_major_locator(FixedLocator(1 - ACCURACIES / 100))
    left.xaxis.set_major_formatter(FuncFormatter(lambda wrong, _: f"{100 * (1 - wrong):.4g}"))
    left.xaxis.set_minor_locator(NullLocator())
    low, high = right.get_xlim()
    canvas.plain_numbers(right.xaxis, *((1, 3) if high > 10 * low else CLOSE))
    left.set_yticks(range(len(points)), worst_first)
    left.set_xlabel("accuracy in percent")
    right.set_xlabel("training time in seconds")
    fastest = min(points, key=lambda name: np.median(points[name]["seconds"]))
    return (
        f"{len(points)} ways to train, one a row, ranked by accuracy: left a dot for the accuracy, "
        f"highest for {worst_first[-1]}, right one for the training time, shortest for {fastest}; "
        "lines show the range of the runs."
    )


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
