"""The data is the published data set, bit for bit, and a damaged file says so."""

import hashlib
import pickle
import struct

import numpy as np
import pytest

from helpers import mnist
from helpers.common.files import DATA

# How the SHA-256 digests of the four published files begin, in the IDX format.
PUBLISHED = ["ba891046e6505d7a", "65a50cbbf4e906d7", "0fa7898d509279e4", "ff7bcfd416de3373"]


def test_the_arrays_are_those_of_the_published_files(mnist_data):
    for array, digest in zip(sum(mnist_data, ()), PUBLISHED, strict=True):
        # IDX begins with two zero bytes, 8 for uint8, the number of axes, and the length of each.
        header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
        assert array.dtype == np.uint8
        assert hashlib.sha256(header + array.tobytes()).hexdigest().startswith(digest)


def test_a_damaged_or_other_file_is_refused_and_a_pickle_is_not_opened(tmp_path, monkeypatch):
    path = tmp_path / "mnist.npz"
    monkeypatch.setattr(mnist, "PATH", path)
    with pytest.raises(OSError, match=r"mnist\.npz is missing.*git checkout"):
        mnist.load_data()
    whole = (DATA / "mnist.npz").read_bytes()
    altered = whole[:5_000_000] + b"altered" + whole[5_000_007:]
    for content in (whole[:-1], altered, b"", pickle.dumps([0])):
        path.write_bytes(content)
        why = rf"cut short.*\({len(content):,} bytes.*git checkout"
        with pytest.raises(OSError, match=why):
            mnist.load_data()


def test_prepare_refuses_other_images_and_says_what_came():
    shapes = {(5, 27, 28): np.uint8, (5, 28, 28): np.float32, (5, 28, 28, 1): np.uint8}
    for images in (np.zeros(shape, dtype) for shape, dtype in shapes.items()):
        with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected whole"):
            mnist.prepare(images)
