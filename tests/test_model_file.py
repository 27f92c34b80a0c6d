"""A model file is checked before it is used: what is not the lesson's is refused by name."""

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
from helpers.training import saving
from helpers.web import take_home
from tests.networks import functional, layers

SHIPPED = SHIPPED_MODEL.read_bytes()
NEWER = {"metadata.json": lambda _old: b'{"keras_version": "99.1.0"}'}


@pytest.fixture(scope="module", autouse=True)
def unsafe_mode():
    """Keras's, which a learner may have found on the web and run in a cell."""
    keras.config.enable_unsafe_deserialization()
    yield
    keras.utils.clear_session()  # the only public way back


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where a crafted file would leave its trace
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    return tmp_path / MODEL_NAME


def write(path, crafted):
    """Write a file: the bytes given, or the shipped model with members changed or added."""
    if isinstance(crafted, bytes):
        return path.write_bytes(crafted)
    with zipfile.ZipFile(SHIPPED_MODEL) as old, zipfile.ZipFile(path, "w") as new:
        members = {name: old.read(name) for name in old.namelist()}
        for name, change in crafted.items():
            members[name] = change(members.get(name))
        for name, content in members.items():
            new.writestr(name, content)


def replace(old, new):
    """Put something else into the description of the network."""
    return {"config.json": lambda content: content.replace(old.encode(), new.encode())}


def weight(**where):
    """Put the first weight elsewhere: into another file, or where there is no room for it."""

    def move(content):
        with h5py.File(buffer := io.BytesIO(content), "a") as file:
            group = file["layers/conv2d/vars"]
            del group["0"]
            if where:
                group.create_dataset("0", dtype="float32", **where)
            else:
                group["0"] = h5py.ExternalLink("secret", "0")
        return buffer.getvalue()

    return {"model.weights.h5": move}


CODE = {"module": "builtins", "class_name": "function", "config": "exec"}
RUN = ["open('trace', 'w')"]
REFUSED = [
    ("File is not a zip", SHIPPED[:200_000]),
    (r"weights\.h5 was altered after", SHIPPED[:200_000] + b"altered" + SHIPPED[200_007:]),
    ("got keras.layers.Lambda, expected", replace("Flatten", "Lambda")),
    ("got builtins.exec,", replace('"relu"', json.dumps(CODE))),
    ("got keras.layers.Mine>Dense", replace('name": null', 'name": "Mine>Dense"')),
    ("weight layers/conv2d/vars/0, whose", weight()),
    ("weight layers/conv2d/vars/0, whose", weight(shape=(10**6, 10**6))),
    ("weight layers/conv2d/vars/0, whose", weight(shape=9, external=[("secret", 0, 36)])),
    ("it consists of .*expected at most", {"assets/vocabulary.txt": lambda _old: b"a"}),
    ("it consists of .*expected at most", {"config.json": lambda old: old + 1_000_000 * b" "}),
    ("ConvX.*by Keras 99.1.0, and this is the older", NEWER | replace("Conv2D", "ConvX")),
]


@pytest.mark.parametrize(("why", "crafted"), REFUSED)
def test_a_file_that_is_not_the_lessons_is_refused_and_leaves_no_trace(why, crafted, path):
    write(path, crafted)
    before = path.read_bytes()
    with pytest.raises(OSError, match=rf"{why}.* Rename it to keep") as caught:
        load_model(path)
    assert ("this is the older" in str(caught.value)) == ("older" in why)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_the_remedy_for_a_missing_file_the_shipped_one_and_a_full_disk(path, monkeypatch):
    with pytest.raises(OSError, match=r"cnn\.keras is missing\. Run notebook 3"):
        load_model(path)
    monkeypatch.setattr(model_file, "ROOT", path.parent)
    (shipped := path.parent / "helpers" / "a_lesson" / path.name).parent.mkdir(parents=True)
    shipped.write_bytes(b"")
    with pytest.raises(OSError, match=r"git checkout -- helpers/a_lesson/mnist"):
        load_model(shipped)
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(model_file.tempfile, "TemporaryDirectory", Mock(side_effect=full))
    with pytest.raises(OSError, match=r"\(.*No space.*\)\. Is the disk full"):
        load_model(SHIPPED_MODEL)


def test_what_only_a_training_needs_never_runs(path, shipped_model):
    """Whatever stands there, in a file of any version: the weights are loaded."""

    def add(content):
        config = json.loads(content)
        call = CODE | {"name": "crafted", "inbound_nodes": [{"args": RUN, "kwargs": {}}]}
        for kind in ("initializer", "regularizer", "constraint"):
            config["config"]["layers"][1]["config"][f"kernel_{kind}"] = call
        return json.dumps(config | {"compile_config": call})

    write(path, NEWER | {"config.json": add})
    found = load_model(path)
    np.testing.assert_array_equal(found.get_weights()[0], shipped_model.get_weights()[0])
    assert list(path.parent.iterdir()) == [path]


def odd(kind, *settings, **more):
    return lambda: functional(kind(*settings, name="odd", **more), layers.Flatten())


def joined():
    """Build a network in which the scores go two ways, and a sum makes one of them."""
    scores = layers.Dense(10)(layers.Flatten()(inputs := keras.Input((28, 28, 1))))
    return keras.Model(inputs, layers.Softmax()(scores + layers.ReLU()(scores)))


def broken():
    model = functional(layers.Flatten())
    model.layers[-1].bias.assign(np.full(10, np.nan))
    return model


UNFIT = {
    r"layer odd: got LeakyReLU, expected InputLayer, Conv2D,": odd(layers.LeakyReLU),
    r"got a sum, .*, expected one layer after another": joined,
    r"layer odd: got dilation_rate=": odd(layers.Conv2D, 1, 3, dilation_rate=2),
    r"layer odd: got activation=tanh": odd(layers.Conv2D, 1, 3, activation="tanh"),
    r"layer odd: got strides=\(2, 2\), expected strides=\(3": odd(layers.AveragePooling2D, 3, 2),
    r"layer odd: got maps, .*Flatten before": odd(layers.Softmax),
    r"layer last: got .* → linear, ": lambda: functional(layers.Flatten(), end="linear"),
    r"the weights of layer last: got values that are not finite": broken,
}


@pytest.mark.parametrize("message", UNFIT)
def test_a_network_that_is_not_the_lessons_is_not_saved_and_not_loaded(message, path):
    model = UNFIT[message]()
    model.save(path)  # as Keras alone does, in place of an earlier one
    before = path.read_bytes()
    with pytest.raises(ValueError, match=rf"^model(, |: ){message}"):
        take_home.write(model)
    with pytest.raises(ValueError, match=rf"{message}.*Nothing was saved.*model.save"):
        saving(model).__enter__()
    with pytest.raises(OSError, match=r"is not loaded.* Rename it to keep"):
        load_model(path)
    assert list(path.parent.iterdir()) == [path] and path.read_bytes() == before
