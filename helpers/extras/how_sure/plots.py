"""The figures of extras/how_sure: calibration, and the answers to images of any kind."""

import math

import numpy as np

from helpers.common.language import _
from helpers.plots import canvas


@canvas.figure(3.6)
def reliability(figure, panels: dict[str, np.ndarray]) -> str:
    """Draw mistakes made over mistakes expected, a panel for each name, of its diagram."""
    for axes, name in zip(figure.subplots(1, len(panels), squeeze=False).flat, panels, strict=True):
        expected, made, low, high = panels[name]
        axes.plot((0, 1000), (0, 1000), "--", color=canvas.GREY, linewidth=1, label=_("calibrated"))
        axes.errorbar(
            expected,
            made,
            (made - low, high - made),
            fmt="o",
            color=canvas.BLUE,
            capsize=3,
            clip_on=False,
        )
        axes.set_xscale("symlog", linthresh=0.1)  # straight below 0.1, so that 0 has a place
        axes.set_yscale("symlog", linthresh=0.1)
        marks = (0, 0.1, 1, 10, 100, 1000)
        axes.set(xticks=marks, xticklabels=marks, yticks=marks, yticklabels=marks)
        axes.set(xlim=(0, 1000), ylim=(0, 1000), title=name, xlabel=_("mistakes expected in 1,000"))
    figure.axes[0].set_ylabel(_("mistakes made in 1,000"))
    figure.axes[0].legend(loc="lower right", frameon=False)
    return _(
        "Reliability diagrams: the mistakes made in 1,000 answers over those expected, with "
        "intervals, in ten bins, beside the diagonal on which a calibrated network's dots lie."
    )


@canvas.figure()
def answers(figure, images: dict[str, np.ndarray], probabilities) -> str:
    """Draw images, 0 to 1, under their names in rows of three, beside the probabilities they get.

    Images have the shape (28, 28, 1), probabilities (n, 10).
    """
    rows = math.ceil(len(images) / 3)
    figure.set_figheight(2.2 * rows)
    blocks = figure.subfigures(rows, 3, squeeze=False)
    for block, name, shares in zip(blocks.flat, images, probabilities, strict=False):
        left, right = block.subplots(1, 2, width_ratios=(1, 0.8))
        canvas.show_image(left, images[name], name, limits=(0, 1))
        best = int(shares.argmax())
        canvas.bars_over_classes(right, shares, best, "")
        title = _(
            "{digit}: {probability}",
            digit=best,
            probability=canvas.format_probability(shares[best]),
        )
        right.set(title=title, ylabel="", xlim=(0, 1), xticks=(0, 1))
        right.tick_params(axis="y", labelsize=9.5, length=0)
    return _(
        "Pictures in rows, each with ten bars, the probabilities of the digits: {names}.",
        names=_(", ").join(images),
    )
