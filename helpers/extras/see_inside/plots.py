"""The figure of extras/see_inside: where the network looks."""

import numpy as np

from helpers.common.language import _
from helpers.plots import canvas


@canvas.figure()
def where_it_looks(figure, images, titles, drops, cams, field, boxes=None) -> str:
    """Draw images, 0 to 1, each beside its occlusion map and its Grad-CAM, 0 or more.

    Images and occlusion maps, the `drops` in probability, have the shape (n, 28, 28),
    Grad-CAMs (n, height, width). The size and stride of the receptive `field` of their layer say
    where on the image their numbers belong. A box is its top row, left column and side.
    """
    figure.set_figheight(2.05 * len(images) + 1)
    size, stride = field
    low = (size - 1 - stride) / 2  # a number's square is drawn around its field's middle
    bottom, right = (low + stride * cells for cells in np.shape(cams)[1:])
    extent = low, right, bottom, low
    grid = figure.subplots(len(images), 3, squeeze=False)
    for number, (row, cam) in enumerate(zip(grid, cams, strict=True)):
        canvas.show_image(row[0], images[number], titles[number], limits=(0, 1))
        canvas.show_image(row[1], drops[number], _("occlusion"), canvas.SIGNED, (-1, 1))
        canvas.show_image(row[2], np.zeros((28, 28)), "Grad-CAM", canvas.STRENGTH, (0, 1))
        shares = cam / max(cam.max(), 1e-9)
        row[2].imshow(shares, canvas.STRENGTH, vmin=0, vmax=1, extent=extent)
        row[2].set(xlim=(-0.5, 27.5), ylim=(27.5, -0.5))
        for axes in row[1:]:
            for colour, width in (("white", 2.5), ("black", 1)):  # to be seen on dark and on white
                axes.contour(images[number], levels=[0.5], colors=colour, linewidths=width)
            if boxes is not None:
                canvas.outline(axes, boxes[number])
    labels = _("fall of the probability"), _("speaks for the answer")
    for column, label in zip(grid.T[1:], labels, strict=True):
        picture = column[0].images[-1]
        bar = figure.colorbar(picture, ax=column, location="bottom", shrink=0.85, label=label)
    bar.set_ticks((0, 1), labels=("0", _("most")))
    return _(
        "{count} images in rows, each three times: plain; with the places where covering "
        "lowers the answer's probability; and with those that Grad-CAM marks as speaking for it.",
        count=len(images),
    )
