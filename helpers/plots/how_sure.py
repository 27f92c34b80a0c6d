"""The figures of extras/how_sure: calibration, refused answers, and what is no digit."""

import numpy as np
from matplotlib.ticker import PercentFormatter

from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY, ORANGE


@canvas.figure(3.9)
def reliability(figure, panels: dict[str, tuple]) -> str:
    """Draw mistakes made over mistakes expected, of each name its `Reliability`.

    The axes are logarithmic, so a bin without a mistake has no place on them.
    """
    axes, seen = figure.subplots(), []
    for (name, found), mark, colour in zip(panels.items(), "os", (BLUE, ORANGE), strict=False):
        expected, made, low, high = np.compress(np.greater(found[1], 0), found, axis=1)
        ends = made - low, high - made
        axes.errorbar(expected, made, ends, fmt=mark, color=colour, capsize=3, label=name)
        seen.append(f"{name}, {(low > expected).sum()} of {len(made)} intervals above it")
    axes.plot((1e-5, 1), (1e-5, 1), "--", color=GREY, linewidth=1, label="calibrated")
    axes.set(xscale="log", yscale="log", xlim=(8e-6, 0.4), ylim=(1e-4, 0.4))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda share, place: f"{100 * share:g}%")
    axes.minorticks_off()
    axes.text(1e-5, 0.3, "overconfident: more mistakes than expected", va="top")
    axes.legend(loc="lower right", frameon=False)
    axes.set(xlabel="mistakes expected (1 - confidence)", ylabel="mistakes made")
    return (
        "A reliability diagram: the share of mistakes made over the share expected, for bins of "
        "equally many answers, with intervals beside the diagonal on which a calibrated network's "
        f"dots lie; {'; '.join(seen)}."
    )


@canvas.figure(2.9, temperatures=("tried",), losses=("tried",))
def temperature(figure, temperatures, losses, best: float) -> str:
    """Draw the loss over the temperature, with the best one marked."""
    axes = figure.subplots()
    axes.plot(temperatures, losses, color=GREY)
    for place, name, colour in ((1, "as trained", BLUE), (best, "least loss", ORANGE)):
        axes.axvline(place, color=colour)
        axes.text(place + 0.02, losses.max(), name, color=colour, va="top")
    axes.set(xlabel="temperature", ylabel="loss on held-out images")
    return (
        "A curve of the loss over the temperature. A line marks the least loss, at a temperature "
        f"{'above 1' if best > 1 else 'of 1 or below'}, and another the network as trained, at 1."
    )


@canvas.figure(3.2, shares=("answers",), accuracies=("answers",), marks=("marks", 4))
def coverage(figure, shares, accuracies, marks) -> str:
    """Draw accuracies over shares answered; a mark is a share, an accuracy, its interval's ends."""
    axes = figure.subplots()
    axes.plot(shares, accuracies, color=BLUE)
    axes.axhline(accuracies[-1], color=GREY, linestyle="--", linewidth=1)
    at, right, low, high = marks.T
    axes.errorbar(at, right, (right - low, high - right), fmt="o", color=BLUE, capsize=3)
    for place in marks[:, :2]:
        canvas.note(axes, f"{place[1]:.2%}", place, (-6, -4), ha="right", va="top")
    left = at.min() - 0.03
    canvas.note(axes, "refused at random", (left, accuracies[-1]), (6, -4), color=GREY, va="top")
    axes.set(xlim=(left, 1.005), ylabel="right among them")
    axes.set_xlabel("share of the images answered, the surest first")
    axes.xaxis.set_major_formatter(PercentFormatter(1, 0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, 1))
    gain = "rises" if accuracies[0] > accuracies[-1] else "doesn't rise"
    return (
        "The accuracy over the share of images answered, with dots, their numbers and intervals: "
        f"the fewer the network answers, the less sure ones refused first, the curve {gain} above "
        "the line of images refused at random."
    )


@canvas.figure(images=("images", 28, 28), probabilities=("images", 10))
def answers(figure, images, names: list[str], probabilities) -> str:
    """Draw pictures, 0 to 255, in rows of three, each beside the ten probabilities that it gets."""
    rows, sure = -(-len(images) // 3), (probabilities.max(axis=1) > 0.9).sum()
    figure.set_figheight(2.2 * rows)
    blocks = figure.subfigures(rows, 3, squeeze=False)
    for block, image, name, given in zip(blocks.flat, images, names, probabilities, strict=False):
        left, right = block.subplots(1, 2, width_ratios=(1, 0.8))
        canvas.show_image(left, image, name, limits=(0, 255))
        canvas.bars_over_classes(right, given, best := int(given.argmax()), "")
        title = f"{best}: {canvas.format_probability(given[best])}"
        right.set(title=title, ylabel="", xlim=(0, 1), xticks=(0, 1))
        right.tick_params(axis="y", labelsize=9.5, length=0)
    return (
        f"Pictures in rows, each with ten bars, the probabilities of the digits: "
        f"{', '.join(names)}. For {('none', 'one', 'several')[min(sure, 2)]} of them one bar has "
        "nearly everything."
    )
