"""The figure of extras/next_letter: which character follows which, by counting and by a network."""

import numpy as np

from helpers.common.language import _
from helpers.plots import canvas

DARKEST = 0.6  # only a few shares are larger


@canvas.figure(3.2)
def pair_tables(figure, tables: dict[str, np.ndarray], characters: str, marked: str) -> str:
    """Draw tables of pairs side by side, each under its title, and mark one pair in all of them.

    A table has the shape (n, n) for n characters. Its rows are the first characters of the pairs,
    and its columns the second ones. Its numbers are shares from 0 to 1. `marked` is a pair, such as
    "qu". A space is written as an underscore.
    """
    names = list(characters.replace(" ", "_"))
    size = canvas.format_shape((len(names), len(names)))
    row, column = (characters.index(character) for character in marked)
    panels = figure.subplots(1, len(tables), squeeze=False).flat
    for axes, (title, table) in zip(panels, tables.items(), strict=True):
        canvas.show_image(axes, table, title, canvas.STRENGTH, (0, DARKEST))
        axes.set(xticks=range(len(names)), yticks=range(len(names)), xlabel=_("next character"))
        axes.set_xticklabels(names, fontsize=7.5)
        axes.set_yticklabels(names, fontsize=7.5)
        axes.tick_params(length=0, pad=2)
        canvas.outline(axes, (row, column, 1))
    figure.axes[0].set_ylabel(_("character (_ is a space)"))
    figure.colorbar(
        figure.axes[0].images[0],
        ax=figure.axes,
        shrink=0.8,
        extend="max",
        label=_("share or probability"),
    )
    return _(
        "Tables of {size} pairs of characters, one beside the other: {titles}. A dark square "
        "means that the second character often follows the first one. A frame marks the pair "
        "{marked}.",
        size=size,
        titles=_(", ").join(tables),
        marked=marked,
    )
