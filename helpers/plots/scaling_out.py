"""The figures of extras/scaling_out: the time of a step, and the memory of a learner."""

import numpy as np

from helpers.expect import Named
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREEN, GREY, ORANGE


@canvas.figure(
    4.9, batches=("batches",), measured=("batches",), per_image=(2,), exchange=Named(3, ())
)
def step_times(figure, batches, measured, per_image, exchange) -> str:
    """Draw the time of a step over the global batch, for one machine and for two.

    One machine's steps of the rising `batches` took the `measured` milliseconds; the line through
    them is `per_image`, milliseconds for one image more and for none; `exchange` has those of an
    exchange between two machines for each kind of network. None of them may be 0: ValueError.
    """
    slope, fixed = per_image
    shortest = min(slope, *batches, *exchange.values())
    if shortest <= 0:  # the axes are logarithmic, and the lines would never cross
        raise ValueError(f"batches, per_image, exchange: got {shortest:g}, expected more than 0")
    axes = figure.subplots()
    crossings = [2 * milliseconds / slope for milliseconds in exchange.values()]
    least, most = min(batches[0], *crossings), max(batches[-1], *crossings)
    ends = np.geomspace(least, 1.5 * most, 200)
    alone = fixed + slope * ends
    axes.plot(ends, alone, color=BLUE, linewidth=2.5, label="one machine")
    axes.plot(batches, measured, "o", color=BLUE, markersize=5, label="one machine, measured")
    lines = zip(exchange.items(), crossings, (ORANGE, GREEN, GREY), ("-", "--", "-."), strict=True)
    for (name, milliseconds), crossing, colour, style in lines:
        together = fixed + slope * ends / 2 + milliseconds
        axes.plot(ends, together, style, color=colour, label=f"two, {name}")
        axes.plot(crossing, fixed + slope * crossing, "o", color=colour, markersize=8)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    canvas.plain_numbers(axes.yaxis, 1, 2, 5)
    canvas.plain_numbers(axes.xaxis, 1, base=2)
    axes.set(xlabel="global batch", ylabel="time of a step in milliseconds")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return (
        "Time of a step over the global batch, both axes logarithmic. One machine's line rises all "
        f"the way; two machines' lines, over {', '.join(exchange)}, are flatter on the left and "
        "lower on the right. A dot marks where one of them crosses the line of one machine."
    )


@canvas.figure(peaks=Named("notebooks", ()), server=())
def memory(figure, peaks, server) -> str:
    """Draw the megabytes of JupyterLab and of each notebook's kernel at its peak, as bars."""
    figure.set_figheight(1 + 0.45 * len(peaks))
    axes = figure.subplots()
    rows, kernels = range(len(peaks)), list(peaks.values())
    axes.barh(rows, server, color=GREY, label="JupyterLab")
    bars = axes.barh(rows, kernels, left=server, color=BLUE, label="kernel")
    axes.bar_label(bars, [f"{server + peak:,.0f}" for peak in kernels], padding=4, fontsize=10)
    axes.set_yticks(rows, list(peaks))
    axes.invert_yaxis()
    axes.margins(x=0.14)
    axes.set_xlabel("memory of one learner in megabytes")
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return (
        f"A bar of memory for each of the notebooks {', '.join(peaks)}: a part for "
        "JupyterLab, the same in all, and a part for the kernel."
    )
