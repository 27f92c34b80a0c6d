"""The figure of extras/your_own: a confusion matrix whose fields open."""

import base64
import html
import io
import math
from collections.abc import Sequence

import numpy as np
from IPython.display import HTML
from PIL import Image

from helpers.common.language import _

MAX_IMAGES = 12  # images that a field opens


class ConfusionMatrix(HTML):
    """A confusion matrix as HTML: a field opens up to twelve of the images that it counts.

    `images` are uint8 of shape (n, 28, 28), `labels` and `guesses` integers of shape (n,), indices
    of `names`. A row has the images of one class, a column those that are read as one.
    """

    def __init__(self, images, labels, guesses, names: Sequence[str]):
        heads = "".join(f'<th scope="col" dir="auto">{html.escape(name)}</th>' for name in names)
        corner = _("true, and read as")  # not within an f-string, where Babel finds no message
        rows = [f"<tr><td>{html.escape(corner)}</td>{heads}</tr>"]
        for label, name in enumerate(names):
            cells = ""
            for guess, answer in enumerate(names):
                counted = images[(labels == label) & (guesses == guess)]
                text = _("{name}, read as {answer}", name=name, answer=answer)
                cells += f"<td>{_field(counted, text)}</td>"
            rows.append(f'<tr><th scope="row" dir="auto">{html.escape(name)}</th>{cells}</tr>')
        super().__init__(f"<table>{''.join(rows)}</table>")

    def __repr__(self):
        return _("A confusion matrix, each field of which opens the images that it counts.")


def _field(images: np.ndarray, text: str) -> str:
    """Return the HTML of a field: how many images it counts, and some of them, folded."""
    if not len(images):
        return "0"
    shown = images[:: math.ceil(len(images) / MAX_IMAGES)]
    missing = np.zeros((-len(shown) % 4, 28, 28), np.uint8)  # to fill up the last row of four
    rows = np.concatenate([shown, missing]).reshape(-1, 4, 28, 28)
    png = io.BytesIO()
    Image.fromarray(255 - np.vstack([np.hstack(row) for row in rows])).save(png, "PNG")
    source = f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
    picture = f'<img src="{source}" alt="{html.escape(text)}">'
    return f"<details><summary>{len(images)}</summary>{picture}</details>"
