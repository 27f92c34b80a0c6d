"""MNIST from the file that comes with the lesson, by the call of `tensorflow.keras.datasets.mnist`.

MNIST was made by Yann LeCun, Corinna Cortes and Christopher J. C. Burges; see MNIST-LICENSE.md.
"""

import hashlib
import io

import numpy as np

from helpers.common import arguments
from helpers.common.files import DATA
from helpers.common.language import _

PATH = DATA / "mnist.npz"
SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"  # of the file


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Load `(train_images, train_labels), (test_images, test_labels)`, checked byte by byte.

    Images have the shapes (60000, 28, 28) and (10000, 28, 28), labels (60000,) and (10000,), all
    uint8. A pixel is 0 for background to 255 for ink; a label is the digit, 0 to 9. Raises
    OSError if the file is missing, damaged or altered, and says how to get it back.
    """
    content = PATH.read_bytes() if PATH.is_file() else b""
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        problem = _(
            "{path} is missing, or was cut short or changed on its way here ({count:,} bytes, "
            "SHA-256: {digest:.8}…, expected {expected:.8}…). To get it back, run "
            "`git checkout -- helpers/data/mnist.npz` in the project's folder, or download "
            "that one file from the project's page again.",
            path=PATH,
            count=len(content),
            digest=digest,
            expected=SHA256,
        )
        raise OSError(problem)
    with np.load(io.BytesIO(content)) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])


def prepare(images: np.ndarray) -> np.ndarray:
    """Reshape and scale images for the network, as notebook 3 does in its cells.

    From uint8, shape (n, 28, 28), 0 to 255, to float32, shape (n, 28, 28, 1), 0 to 1. Raises
    ValueError for another shape or dtype, as of images that are prepared already.
    """
    images = arguments.check_numbers("images", images, ("n", 28, 28), "u")
    return images.reshape((len(images), 28, 28, 1)).astype("float32") / 255
