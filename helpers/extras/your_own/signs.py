"""A data set of one's own: printed letters, drawings, and pictures in folders."""

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageDraw, ImageFont

from helpers.common import classes
from helpers.common.language import _
from helpers.drawing import drawing_files, to_mnist
from helpers.drawing.photo import drawing_from_picture
from helpers.drawing.preparation import CANVAS_SIDE, IMAGE_SIDE

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
HIDDEN_FILES = "Thumbs.db", "desktop.ini"  # which Windows keeps in a folder of pictures
STYLES = "DejaVuS*", "STIXGeneral*", "cm[rb]10", "cmss10", "cmtt10"


def print_signs(names: Sequence[str], copies: int = 10) -> tuple[np.ndarray, ...]:
    """Print the `names` in Matplotlib's twenty faces for text, turned and sized at random.

    Return three arrays. The images, `copies` of each name in each face, are uint8 of shape
    (n, 28, 28), prepared as MNIST's are. Their labels and the numbers of their faces, in the order
    of the faces' names, are int of shape (n,). The same arguments give the same images.

    Raises ValueError where the faces lack a letter, or the names can't be used.
    """
    rng = np.random.default_rng(0)
    names = classes.check_names(names)
    images, labels, faces = [], [], []
    for face, path in enumerate(_font_files()):
        font = FT2Font(path)
        for label, name in enumerate(names):
            if not all(font.get_char_index(ord(letter)) for letter in name):
                message = _("{name}: Matplotlib's faces have no such letter. Draw it.", name=name)
                raise ValueError(message)
            images += [to_mnist(_print_sign(name, path, rng)) for _copy in range(copies)]
            labels += [label] * copies
            faces += [face] * copies
    return np.stack(images), np.array(labels), np.array(faces)


def _font_files() -> list[Path]:
    """Return the files of Matplotlib's faces for text, in the order of their names."""
    paths = [path for style in STYLES for path in FONTS.glob(f"{style}.ttf")]
    return sorted(path for path in paths if "Display" not in path.stem)


def _print_sign(name: str, path: Path, rng: np.random.Generator) -> np.ndarray:
    font = ImageFont.truetype(path, int(rng.integers(120, 201) / len(name)))
    canvas = Image.new("L", (CANVAS_SIDE, CANVAS_SIDE))
    middle = CANVAS_SIDE / 2, CANVAS_SIDE / 2
    ImageDraw.Draw(canvas).text(middle, name, fill=255, font=font, anchor="mm")
    return np.array(canvas.rotate(rng.uniform(-15, 15), Image.Resampling.BILINEAR))


def read_signs(folder: Path | str, names: Sequence[str]) -> tuple[np.ndarray, ...]:
    """Read drawings, as `read_drawings` does, and pictures of the classes called `names`.

    The pictures of a class lie in a subfolder with the name of the class. All pictures together
    count as one more writer. Return three arrays. The images are uint8 of shape (n, 28, 28),
    prepared as MNIST's are. Their labels and their writers are int of shape (n,). Without any file,
    n is 0.

    Raises ValueError, which names the file or the subfolder, for a file that can't be used, for a
    subfolder that is a link to nothing, and for a subfolder that belongs to two classes.
    """
    folder = Path(folder)
    drawings, labels, writers = drawing_files.read_drawings(folder, names)
    images = [to_mnist(drawing) for drawing in drawings]
    labels = list(labels)
    writers = list(writers)
    writer = max(writers, default=-1) + 1  # of the pictures
    for label, subfolder in _subfolders(folder, names):
        for path in sorted(subfolder.glob("[!.]*")):
            if path.name in HIDDEN_FILES:
                continue
            try:
                images.append(to_mnist(drawing_from_picture(path.read_bytes())))
            except (OSError, ValueError) as error:
                raise ValueError(f"{subfolder.name}/{path.name}: {error}") from error
            labels.append(label)
            writers.append(writer)
    images = np.array(images, np.uint8).reshape(len(images), IMAGE_SIDE, IMAGE_SIDE)
    return images, np.array(labels, int), np.array(writers, int)


def _subfolders(folder: Path, names: Sequence[str]) -> Iterator[tuple[int, Path]]:
    """Yield the label and the subfolder of each class that has one, which may be a link."""
    owners = {}
    for label, name in enumerate(names):
        subfolder = _find_subfolder(folder, name)
        if subfolder is None:
            continue
        try:
            status = subfolder.stat()
        except OSError as error:  # a link to nothing
            raise ValueError(f"{name}: {error}") from error
        # Some systems take "A" and "a" for one folder.
        owner = owners.setdefault((status.st_dev, status.st_ino), name)
        if owner != name:
            message = _(
                "{first} and {second} are the same folder here. Give one of the two classes "
                "another name, and its pictures a folder of that name.",
                first=owner,
                second=name,
            )
            raise ValueError(message)
        yield label, subfolder


def _find_subfolder(folder: Path, name: str) -> Path | None:
    """Return the subfolder with the name of a class, or None if there is none."""
    if Path(name).name != name or name == "..":  # a name may be "/" or ".."
        return None
    # A Mac may write é as e and an accent, and a keyboard gives one character.
    spellings = name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    for subfolder in (folder / spelling for spelling in spellings):
        if subfolder.is_dir() or subfolder.is_symlink():
            return subfolder
    return None
