"""The figures of extras/other_hands: what is misread, and accuracy form by form."""

import numpy as np

from helpers.common.language import _
from helpers.evaluation import accuracy_interval
from helpers.plots import canvas


@canvas.figure()
def rows_of_digits(figure, rows: dict[str, np.ndarray]) -> str:
    """Draw a row of up to nine images, uint8 of shape (n, 28, 28), under each name."""
    figure.set_figheight(1.0 * len(rows))
    blocks = figure.subfigures(len(rows), 1, squeeze=False).flat
    for block, (name, images) in zip(blocks, rows.items(), strict=True):
        block.suptitle(name, x=0.01, ha="left", fontsize=11)
        panels = block.subplots(1, 9)
        for axes in panels[len(images) :]:
            axes.set_axis_off()
        for axes, image in zip(panels, images, strict=False):
            canvas.show_image(axes, image, limits=(0, 255))
    names = _("; ").join(rows)
    return _("Rows of handwritten digits as the network sees them: {names}.", names=names)


@canvas.figure(3.4)
def accuracy_by_form(figure, right, forms, chance) -> str:
    """Draw the accuracy of each form with its 95% interval, a column each, the lowest first.

    For each digit, `right` says whether it was read, and `forms` has its form, from 0; both have
    the shape (n,). A line shows the accuracy of all digits together. A band shows where chance
    alone puts forms; `chance` has its lower and its upper end.
    """
    total = np.bincount(forms)
    correct = np.bincount(forms, right).astype(int)
    order = np.argsort(correct / total, kind="stable")
    accuracy = (correct / total)[order]
    intervals = [accuracy_interval(correct[form], total[form]) for form in order]
    low, high = np.transpose(intervals)
    axes = figure.subplots()
    columns = np.arange(len(order))
    outside = (accuracy < chance[0]) | (accuracy > chance[1])
    axes.axhspan(*chance, color="#E4E4E4", zorder=0, label=_("chance alone"))
    label = _("together: {accuracy:.3f}", accuracy=right.mean())
    axes.axhline(right.mean(), color=canvas.GREY, linestyle="--", linewidth=1, label=label)
    for group, colour in ((~outside, canvas.BLUE), (outside, canvas.PURPLE)):
        ends = (accuracy - low)[group], (high - accuracy)[group]
        axes.errorbar(columns[group], accuracy[group], ends, fmt="o", color=colour, capsize=3)
    axes.set(xticks=columns, xticklabels=order)
    axes.set(xlabel=_("form, by number"), ylabel=_("accuracy"))
    axes.legend(loc="lower right", frameon=False)
    return _(
        "The accuracy of each form with its 95% interval, sorted, around a line for all "
        "together and a band for what chance alone spreads."
    )
