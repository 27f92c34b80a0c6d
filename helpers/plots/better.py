"""The figures of extras/better."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE


@canvas.figure()
def gains(figure, gains: dict[str, np.ndarray], highlight: Sequence[str] = ()) -> str:
    """Draw what each idea gained in accuracy: a ring for each seed, and the mean with its interval.

    The gains of an idea have the shape (seeds,), of two seeds or more; the confidence interval is
    that of `mean_interval`. The ideas to `highlight` are drawn in another colour.
    """
    from helpers.evaluation import mean_interval  # loads SciPy, which notebook 1 has no use for

    figure.set_figheight(1 + 0.36 * len(gains))
    axes = figure.subplots()
    axes.axvline(0, color=GREY, linewidth=1)
    for row, (idea, values) in enumerate(gains.items()):
        colour = ORANGE if idea in highlight else BLUE
        points, low_high = 100 * np.array(values), 100 * np.array(mean_interval(values))
        axes.plot(points, np.full(len(points), row + 0.22), "o", color=colour, mfc="none", ms=3.5)
        axes.plot(low_high, (row, row), color=colour, linewidth=2)
        axes.plot(points.mean(), row, "o", color=colour)
        number = f"{points.mean().round(2) + 0.0:+.2f}"  # and no -0.00
        canvas.note(axes, number, (max(*low_high, *points), row), (8, 0), va="center", color=colour)
    axes.set_yticks(range(len(gains)), list(gains))
    axes.margins(x=0.2, y=0.06)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.invert_yaxis()
    axes.set_xlabel("gain in accuracy, percentage points")
    clear = [idea for idea, values in gains.items() if mean_interval(values)[0] > 0]
    return (
        f"Gains of {len(gains)} ideas, one a row, each with a line for its interval; the interval "
        f"is above 0 for {', '.join(clear) or 'none'}."
    )


@canvas.figure(2.6, rates=("steps",))
def learning_rate(figure, rates) -> str:
    """Draw a learning rate, one number a step, over the steps."""
    first, most, last = np.round((rates[0], rates.max(), rates[-1]), 5)
    axes = figure.subplots()
    axes.plot(rates, color=BLUE)
    axes.set(xlabel="step", ylabel="learning rate", xlim=(0, len(rates)), ylim=(0, None))
    return (
        f"A curve over {len(rates):,} steps of training: it begins at {first:g}, has its highest "
        f"point, {most:g}, at step {rates.argmax():,}, and ends at {last:g}."
    )
