"""The pictures that the cells of a notebook draw, beside the committed ones."""

import base64
import io
import re

import matplotlib
import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter, uniform_filter

from helpers.common.files import ROOT
from tools.pages import is_live

# The Matplotlib that is pinned has drawn the committed pictures. It draws them again to the pixel,
# other systems perhaps a pixel beside. Another Matplotlib sets text otherwise, and the axes
# around it: between 3.10.0 and 3.11.2 an edge moves by up to 12 pixels.
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PINNED = re.findall(r"^matplotlib==(\d+\.\d+\.)", PINS, re.MULTILINE)[-1]
REACH = 2 if matplotlib.__version__.startswith(PINNED) else 12  # pixels
TOLERANCE = 0.1  # of the way from black to white, in the mean of 3x3 pixels; 0.07 between those two
# The share of a picture that may differ where its numbers do: 0.02 to 0.034 between trainings.
MEASURED = 0.05


def collect_pictures(notebook) -> dict[str, tuple[str, bool]]:
    """Return a dictionary that fills with the pictures of a cell while nbval runs it.

    A picture comes in Base64, with whether it has grown: then it has taken the place of an earlier
    one, as the curves of a training do.
    """
    pictures, receive = {}, type(notebook).get_kernel_message

    def receive_and_note(*arguments, **options):
        message = receive(notebook, *arguments, **options)
        if picture := message["content"].get("data", {}).get("image/png"):
            display = message["content"].get("transient", {}).get("display_id")
            place = display or message["header"]["msg_id"]
            pictures[place] = picture, place in pictures
        return message

    notebook.get_kernel_message = receive_and_note
    return pictures


def check_pictures(item, drawn: list[tuple[str, bool]]) -> None:
    """Compare what a cell has drawn with its committed pictures.

    Where a cell is tagged `measured`, or nbval doesn't compare its output, or a training has drawn
    the picture, its numbers may differ, and so may a small share of the picture. AssertionError
    names the cell and the file in `build/pictures/` that shows what differs.
    """
    outputs = [output.get("data", {}) for output in item.cell.outputs]
    committed = [data["image/png"] for data in outputs if "image/png" in data]
    tags = item.cell.metadata.get("tags", [])
    if is_live(item.cell):
        return  # a browser draws it
    notebook = item.path.relative_to(ROOT)
    where = f"{notebook.as_posix()}, code cell {item.cell_num}"
    assert len(drawn) == len(committed), f"{where}: {len(drawn)} pictures, not {len(committed)}"
    is_measured = "measured" in tags or not item.options["check"]
    for number, ((picture, has_grown), expected) in enumerate(zip(drawn, committed, strict=True)):
        if picture.strip() == expected.strip():
            continue
        pair = decode(picture), decode(expected)
        difference = compare(*pair)
        share = MEASURED if is_measured or has_grown else 0
        if difference.mean() <= share and same_size(*pair, share):
            continue
        name = "-".join([*notebook.with_suffix("").parts[1:], str(item.cell_num), str(number)])
        path = ROOT / "build" / "pictures" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        show_beside(*pair, difference).save(path)
        raise AssertionError(
            f"{where}: the picture differs from the committed one. In {path}, from top to bottom, "
            "are the picture drawn now, the committed one, and black where they differ. If the new "
            "picture is right, `make notebooks` commits it."
        )


def decode(picture: str) -> Image.Image:
    """Return a picture in Base64 on white paper."""
    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def same_size(drawn: Image.Image, committed: Image.Image, share: float) -> bool:
    """Whether two pictures have one size, but for REACH pixels and a share of each side."""
    sides = zip(drawn.size, committed.size, strict=True)
    return all(abs(side - other) <= REACH + share * other for side, other in sides)


def compare(drawn: Image.Image, committed: Image.Image) -> np.ndarray:
    """Return where two pictures differ, bool, of the shape of the committed one.

    A pixel differs where its colour lies outside of those that the other picture has around it,
    up to REACH pixels away. So an edge may move a little, and whatever one picture alone has
    differs: a line, a frame, the stroke of a digit.
    """
    first, second = (
        np.asarray(picture.resize(committed.size), np.int16) for picture in (drawn, committed)
    )
    outside = np.maximum(lies_outside(first, second), lies_outside(second, first)) / 255
    return uniform_filter(outside, 3) > TOLERANCE


def lies_outside(colours: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how far colours lie outside of the others around their place, 0 to 255."""
    side = 2 * REACH + 1
    most, least = (fit(others, (side, side, 1)) for fit in (maximum_filter, minimum_filter))
    return np.maximum(colours - most, least - colours).clip(0).max(axis=2).astype(float)


def show_beside(drawn, committed, difference) -> Image.Image:
    """Return one picture, from top to bottom: what is drawn, the committed, what differs."""
    marks = Image.fromarray(np.where(difference, 0, 255).astype(np.uint8))
    parts = [drawn, committed, marks]
    sheet = Image.new("RGB", (max(part.width for part in parts), sum(p.height for p in parts)))
    top = 0
    for part in parts:
        sheet.paste(part, (0, top))
        top += part.height
    return sheet
