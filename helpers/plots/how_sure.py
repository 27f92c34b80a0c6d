"""The figures of extras/how_sure: calibration, doubtful labels, and what is no digit."""

import numpy as np

from helpers.expect import Named
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE


@canvas.figure(4.7, panels=Named("panels", (5, "bins", float)))
def reliability(figure, panels) -> str:
    """Draw reliability diagrams: accuracy over confidence, and how many answers there are.

    Each title has a `Reliability` of helpers.how_sure.calibration: of bins of equal width the
    counts, mean confidence, accuracy, and the ends of its interval.
    """
    last = min(counts[-1] / max(counts.sum(), 1) for counts, *_ in panels.values())
    shared = {"sharex": True, "sharey": "row", "squeeze": False}
    grid = figure.subplots(2, len(panels), height_ratios=(3, 1), **shared)
    for (top, bottom), (title, panel) in zip(grid.T, panels.items(), strict=True):
        counts, confidence, accuracy, low, high = panel
        top.plot((0, 1), (0, 1), "--", color=GREY, linewidth=1, label="calibrated")
        ends = (accuracy - low, high - accuracy)
        top.errorbar(confidence, accuracy, ends, fmt="o", color=BLUE, capsize=3)
        top.set(title=title, xlim=(0, 1.03), ylim=(-0.03, 1.03))
        top.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"))
        edges = np.linspace(0, 1, len(counts) + 1)
        style = {"align": "edge", "color": BLUE, "edgecolor": "white"}
        bottom.bar(edges[:-1], counts, width=1 / len(counts), **style)
        bottom.set(yscale="log", ylim=(0.7, 30000), xlabel="confidence")
        bottom.set_yticks((1, 100, 10000), ("1", "100", "10,000"))
        bottom.minorticks_off()
    grid[0, 0].legend(loc="upper left", frameon=False)
    grid[0, 0].set_ylabel("accuracy")
    grid[1, 0].set_ylabel("answers")
    return (
        f"Reliability diagrams, accuracy over confidence for {' and '.join(panels)}: dots with "
        "intervals beside the diagonal on which confidence and accuracy agree; below, the counts: "
        f"{canvas.part(last)} of the answers are in the last bin."
    )


@canvas.figure(2.9, temperatures=("tried",), losses=("tried",), best=())
def temperature(figure, temperatures, losses, best) -> str:
    """Draw the loss over the temperature, with the best one marked."""
    axes = figure.subplots()
    axes.plot(temperatures, losses, color=BLUE)
    axes.axvline(1, color=GREY, linewidth=1, linestyle="--")
    axes.axvline(best, color=ORANGE)
    axes.text(1.02, losses.max(), "as trained", color=GREY, va="top")
    axes.text(best + 0.02, losses.max(), "least loss", color=ORANGE, va="top")
    axes.set(xlabel="temperature", ylabel="loss on held-out images")
    return (
        "A curve of the loss over the temperature. A line marks the least loss, at a temperature "
        f"{'above 1' if best > 1 else 'of 1 or below'}, and a dashed one the network as trained, "
        "at 1."
    )


@canvas.figure(images=("images", 28, 28), names=("images", str), probabilities=("images", 10))
def answers(figure, images, names, probabilities) -> str:
    """Draw pictures, 0 to 255, in rows of three, each beside the ten probabilities that it gets."""
    rows = -(-len(images) // 3)
    sure = int((probabilities.max(axis=1) > 0.9).sum())
    figure.set_figheight(2.2 * rows)
    blocks = figure.subfigures(rows, 3, squeeze=False)
    for block, image, name, given in zip(blocks.flat, images, names, probabilities, strict=False):
        left, right = block.subplots(1, 2, width_ratios=(1, 0.8))
        canvas.show_image(left, image, name, limits=(0, 255))
        best = int(given.argmax())
        canvas.probability_bars(right, given, best)
        right.set(title=f"{best}: {given[best]:.2f}", xlabel="", ylabel="", xticks=(0, 1))
        right.tick_params(axis="y", labelsize=9.5, length=0)
    return (
        f"Pictures in rows, each with ten bars, the probabilities of the digits: "
        f"{', '.join(names)}. For {('none', 'one', 'several')[min(sure, 2)]} of them one bar has "
        "nearly everything."
    )
