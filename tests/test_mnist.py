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
from tools import make_mnist

# The published files, uncompressed: bytes, MD5, SHA-256.
PUBLISHED = {
    "train-images-idx3-ubyte": (
        47040016,
        "6bbc9ace898e44ae57da46a324031adb",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "train-labels-idx1-ubyte": (
        60008,
        "a25bea736e30d166cdddb491f175f624",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "t10k-images-idx3-ubyte": (
        7840016,
        "2646ac647ad5339dbf082846283269ea",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "t10k-labels-idx1-ubyte": (
        10008,
        "27ae3e4e09519cfbb04c329615203637",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}


@pytest.fixture(scope="module")
def data():
    return mnist.load_data()


@pytest.fixture(scope="module")
def idx_folder(data, tmp_path_factory):
    """The four original files, written here from their published description."""
    folder = tmp_path_factory.mktemp("idx")
    (train_images, train_labels), (test_images, test_labels) = data
    for name, array in zip(
        PUBLISHED, (train_images, train_labels, test_images, test_labels), strict=True
    ):
        if array.ndim == 3:
            header = struct.pack(">IIII", 0x00000803, len(array), 28, 28)
        else:
            header = struct.pack(">II", 0x00000801, len(array))
        (folder / name).write_bytes(header + array.tobytes())
    return folder


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_arrays_are_the_published_files(idx_folder, name):
    content = (idx_folder / name).read_bytes()
    digests = hashlib.md5(content).hexdigest(), hashlib.sha256(content).hexdigest()
    assert (len(content), *digests) == PUBLISHED[name]


def test_the_call_is_that_of_keras(data):
    (train_images, train_labels), (test_images, test_labels) = data
    assert (train_images.shape, train_labels.shape) == ((60000, 28, 28), (60000,))
    assert (test_images.shape, test_labels.shape) == ((10000, 28, 28), (10000,))
    for array in (train_images, train_labels, test_images, test_labels):
        assert type(array) is np.ndarray and array.dtype == np.uint8
    assert sorted(set(train_labels)) == sorted(set(test_labels)) == list(range(10))


def test_the_file_has_the_names_of_the_file_of_keras():
    with np.load(mnist.PATH, allow_pickle=False) as file:
        assert sorted(file.files) == ["x_test", "x_train", "y_test", "y_train"]


def test_loading_needs_no_tensorflow():
    code = (
        "import sys; from helpers import checks, mnist, plots; mnist.load_data();"
        "print({'tensorflow', 'keras', 'sklearn', 'scipy'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "set()"


def test_the_script_makes_the_same_arrays_again(data, idx_folder, tmp_path, capsys):
    output = tmp_path / "again.npz"
    make_mnist.main([str(idx_folder), "--output", str(output)])
    for part, part_again in zip(data, mnist.load_data(output), strict=True):
        for array, array_again in zip(part, part_again, strict=True):
            np.testing.assert_array_equal(array, array_again)


def test_the_script_refuses_a_file_that_is_not_the_published_one(idx_folder, tmp_path):
    for name in PUBLISHED:
        (tmp_path / name).write_bytes((idx_folder / name).read_bytes())
    labels = tmp_path / "t10k-labels-idx1-ubyte"
    labels.write_bytes(labels.read_bytes()[:-1] + b"\0")
    with pytest.raises(ValueError, match="t10k-labels-idx1-ubyte is not the published file"):
        make_mnist.main([str(tmp_path), "--output", str(tmp_path / "new.npz")])
    assert not (tmp_path / "new.npz").exists()


def test_a_truncated_file_is_named(tmp_path):
    path = tmp_path / "mnist.npz"
    path.write_bytes(mnist.PATH.read_bytes()[:1_000_000])
    with pytest.raises(mnist.DataFileError, match=r"1,000,000 bytes.*cut short"):
        mnist.load_data(path)


def test_an_altered_byte_is_found(tmp_path):
    content = bytearray(mnist.PATH.read_bytes())
    content[5_000_000] ^= 1
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(mnist.DataFileError, match=r"mnist\.npz"):
        mnist.load_data(path)


def altered(data, name, change):
    """Return the four arrays by name, one of them changed."""
    (x_train, y_train), (x_test, y_test) = data
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return arrays | {name: change(arrays[name].copy())}


def one_label_wrong(labels):
    labels[0] = 3
    return labels


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("y_test", one_label_wrong, "y_test differs from the published data set"),
        ("y_test", lambda labels: labels[:-1], r"y_test is uint8 of shape \(9999,\)"),
        ("y_test", lambda labels: labels.astype("int64"), "y_test is int64"),
    ],
)
def test_arrays_that_are_not_mnist_are_refused(data, tmp_path, name, change, message):
    path = tmp_path / "mnist.npz"
    np.savez(path, **altered(data, name, change))
    with pytest.raises(mnist.DataFileError, match=message):
        mnist.load_data(path)


def test_a_missing_array_is_named(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=np.zeros(3))
    with pytest.raises(mnist.DataFileError, match="y_train"):
        mnist.load_data(path)


class Trap:
    """A pickle that would leave a trace if it were opened."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (open, (str(self.trace), "w"))


def test_pickles_are_refused(data, tmp_path):
    path, trace = tmp_path / "mnist.npz", tmp_path / "trace"
    np.savez(path, **altered(data, "x_train", lambda _: np.array([Trap(trace)], dtype=object)))
    with pytest.raises(mnist.DataFileError, match="allow_pickle"):
        mnist.load_data(path)
    assert not trace.exists()


def array_file(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["a pickle", "a trap", "one array", "nothing", "a folder"])
def test_another_file_in_its_place_is_refused(kind, tmp_path):
    path, trace = tmp_path / "mnist.npz", tmp_path / "trace"
    if kind == "a folder":
        path.mkdir()
    else:
        contents = {
            "a pickle": pickle.dumps({"x_train": np.zeros(3)}),
            "a trap": pickle.dumps(Trap(trace)),
            "one array": array_file(np.zeros((60000, 28), np.uint8)),
            "nothing": b"",
        }
        path.write_bytes(contents[kind])
    with pytest.raises(mnist.DataFileError, match=r"mnist\.npz \(.*can't be read as MNIST's"):
        mnist.load_data(path)
    assert not trace.exists()


HEADERS = [0, 8, 14, 28, 40, -1, -6, -40, -100]


@pytest.mark.parametrize("position", HEADERS)
def test_an_altered_byte_between_the_arrays_is_found_or_does_no_harm(position, data, tmp_path):
    content = bytearray(mnist.PATH.read_bytes())
    content[position] ^= 0x41
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    try:
        again = mnist.load_data(path)
    except mnist.DataFileError as error:
        assert "mnist.npz" in str(error) and "The file that comes with" in str(error)
    else:
        for part, part_again in zip(data, again, strict=True):
            for array, array_again in zip(part, part_again, strict=True):
                np.testing.assert_array_equal(array, array_again)


def test_the_message_for_the_shipped_file_says_how_to_get_it_back(tmp_path, monkeypatch):
    path = tmp_path / "mnist.npz"
    path.write_bytes(b"an error page, saved in place of the file")
    monkeypatch.setattr(mnist, "PATH", path)
    with pytest.raises(mnist.DataFileError, match=r"git checkout -- helpers/data/mnist\.npz"):
        mnist.load_data(path)


def test_without_the_file_the_loader_of_keras_is_asked(data, tmp_path, monkeypatch):
    from tensorflow.keras.datasets import mnist as keras_mnist

    monkeypatch.setattr(keras_mnist, "load_data", lambda: data)
    assert mnist.load_data(tmp_path / "absent.npz")[0][0] is data[0][0]


def test_without_file_and_network_the_error_says_both(tmp_path, monkeypatch):
    from tensorflow.keras.datasets import mnist as keras_mnist

    def fail():
        raise OSError("host not found")

    monkeypatch.setattr(keras_mnist, "load_data", fail)
    with pytest.raises(mnist.DataFileError, match=r"absent\.npz is missing.*host not found"):
        mnist.load_data(tmp_path / "absent.npz")


def test_prepare_against_plain_loops(data):
    images = data[0][0][:2]
    prepared = mnist.prepare(images)
    assert prepared.shape == (2, 28, 28, 1) and prepared.dtype == np.float32
    for (image, row, column), value in np.ndenumerate(images):
        assert prepared[image, row, column, 0] == np.float32(value) / np.float32(255)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((28, 28), np.uint8),
        np.zeros((5, 27, 28), np.uint8),
        np.zeros((5, 28, 28), np.float32),
        mnist.prepare(np.zeros((5, 28, 28), np.uint8)),
    ],
)
def test_prepare_refuses_other_images_and_says_what_came(images):
    with pytest.raises(ValueError, match=rf"images: got {images.dtype}.*expected uint8"):
        mnist.prepare(images)


def test_prepare_takes_no_images_at_all():
    assert mnist.prepare(np.zeros((0, 28, 28), np.uint8)).shape == (0, 28, 28, 1)
