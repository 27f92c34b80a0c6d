"""The figures of extras/better."""

import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy.stats import ttest_1samp

from helpers.common.language import _
from helpers.plots import canvas


@canvas.figure()
def gains(figure, gains: dict[str, np.ndarray]) -> str:
    """Draw what each idea gained in accuracy: a ring for each seed, and the mean with its interval.

    The gains of an idea have the shape (seeds,), of two seeds or more; the interval holds 95%,
    by Student's t.
    """
    figure.set_figheight(1 + 0.36 * len(gains))
    axes = figure.subplots()
    axes.axvline(0, color=canvas.GREY, linewidth=1)
    above_zero = []
    below_zero = []
    for row, (idea, values) in enumerate(gains.items()):
        mean = np.mean(values)
        interval = ttest_1samp(values, 0).confidence_interval()
        if interval.low > 0:
            above_zero.append(idea)
        if interval.high < 0:
            below_zero.append(idea)
        heights = row + np.linspace(0.16, 0.36, len(values))  # equal gains stay apart
        axes.plot(values, heights, "o", color=canvas.BLUE, mfc="none", ms=3.5)
        axes.plot(interval, (row, row), color=canvas.BLUE, linewidth=2)
        axes.plot(mean, row, "o", color=canvas.BLUE)
        number = f"{mean.round(4) + 0.0:+.4f}"  # and no -0.0000
        axes.text(
            1.02,
            row,
            number,
            transform=axes.get_yaxis_transform(),
            va="center",
            color=canvas.BLUE,
        )
    axes.set_yticks(range(len(gains)), list(gains))
    axes.set_ylim(len(gains) - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel(_("gain in accuracy"))
    above = _(", ").join(above_zero) or _("none")
    below = _(", ").join(below_zero) or _("none")
    if len(gains) == 1:
        return _(
            "1 row of gains with a line for its interval; the interval is above 0 for {above}, and "
            "below 0 for {below}.",
            above=above,
            below=below,
        )
    return _(
        "{count} rows of gains, each with a line for its interval; the interval is above 0 for "
        "{above}, and below 0 for {below}.",
        count=len(gains),
        above=above,
        below=below,
    )
