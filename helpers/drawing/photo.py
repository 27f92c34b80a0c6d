"""Find the ink on a photo, a scan or a screenshot: from a picture file to a drawing.

A pad sends the picture as PNG, upright and on white paper: the browser has opened it. A file
that it can't open comes as it is, so that a sentence says what is wrong with it.
"""

import io

import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage

from helpers.common.language import _

FORMATS = ("PNG", "JPEG")  # Pillow reads stranger ones too
MAX_PIXELS = 50_000_000  # of a picture; the cameras of phones take up to so many
MAX_SIDE = 560  # pixels of the longer side; a larger picture is reduced
MIN_SHARE_OF_LARGEST = 0.03  # a component with a smaller share of the largest one's pixels is dirt


def drawing_from_picture(file: bytes) -> np.ndarray:
    """Find the ink on a picture file: dark on light or light on dark, evenly lit or not.

    Where the picture is transparent, it lies on white paper, or on black paper if all that it shows
    is light. The paper's light is estimated around
    every point, so a soft shadow on the sheet is no ink. Nor are pale ruling, grain, specks and
    what reaches in from the picture's edge, unless nothing else is there.

    The drawing is uint8, shape (height, width) with no side over 560; 0 is paper, 255 full ink.
    Raises ValueError if the picture can't be read, is of another kind than FORMATS, has more than
    50 million pixels, or nothing on it stands out.
    """
    grey = _read_grey_picture(file)
    paper = np.median(grey)  # most of a picture is paper, and ink is what differs most from it
    if grey.max() - paper > paper - grey.min():
        grey = 255 - grey
    grey = ndimage.gaussian_filter(grey, max(grey.shape) / 400)  # evens out the grain
    paper = ndimage.grey_closing(grey, max(3, min(grey.shape) // 3))  # wider than a stroke
    ink = 1 - (grey + 1) / (paper + 1)
    darkest = ink.max()
    if darkest < 0.15:  # a share of the paper's light
        message = _(
            "Nothing on this picture stands out. Write one digit with a dark pen on light paper, "
            "and take the picture in good light and from close by."
        )
        raise ValueError(message)
    drawing = (ink / darkest - 0.35) / 0.3  # the middle of a stroke's slope becomes grey
    return (255 * _remove_specks(drawing.clip(0, 1))).round().astype(np.uint8)


def _read_grey_picture(file: bytes) -> np.ndarray:
    """Return a picture on white paper as float64 from 0 (black) to 255 (white), not too large."""
    try:
        picture = Image.open(io.BytesIO(file), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        picture = ImageOps.exif_transpose(picture)  # as the phone was held
        if picture.mode.startswith("I"):  # 16 bits, which `convert` would clip to 8
            picture = Image.fromarray((np.asarray(picture) // 257).astype(np.uint8))
        picture = picture.convert("RGBA" if picture.has_transparency_data else "L")
        picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
        if picture.mode == "RGBA":
            paper = Image.new("RGBA", picture.size, "black" if _is_light_ink(picture) else "white")
            picture = Image.alpha_composite(paper, picture).convert("L")
        return np.array(picture, dtype=np.float64)
    except Exception as error:  # Pillow raises many kinds, for many kinds of damage
        message = _(
            "This file isn't a picture that can be read here. Save it as PNG or JPEG, with at "
            "most {most:,} pixels, and try again.",
            most=MAX_PIXELS,
        )
        raise ValueError(message) from error


def _is_light_ink(picture: Image.Image) -> bool:
    """Tell whether a picture in RGBA is transparent, and all that it shows is light."""
    pixels = np.asarray(picture, float)
    opacity = pixels[..., 3]
    light = (opacity * pixels[..., :3].min(axis=-1)).sum()
    return bool(opacity.mean() < 0.99 * 255 and light > 200 * opacity.sum())


def _remove_specks(drawing: np.ndarray) -> np.ndarray:
    """Blank the specks and, unless nothing else is there, what touches the picture's edge."""
    components = ndimage.label(drawing, structure=np.ones((3, 3)))[0]
    sizes = np.bincount(components.reshape(-1))
    sizes[0] = 0  # the paper
    inside = sizes.copy()
    inside[components[[0, -1]]] = inside[components[:, [0, -1]]] = 0
    if inside.max() >= MIN_SHARE_OF_LARGEST * sizes.max():
        sizes = inside
    return np.where(sizes[components] > MIN_SHARE_OF_LARGEST * sizes.max(), drawing, 0)
