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

# The published files, uncompressed, in the order of mnist.CONTENTS, and the MD5 of each.
PUBLISHED = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
PICKLE = pickle.dumps({"x_train": np.zeros(3)})


def idx(array):
    return struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def test_the_arrays_are_the_published_files(mnist_data):
    for (name, digest), array in zip(PUBLISHED.items(), sum(mnist_data, ()), strict=True):
        assert hashlib.md5(idx(array)).hexdigest() == digest, name


def test_loading_needs_no_tensorflow():
    code = (
        "import sys; from helpers import checks, mnist, plots; mnist.load_data();"
        "print({'tensorflow', 'keras', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "set()"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mnist.npz"


@pytest.fixture
def few(mnist_data, path, monkeypatch):
    """Four arrays of three images and labels each; the file of them passes for MNIST."""
    few = {name: part[:3] for name, part in zip(mnist.CONTENTS, sum(mnist_data, ()), strict=True)}
    contents = {n: (a.shape, hashlib.sha256(idx(a)).hexdigest()) for n, a in few.items()}
    monkeypatch.setattr(mnist, "CONTENTS", contents)
    np.savez_compressed(path, **few)
    return few


def refused(path, why):
    with pytest.raises(mnist.DataFileError, match=why):
        mnist.load_data(path)


def test_a_truncated_file_is_named(few, path):
    path.write_bytes(path.read_bytes()[:1000])
    refused(path, r"mnist\.npz \(1,000 bytes\).*cut short.*The file that comes with")


def test_an_altered_byte_is_found_or_does_no_harm(few, path):
    """Every tenth byte in turn; what lies between the arrays, nobody reads."""
    content = path.read_bytes()
    found = 0
    for position in range(0, len(content), 10):
        altered = bytearray(content)
        altered[position] ^= 0x41
        path.write_bytes(altered)
        try:
            again = mnist.load_data(path)
        except mnist.DataFileError as error:
            found += 1
            assert "mnist.npz" in str(error) and "The file that comes with" in str(error)
        else:
            for array, array_again in zip(few.values(), sum(again, ()), strict=True):
                np.testing.assert_array_equal(array, array_again)
    assert found > len(content) / 20


def test_arrays_that_are_not_mnist_are_refused(few, path):
    other = 255 - few["x_train"]
    for array, why in [
        (other, "x_train differs from the published data set"),
        (other[1:], r"x_train is uint8 of shape \(2, 28, 28\)"),
        (other.astype("int8"), "x_train is int8"),
    ]:
        np.savez(path, **few | {"x_train": array})
        refused(path, why)
    np.savez(path, x_train=few["x_train"])
    refused(path, "y_train")


class Trap:
    """A pickle that would leave a trace if it were opened."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (open, (str(self.trace), "w"))


def test_pickles_are_refused(path):
    trap = Trap(path.with_name("trace"))
    np.savez(path, **dict.fromkeys(mnist.CONTENTS, np.array([trap], dtype=object)))
    refused(path, "allow_pickle")
    path.write_bytes(pickle.dumps(trap))
    refused(path, "can't be read as MNIST's")
    assert not trap.trace.exists()


def test_another_file_in_its_place_is_refused(path):
    np.save(one_array := io.BytesIO(), np.zeros((600, 28), np.uint8))
    for content in (b"", PICKLE, one_array.getvalue()):
        path.write_bytes(content)
        refused(path, r"mnist\.npz \(.* bytes\) can't be read as MNIST's")
    path.unlink()
    path.mkdir()
    refused(path, r"mnist\.npz \(no regular file\) can't be read as MNIST's")


def test_the_message_for_the_shipped_file_says_how_to_get_it_back(path, monkeypatch):
    path.write_bytes(b"an error page, saved in place of the file")
    monkeypatch.setattr(mnist, "PATH", path)
    refused(path, r"git checkout -- helpers/data/mnist\.npz")


def test_without_file_and_network_the_error_says_both(mnist_data, path, monkeypatch):
    """Without the file the loader of Keras is asked, which needs the network."""
    from tensorflow.keras.datasets import mnist as keras_mnist

    def fail():
        raise OSError("host not found")

    monkeypatch.setattr(keras_mnist, "load_data", lambda: mnist_data)
    assert mnist.load_data(path)[0][0] is mnist_data[0][0]
    monkeypatch.setattr(keras_mnist, "load_data", fail)
    refused(path, r"mnist\.npz is missing.*host not found")


def test_prepare_refuses_other_images_and_says_what_came():
    for shape in [(28, 28), (5, 27, 28), (5, 28, 28), (5, 28, 28, 1)]:
        images = np.zeros(shape, np.float32 if shape[1:3] == (28, 28) else np.uint8)
        with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected uint8"):
            mnist.prepare(images)
