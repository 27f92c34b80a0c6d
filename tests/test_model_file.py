"""A model file is checked before it is used: what is not the lesson's is refused by name.

Networks that the page can't compute are refused in tests/web/test_network.py.
"""

import errno
import io
import json
import zipfile
from unittest.mock import Mock

import h5py
import numpy as np
import pytest

from helpers import model_file
from helpers.backend import keras
from helpers.model import MODEL_NAME, SHIPPED_MODEL, load_model

layers = keras.layers
SHIPPED = SHIPPED_MODEL.read_bytes()


@pytest.fixture
def path(tmp_path):
    return tmp_path / MODEL_NAME


def rewritten(path, change=json.dumps, version=None, weights=None, more=()):
    """Write the shipped model as somebody else might, and return its path.

    `change` turns its description into JSON, `weights` changes its open HDF5 file, `more` are
    members to add.
    """
    with zipfile.ZipFile(SHIPPED_MODEL) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "metadata.json" and version:
                content = json.dumps({"keras_version": version})
            elif name == "config.json":
                content = change(json.loads(content))
            elif name == "model.weights.h5" and weights:
                with h5py.File(buffer := io.BytesIO(content), "a") as file:
                    weights(file)
                content = buffer.getvalue()
            new.writestr(name, content)
        for name, content in more:
            new.writestr(name, content)
    return path


def refused(path, why):
    """Load a file, which must fail with a message that `why` matches; return the message."""
    before = path.read_bytes()
    with pytest.raises(model_file.ModelFileError, match=why) as caught:
        load_model(path)
    assert path.read_bytes() == before
    return str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not a zip file", SHIPPED[:200_000]])
def test_a_damaged_file_is_named_and_left_as_it_is(content, path, monkeypatch):
    path.write_bytes(content)
    refused(path, r"mnist_cnn\.keras is not loaded .*Rename it to keep it, then run notebook 3")
    monkeypatch.setattr(model_file, "DATA", path.parent)
    refused(path, r"git checkout -- helpers/data/mnist_cnn\.keras")


@pytest.mark.parametrize("position", [10, 0.02, 0.5, 0.9, -30])
def test_one_altered_byte_of_a_model_is_found_or_does_no_harm(
    position, shipped_model, path, monkeypatch
):
    content = bytearray(SHIPPED)
    content[int(position * len(content)) if abs(position) < 1 else position] ^= 0x40
    path.write_bytes(content)
    if position == 0.5:  # a weight: found before Keras, whose old versions don't look
        monkeypatch.setattr(keras.models, "load_model", Mock(side_effect=AssertionError))
        refused(path, r"weights\.h5 was altered after")
        return
    try:
        found = load_model(path)
    except model_file.ModelFileError as error:
        assert "mnist_cnn.keras is not loaded" in str(error)
    else:
        for one, other in zip(found.get_weights(), shipped_model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_full_disk_is_not_the_files_fault(monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(model_file.tempfile, "TemporaryDirectory", Mock(side_effect=full))
    assert "git" not in refused(SHIPPED_MODEL, r"No space left.*Is the disk full")


@pytest.mark.parametrize("function", [lambda x: 2 * x, keras.ops.relu], ids=["own code", "a name"])
def test_a_layer_of_python_code_is_never_loaded(function, path, request):
    """Also in the unsafe mode, which a learner may have found on the web and run in a cell."""
    ends = [layers.Flatten(), layers.Dense(10)]
    keras.Sequential([keras.Input((28, 28, 1)), layers.Lambda(function), *ends]).save(path)
    assert "safe_mode" not in refused(path, r"a Lambda layer.*Rename it")  # nor how to
    request.addfinalizer(keras.utils.clear_session)  # the only public way back
    keras.config.enable_unsafe_deserialization()
    refused(path, "a Lambda layer")


def described(module, name, config=None, args=(), **more):
    """Describe an object as a file does, or a call of it while the network is built."""
    nodes = [{"args": args, "kwargs": {}}]
    call = {"name": "crafted", "inbound_nodes": nodes} if args else {}
    return {"module": module, "class_name": name, "config": config or {}, **call, **more}


CODE = described("builtins", "function", "exec", ["open('FOLDER/trace', 'w')"])
DOWNLOAD = ["trace", f"file://{__file__}", 0, None, None, "", "auto", False, "auto", "FOLDER"]
CRAFTED = [
    ("builtins.exec", CODE),
    ("builtins.exec", described("keras", "Sequential", {"name": "inner", "layers": [CODE]})),
    ("builtins.exec", described("keras.layers", "Dense", {"units": 1, "activation": CODE})),
    ("subprocess.run", described("subprocess", "function", "run", [["touch", "FOLDER/trace"]])),
    ("keras.utils.get_file", described("keras.utils", "get_file", None, DOWNLOAD)),
    ("keras.config.enable", described("keras.config", "enable_unsafe_deserialization", None, [1])),
    ("keras.layers.TFSMLayer", described("keras.layers", "TFSMLayer", {"filepath": "FOLDER"})),
    ("keras.layers.StringLookup", described("keras.layers", "StringLookup", {"vocabulary": "x"})),
    ("Mine>Dense", described("keras.layers", "Dense", registered_name="Mine>Dense")),
    ("GRU", {"class_name": "GRU", "config": {}}),
]


@pytest.mark.parametrize(("name", "layer"), CRAFTED)
def test_a_crafted_file_is_refused_by_name_and_leaves_no_trace(name, layer, path):
    def add(config):
        config["config"]["layers"].append({"name": "crafted", "inbound_nodes": []} | layer)
        return json.dumps(config).replace("FOLDER", path.parent.as_posix())

    refused(rewritten(path, add), rf"its parts: got (\S+\.)?{name}.*, expected .*Conv2D, .*Rename")
    assert list(path.parent.iterdir()) == [path]


def test_what_only_a_training_needs_never_runs(path, shipped_model):
    """Whatever stands there: the weights are loaded, so nobody misses it."""

    def add(config):
        for kind in ("initializer", "regularizer", "constraint"):
            config["config"]["layers"][1]["config"][f"kernel_{kind}"] = CODE
        config["compile_config"] = CODE
        return json.dumps(config).replace("FOLDER", path.parent.as_posix())

    found = load_model(rewritten(path, add))
    np.testing.assert_array_equal(found.get_weights()[0], shipped_model.get_weights()[0])
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["external", "linked", "too many"])
def test_weights_from_elsewhere_are_refused(kind, path):
    secret = path.with_name("secret")
    secret.write_bytes(b"private " * 1000)

    def move(file):
        group = file["layers/conv2d/vars"]
        shape = group["0"].shape
        del group["0"]
        if kind == "linked":
            group["0"] = h5py.ExternalLink(secret, "0")
        elif kind == "external":
            group.create_dataset("0", shape, "float32", external=[(secret, 0, h5py.h5f.UNLIMITED)])
        else:
            group.create_dataset("0", (10**6, 10**6), "float32")  # takes no space in the file

    refused(rewritten(path, weights=move), "the weight layers/conv2d/vars/0, whose")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_of_other_members_is_refused(path):
    for change in (
        {"more": [("config.json", "{}")]},
        {"more": [("assets/vocabulary.txt", "a")]},
        {"change": lambda config: json.dumps(config) + 1_000_000 * " "},
    ):
        refused(rewritten(path, **change), r"it consists of .*expected at most")


@pytest.mark.parametrize(
    ("old", "new"),
    [("Conv2D", "Conv2DNext"), ('"padding":', '"new_option": 3, "padding":'), ("}", "")],
)
def test_a_file_of_a_newer_keras_is_read_or_names_both_versions(old, new, path):
    assert load_model(rewritten(path, version="99.1.0")).count_params() == 104_202

    def change(config):
        return json.dumps(config).replace(old, new)

    message = refused(rewritten(path, change, "99.1.0"), "run notebook 3")
    assert f"by Keras 99.1.0, and this is the older {keras.__version__}" in message
    assert len(message) - len(str(path)) < 600
    # And where a file can't be read, its older Keras is not blamed.
    assert "is the older" not in refused(rewritten(path, change, "3.0.0"), "run notebook 3")
