"""MNIST from the file that comes along, by the call of `tensorflow.keras.datasets.mnist`.

MNIST was made by Yann LeCun, Corinna Cortes and Christopher J. C. Burges; see MNIST-LICENSE.md.
"""

import hashlib
import io
import struct

import numpy as np

from helpers.expect import describe
from helpers.files import DATA
from helpers.language import _

PATH = DATA / "mnist.npz"

# The arrays that the file must hold, each with the SHA-256 digest of the published file in the IDX
# format: it is the same whichever program has packed them.
CONTENTS = {
    "x_train": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "y_train": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "x_test": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "y_test": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


class DataFileError(OSError):
    """The data file is missing or is not MNIST; the message says how to get it back."""


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Load `(train_images, train_labels), (test_images, test_labels)`, checked byte by byte.

    Images have the shapes (60000, 28, 28) and (10000, 28, 28), labels (60000,) and (10000,), all
    uint8. A pixel is 0 for background to 255 for ink; a label is the digit, 0 to 9.

    Raises:
        DataFileError: the file is missing, damaged or altered.
    """
    try:
        with np.load(io.BytesIO(PATH.read_bytes()), allow_pickle=False) as file:
            arrays = {name: np.asarray(file[name]) for name in CONTENTS}
    except FileNotFoundError as error:
        raise _unusable(_("{path} is missing.")) from error
    except Exception as error:  # NumPy and zipfile raise many kinds, for many kinds of damage
        problem = _(
            "{path} ({size}) can't be read as MNIST's four arrays; it was probably cut short or "
            "changed on its way here ({error})."
        )
        size = _("{count:,} bytes", count=PATH.stat().st_size)
        raise _unusable(problem, size=size, error=error) from error
    for name, array in arrays.items():
        # IDX begins with two zero bytes, 8 for uint8, the number of axes, and the length of each.
        header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
        digest = hashlib.sha256(header + array.tobytes()).hexdigest()
        if array.dtype != np.uint8 or digest != CONTENTS[name]:
            problem = _("{path}: the array {name} differs from the published data set.")
            raise _unusable(problem, name=name)
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def prepare(images: np.ndarray) -> np.ndarray:
    """Reshape and scale images for the network, as notebook 3 does in its cells.

    From uint8, shape (n, 28, 28), 0 to 255, to float32, shape (n, 28, 28, 1), 0 to 1.

    Raises:
        ValueError: another shape or dtype; images that are prepared already are the usual case.
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or images.dtype != np.uint8:
        problem = _(
            "images: got {got}, expected uint8 of shape (n, 28, 28), as load_data() returns "
            "them. Have they been prepared already?"
        )
        raise ValueError(problem.format(got=describe(images)))
    return images.reshape((len(images), 28, 28, 1)).astype("float32") / 255


def _unusable(problem: str, **values) -> DataFileError:
    remedy = _(
        "To get it back, run `git checkout -- helpers/data/mnist.npz` in the project's folder, or "
        "download that one file from the project's page again."
    )
    problem = problem.format(path=PATH, **values)
    return DataFileError(_("{problem} {remedy}", problem=problem, remedy=remedy))
