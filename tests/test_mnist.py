"""The data is the published data set, bit for bit, and a damaged file says so."""

import hashlib
import pickle
import struct
import subprocess
import sys

import numpy as np
import pytest

from helpers import mnist
from helpers.files import ROOT
from tools import make_mnist

# The published files, uncompressed, in the order of mnist.CONTENTS, and the MD5 of each.
PUBLISHED = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture(scope="module")
def idx_folder(mnist_data, tmp_path_factory):
    """The four original files, written here from their published description."""
    folder = tmp_path_factory.mktemp("idx")
    for name, array in zip(PUBLISHED, (*mnist_data[0], *mnist_data[1]), strict=True):
        if array.ndim == 3:
            header = struct.pack(">IIII", 0x00000803, len(array), 28, 28)
        else:
            header = struct.pack(">II", 0x00000801, len(array))
        (folder / name).write_bytes(header + array.tobytes())
    return folder


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_arrays_are_the_published_files(idx_folder, name):
    assert hashlib.md5((idx_folder / name).read_bytes()).hexdigest() == PUBLISHED[name]


def test_the_call_is_that_of_keras(mnist_data):
    (train_images, train_labels), (test_images, test_labels) = mnist_data
    assert (train_images.shape, train_labels.shape) == ((60000, 28, 28), (60000,))
    assert (test_images.shape, test_labels.shape) == ((10000, 28, 28), (10000,))
    for array in (train_images, train_labels, test_images, test_labels):
        assert type(array) is np.ndarray and array.dtype == np.uint8
    assert sorted(set(train_labels)) == sorted(set(test_labels)) == list(range(10))
    with np.load(mnist.PATH, allow_pickle=False) as file:  # as Keras names them
        assert sorted(file.files) == ["x_test", "x_train", "y_test", "y_train"]


def test_loading_needs_no_tensorflow():
    code = (
        "import sys; from helpers import checks, mnist, plots; mnist.load_data();"
        "print({'tensorflow', 'keras', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "set()"


def test_the_script_makes_the_same_arrays_again(mnist_data, idx_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(np, "savez_compressed", np.savez)  # which takes a tenth of the time
    make_mnist.main([str(idx_folder), "--output", str(tmp_path / "again.npz")])
    again = mnist.load_data(tmp_path / "again.npz")
    for array, array_again in zip(sum(mnist_data, ()), sum(again, ()), strict=True):
        np.testing.assert_array_equal(array, array_again)


def test_the_script_refuses_a_file_that_is_not_the_published_one(idx_folder, tmp_path):
    labels = tmp_path / "train-images-idx3-ubyte"
    labels.write_bytes((idx_folder / labels.name).read_bytes()[:-1] + b"\1")
    with pytest.raises(ValueError, match="train-images-idx3-ubyte is not the published file"):
        make_mnist.main([str(tmp_path), "--output", str(tmp_path / "new.npz")])
    assert not (tmp_path / "new.npz").exists()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mnist.npz"


def test_a_truncated_file_is_named(path):
    path.write_bytes(mnist.PATH.read_bytes()[:1_000_000])
    with pytest.raises(mnist.DataFileError, match=r"1,000,000 bytes.*cut short"):
        mnist.load_data(path)


def test_an_altered_byte_is_found(path):
    content = bytearray(mnist.PATH.read_bytes())
    content[5_000_000] ^= 1
    path.write_bytes(content)
    with pytest.raises(mnist.DataFileError, match=r"mnist\.npz"):
        mnist.load_data(path)


ZEROS = np.zeros((60000, 28, 28), np.uint8)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (ZEROS, "x_train differs from the published data set"),
        (ZEROS[1:], r"x_train is uint8 of shape \(59999, 28, 28\)"),
        (ZEROS.astype("int8"), "x_train is int8"),
    ],
)
def test_arrays_that_are_not_mnist_are_refused(array, message, path):
    np.savez(path, **dict.fromkeys(mnist.CONTENTS, np.zeros(3)) | {"x_train": array})
    with pytest.raises(mnist.DataFileError, match=message):
        mnist.load_data(path)


def test_a_missing_array_is_named(path):
    np.savez(path, x_train=np.zeros(3))
    with pytest.raises(mnist.DataFileError, match="y_train"):
        mnist.load_data(path)


class Trap:
    """A pickle that would leave a trace if it were opened."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (open, (str(self.trace), "w"))


def test_pickles_are_refused(path, tmp_path):
    trap = np.array([Trap(tmp_path / "trace")], dtype=object)
    np.savez(path, **dict.fromkeys(mnist.CONTENTS, trap))
    with pytest.raises(mnist.DataFileError, match="allow_pickle"):
        mnist.load_data(path)
    assert not (tmp_path / "trace").exists()


def put_one_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros((60000, 28), np.uint8))


@pytest.mark.parametrize(
    "put",
    [
        lambda path: path.write_bytes(pickle.dumps({"x_train": np.zeros(3)})),
        lambda path: path.write_bytes(pickle.dumps(Trap(path.parent / "trace"))),
        lambda path: path.write_bytes(b""),
        lambda path: path.mkdir(),
        put_one_array,
    ],
)
def test_another_file_in_its_place_is_refused(put, path, tmp_path):
    put(path)
    with pytest.raises(mnist.DataFileError, match=r"mnist\.npz \(.*can't be read as MNIST's"):
        mnist.load_data(path)
    assert not (tmp_path / "trace").exists()


def test_an_altered_byte_between_the_arrays_is_found_or_does_no_harm(mnist_data, path, monkeypatch):
    """Every tenth byte in turn, of a file like that of MNIST with a few images."""
    few = {name: part[:3] for name, part in zip(mnist.CONTENTS, sum(mnist_data, ()), strict=True)}
    contents = {n: (few[n].shape, hashlib.sha256(mnist.to_idx(few[n])).hexdigest()) for n in few}
    monkeypatch.setattr(mnist, "CONTENTS", contents)
    np.savez_compressed(path, **few)
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


def test_the_message_for_the_shipped_file_says_how_to_get_it_back(path, monkeypatch):
    path.write_bytes(b"an error page, saved in place of the file")
    monkeypatch.setattr(mnist, "PATH", path)
    with pytest.raises(mnist.DataFileError, match=r"git checkout -- helpers/data/mnist\.npz"):
        mnist.load_data(path)


def test_without_the_file_the_loader_of_keras_is_asked(mnist_data, tmp_path, monkeypatch):
    from tensorflow.keras.datasets import mnist as keras_mnist

    monkeypatch.setattr(keras_mnist, "load_data", lambda: mnist_data)
    assert mnist.load_data(tmp_path / "absent.npz")[0][0] is mnist_data[0][0]


def test_without_file_and_network_the_error_says_both(tmp_path, monkeypatch):
    from tensorflow.keras.datasets import mnist as keras_mnist

    def fail():
        raise OSError("host not found")

    monkeypatch.setattr(keras_mnist, "load_data", fail)
    with pytest.raises(mnist.DataFileError, match=r"absent\.npz is missing.*host not found"):
        mnist.load_data(tmp_path / "absent.npz")


def test_prepare_against_plain_loops(mnist_data):
    images = mnist_data[0][0][:2]
    prepared = mnist.prepare(images)
    assert prepared.shape == (2, 28, 28, 1) and prepared.dtype == np.float32
    for (image, row, column), value in np.ndenumerate(images):
        assert prepared[image, row, column, 0] == np.float32(value) / np.float32(255)
    assert mnist.prepare(images[:0]).shape == (0, 28, 28, 1)


@pytest.mark.parametrize("shape", [(28, 28), (5, 27, 28), (5, 28, 28), (5, 28, 28, 1)])
def test_prepare_refuses_other_images_and_says_what_came(shape):
    images = np.zeros(shape, np.float32 if shape[1:3] == (28, 28) else np.uint8)
    with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected uint8"):
        mnist.prepare(images)
