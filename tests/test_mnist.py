"""The data is the published data set, bit for bit, and a damaged file says so."""

import hashlib
import io
import pickle
import struct
import subprocess
import sys

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


def idx(array):
    return struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def test_the_arrays_are_the_published_files(mnist_data):
    assert [hashlib.md5(idx(array)).hexdigest() for array in sum(mnist_data, ())] == PUBLISHED


def test_loading_needs_no_tensorflow():
    code = (
        "import sys; from helpers import checks, mnist, plots; mnist.load_data();"
        "print({'tensorflow', 'keras', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "set()"


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist, "PATH", tmp_path / "mnist.npz")
    return mnist.PATH


@pytest.fixture
def few(mnist_data, path, monkeypatch):
    """Four arrays of three images and labels each; the file of them passes for MNIST."""
    few = {name: part[:3] for name, part in zip(mnist.CONTENTS, sum(mnist_data, ()), strict=True)}
    digests = {name: hashlib.sha256(idx(array)).hexdigest() for name, array in few.items()}
    monkeypatch.setattr(mnist, "CONTENTS", digests)
    np.savez_compressed(path, **few)
    return few


def refused(why):
    with pytest.raises(mnist.DataFileError, match=rf"mnist\.npz.*{why}.*git checkout"):
        mnist.load_data()


def test_a_damaged_file_is_named(few, path):
    """What is altered between the arrays, nobody reads, and NumPy may not notice."""
    content = path.read_bytes()
    path.write_bytes(content[:1000])
    refused(r"\(1,000 bytes\).*cut short")
    for position in range(0, len(content), 20):
        path.write_bytes(content[:position] + b"A" + content[position + 1 :])
        try:
            np.testing.assert_equal(sum(mnist.load_data(), ()), tuple(few.values()))
        except mnist.DataFileError:
            continue


def test_arrays_that_are_not_mnist_are_refused(few, path):
    images = few["x_train"]
    for other in (255 - images, images[1:], images.view("int8")):
        np.savez(path, **few | {"x_train": other})
        refused("x_train differs from the published data set")
    np.savez(path, x_train=images)
    refused("y_train")


def test_other_files_are_refused_and_pickles_are_not_opened(path):
    np.savez(path, **dict.fromkeys(mnist.CONTENTS, np.array([None])))
    refused("allow_pickle")
    np.save(one_array := io.BytesIO(), np.zeros((600, 28), np.uint8))
    for content in (pickle.dumps([0]), b"", b"<html>an error page", one_array.getvalue()):
        path.write_bytes(content)
        refused("can't be read as MNIST's")
    path.unlink()
    path.mkdir()
    refused("can't be read as MNIST's")


def test_without_file_and_network_the_error_says_both(path, monkeypatch):
    """Without the file the loader of Keras is asked, which needs the network."""
    from tensorflow.keras.datasets import mnist as keras_mnist

    def fail():
        raise OSError("host not found")

    monkeypatch.setattr(keras_mnist, "load_data", lambda: "downloaded")
    assert mnist.load_data() == "downloaded"
    monkeypatch.setattr(keras_mnist, "load_data", fail)
    refused("is missing.*host not found")


def test_prepare_refuses_other_images_and_says_what_came():
    for shape in [(28, 28), (5, 27, 28), (5, 28, 28), (5, 28, 28, 1)]:
        images = np.zeros(shape, np.float32 if shape[1:3] == (28, 28) else np.uint8)
        with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected uint8"):
            mnist.prepare(images)
