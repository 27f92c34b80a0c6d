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
        mean = np.mean(values)
        heights = row + np.linspace(0.16, 0.36, len(values))  # equal gains stay apart
        axes.plot(values, heights, "o", color=BLUE, mfc="none", ms=3.5)
        axes.plot(mean_interval(values), (row, row), color=BLUE, linewidth=2)
        axes.plot(mean, row, "o", color=BLUE)
        number = f"{mean.round(4) + 0.0:+.4f}"  # and no -0.0000
        beside = {"transform": axes.get_yaxis_transform(), "va": "center", "color": BLUE}
        axes.text(1.02, row, number, **beside)
    axes.set_yticks(range(len(gains)), list(gains))
    axes.set_ylim(len(gains) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel("gain in accuracy")
    clear = [idea for idea, values in gains.items() if mean_interval(values)[0] > 0]
    return (
        f"{len(gains)} rows of gains, each with a line for its interval; the interval is above 0 "
        f"for {', '.join(clear) or 'none'}."
    )
