"""The data is the published data set, bit for bit, and a damaged file says so."""

import hashlib
import pickle
import struct

import numpy as np
import pytest

from helpers import mnist
from helpers.files import ROOT

# The MD5 of the published files, uncompressed: images and labels to train with, then to test.
PUBLISHED = [
    "6bbc9ace898e44ae57da46a324031adb",
    "a25bea736e30d166cdddb491f175f624",
    "2646ac647ad5339dbf082846283269ea",
    "27ae3e4e09519cfbb04c329615203637",
]


def test_the_arrays_are_the_published_files(mnist_data):
    for array, digest in zip(sum(mnist_data, ()), PUBLISHED, strict=True):
        header = struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape)
        assert hashlib.md5(header + array.tobytes()).hexdigest() == digest


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "PATH", tmp_path / "mnist.npz")
    return mnist.PATH


def refused(why):
    with pytest.raises(mnist.DataFileError, match=rf"mnist\.npz.*{why}.*git checkout"):
        mnist.load_data()


def test_a_damaged_or_other_file_is_refused_and_a_pickle_is_not_opened(path, mnist_data):
    whole = (ROOT / "helpers" / "data" / "mnist.npz").read_bytes()
    altered = whole[:5_000_000] + b"altered" + whole[5_000_007:]
    for content in (whole[:1000], altered, b"", b"<html>an error page", pickle.dumps([0])):
        path.write_bytes(content)
        refused(rf"\({len(content):,} bytes\) can't be read as MNIST's .*cut short")
    arrays = dict(zip(mnist.CONTENTS, sum(mnist_data, ()), strict=True))
    for name, other, why in [
        ("x_test", arrays["x_test"][1:], "x_test differs from the published data set"),
        ("y_test", arrays["y_test"].view("int8"), "y_test differs"),
        ("y_train", np.array([None]), "allow_pickle"),
    ]:
        np.savez(path, **arrays | {name: other})
        refused(why)
    path.unlink()
    refused("is missing")


def test_prepare_refuses_other_images_and_says_what_came():
    for images in (np.zeros((5, 27, 28), np.uint8), np.zeros((5, 28, 28, 1), np.float32)):
        with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected uint8"):
            mnist.prepare(images)
