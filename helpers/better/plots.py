"""The figures of extras/better."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY


@canvas.figure()
def gains(figure, gains: dict[str, np.ndarray]) -> str:
    """Draw what each idea gained in accuracy: a ring for each seed, and the mean with its interval.

    The gains of an idea have the shape (seeds,), of two seeds or more; the confidence interval is
    that of `mean_interval`.
    """
    from helpers.evaluation import mean_interval  # loads SciPy, which notebook 1 has no use for

    figure.set_figheight(1 + 0.36 * len(gains))
    axes = figure.subplots()
    axes.axvline(0, color=GREY, linewidth=1)
    for row, values in enumerate(gains.values()):
        points, low_high = 100 * np.array(values), 100 * np.array(mean_interval(values))
        axes.plot(points, np.full(len(points), row + 0.22), "o", color=BLUE, mfc="none", ms=3.5)
        axes.plot(low_high, (row, row), color=BLUE, linewidth=2)
        axes.plot(points.mean(), row, "o", color=BLUE)
        number = f"{points.mean().round(2) + 0.0:+.2f}"  # and no -0.00
        canvas.note(axes, number, (max(*low_high, *points), row), (8, 0), va="center", color=BLUE)
    axes.set_yticks(range(len(gains)), list(gains))
    axes.margins(x=0.2)
    axes.set_ylim(len(gains) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel("gain in accuracy, percentage points")
    clear = [idea for idea, values in gains.items() if mean_interval(values)[0] > 0]
    return (
        f"{len(gains)} rows of gains, each with a line for its interval; the interval is above 0 "
        f"for {', '.join(clear) or 'none'}."
    )


@canvas.figure()
def two_clocks(figure, seconds: dict[str, tuple[float, float]]) -> str:
    """Draw for each way to train its seconds of training as a part of those from a cold start."""
    figure.set_figheight(1.2 + 0.42 * len(seconds))
    axes, (training, cold) = figure.subplots(), np.array([*seconds.values()]).T
    axes.barh([*seconds], cold, color="#B8B8B8", label="from the start of Python to an answer")
    axes.barh([*seconds], training, color=BLUE, label="of it, training")
    numbers = [f"{s:.1f} of {total:.1f}" for s, total in zip(training, cold, strict=True)]
    axes.bar_label(axes.containers[0], numbers, padding=4, fontsize=10)
    axes.invert_yaxis()
    axes.margins(x=0.3)
    axes.set_xlabel("seconds")
    figure.legend(frameon=False, loc="outside upper right", ncols=2)
    bars = [f"{name} {number}" for name, number in zip(seconds, numbers, strict=True)]
    return f"Bars of seconds, with the part of each that is training: {'; '.join(bars)}."
