"""The data is the published data set, bit for bit, and a damaged file says so."""

import pickle

import numpy as np
import pytest

from helpers import mnist
from helpers.files import ROOT


def test_a_damaged_or_other_file_is_refused_and_a_pickle_is_not_opened(
    tmp_path, monkeypatch, mnist_data
):
    path = tmp_path / "mnist.npz"
    monkeypatch.setattr(mnist, "PATH", path)

    def refused(why):
        with pytest.raises(mnist.DataFileError, match=rf"mnist\.npz.*{why}.*git checkout"):
            mnist.load_data()

    refused("is missing")
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


def test_prepare_refuses_other_images_and_says_what_came():
    shapes = {(5, 27, 28): np.uint8, (5, 28, 28): np.float32, (5, 28, 28, 1): np.float32}
    for images in (np.zeros(shape, dtype) for shape, dtype in shapes.items()):
        with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected uint8"):
            mnist.prepare(images)
