"""The figures of extras/how_sure: calibration, and the answers to images of any kind."""

import numpy as np

from helpers.language import _
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREY


@canvas.figure(3.5)
def reliability(figure, panels: dict[str, np.ndarray]) -> str:
    """Draw accuracy over confidence, a panel for each name, of its reliability diagram."""
    for axes, name in zip(figure.subplots(1, len(panels), squeeze=False).flat, panels, strict=True):
        confidence, accuracy, low, high, counts = np.asarray(panels[name])
        axes.plot((0, 1), (0, 1), "--", color=GREY, linewidth=1)
        ends = accuracy - low, high - accuracy
        axes.errorbar(confidence, accuracy, ends, fmt="o", color=BLUE, capsize=3, clip_on=False)
        most = counts.argmax()
        text = _(
            "{count:,.0f} of {whole:,.0f}:\nconfidence {confidence:.4f}\naccuracy {accuracy:.4f}",
            count=counts[most],
            whole=counts.sum(),
            confidence=confidence[most],
            accuracy=accuracy[most],
        )
        arrow = {"arrowstyle": "->", "relpos": (1, 1)}
        style = {"ha": "right", "fontsize": 9.5, "arrowprops": arrow}
        axes.annotate(text, (confidence[most], accuracy[most]), (0.98, 0.03), **style)
        axes.set(xlim=(0, 1), ylim=(0, 1), title=name, xlabel=_("confidence"), aspect="equal")
    figure.axes[0].set_ylabel(_("accuracy"))
    return _(
        "Reliability diagrams: accuracy over confidence in up to ten bins, with intervals, beside "
        "the diagonal on which a calibrated network's dots lie."
    )


@canvas.figure()
def answers(figure, images, names: list[str], probabilities) -> str:
    """Draw pictures, 0 to 255, in rows of three, each beside the probabilities that it gets.

    Images have the shape (n, 28, 28), probabilities (n, 10).
    """
    rows = -(-len(images) // 3)
    figure.set_figheight(2.2 * rows)
    blocks = figure.subfigures(rows, 3, squeeze=False)
    for block, image, name, given in zip(blocks.flat, images, names, probabilities, strict=False):
        left, right = block.subplots(1, 2, width_ratios=(1, 0.8))
        canvas.show_image(left, image, name, limits=(0, 255))
        canvas.bars_over_classes(right, given, best := int(given.argmax()), "")
        title = f"{best}: {canvas.format_probability(given[best])}"
        right.set(title=title, ylabel="", xlim=(0, 1), xticks=(0, 1))
        right.tick_params(axis="y", labelsize=9.5, length=0)
    return _(
        "Pictures in rows, each with ten bars, the probabilities of the digits: {names}.",
        names=_(", ").join(names),
    )
