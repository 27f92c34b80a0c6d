"""The figure of extras/scaling_out: what a second machine saves in a step, and what it costs."""

import numpy as np

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREEN, GREY, ORANGE


@canvas.figure(4.2)
def second_machine(figure, slope: float, exchange: dict, crossing: dict, batch: float) -> str:
    """Draw what a second machine saves and what its exchange costs, over the global batch.

    One image takes one machine `slope` milliseconds. `exchange` has those of an exchange for each
    of three kinds of network, `crossing` the batch at which both are equal; `batch` is one more to
    mark. All are more than 0, as the axes are logarithmic.
    """
    axes, crossings = figure.subplots(), crossing.values()
    ends = np.array([min(batch, *crossings) / 5, max(batch, *crossings) * 4])
    axes.plot(ends, slope * ends / 2, color=BLUE, linewidth=2.5, label="saved: half of the images")
    axes.vlines(batch, 0, slope * batch / 2, color=BLUE, linestyle=":", label=f"batch of {batch:g}")
    axes.plot([], [], "--", color="black", label="spent: the exchange")
    for name, colour in zip(exchange, (ORANGE, GREEN, GREY), strict=True):
        cost, equal = exchange[name], crossing[name]
        axes.axhline(cost, color=colour, linestyle="--")
        axes.plot(equal, cost, "o", color=colour, markersize=8)
        low = cost == min(exchange.values())  # where the rising line and the next level are far
        offset, ha, va = ((-4, -4), "right", "top") if low else ((4, 4), "left", "bottom")
        style = {"ha": ha, "va": va, "color": colour, "textcoords": "offset points"}
        axes.annotate(f"{name}: {equal:,.0f} images", (ends[int(low)], cost), offset, **style)
    axes.set(xscale="log", yscale="log", xlim=ends)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.set(xlabel="global batch, in images", ylabel="milliseconds of a step")
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return (
        "Milliseconds of a step over the global batch, both axes logarithmic. What a second "
        f"machine saves rises with the batch; what its exchange costs over {', '.join(exchange)} "
        "is a level line for each. A dot marks where the rising line crosses a level one."
    )
