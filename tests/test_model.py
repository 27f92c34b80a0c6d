"""The network is the one of the lesson, and its file is checked before it is used."""

import errno
import io
import json
import re
import zipfile

import h5py
import numpy as np
import pytest

from helpers import files, model
from helpers.backend import keras

layers = keras.layers


def rewritten(path, change=json.dumps, version=None, weights=None, more=()):
    """Write the shipped model as somebody else might, and return its path.

    `change` turns its description into JSON, `weights` changes its open HDF5 file, `more` are
    members to add.
    """
    with zipfile.ZipFile(model.SHIPPED_MODEL) as old, zipfile.ZipFile(path, "w") as new:
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


def test_the_shapes_and_parameters_of_the_lesson():
    network = model.build_model()
    shapes = [layer.output.shape[1:] for layer in network.layers]
    assert shapes == [
        (28, 28, 1), (26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64), (3, 3, 128), (1152,),
        (10,),
    ]  # fmt: skip
    assert network.count_params() == 104_202


def test_the_shipped_model_reads_the_test_images(shipped_model, test_images, mnist_data):
    probabilities = shipped_model.predict(test_images, batch_size=500, verbose=0)
    assert (probabilities.argmax(axis=1) == mnist_data[1][1]).mean() >= 0.989
    assert model.SHIPPED_MODEL.stat().st_size < 1_000_000


def test_the_shipped_model_by_hand(shipped_model, test_images):
    """The whole network in NumPy loops gives the probabilities of the layers."""
    x = test_images[0].astype("float64")
    weights = [np.asarray(w, "float64") for w in shipped_model.get_weights()]
    for number in range(3):
        kernel, bias = weights[2 * number], weights[2 * number + 1]
        height, width = x.shape[0] - 2, x.shape[1] - 2
        y = np.zeros((height, width, len(bias)))
        for row in range(height):
            for column in range(width):
                y[row, column] = np.tensordot(x[row : row + 3, column : column + 3], kernel, 3)
        x = np.maximum(y + bias, 0)
        if number < 2:
            half = x[: height // 2 * 2, : width // 2 * 2]
            x = half.reshape(height // 2, 2, width // 2, 2, -1).max(axis=(1, 3))
    powers = np.exp(x.reshape(-1) @ weights[6] + weights[7])
    np.testing.assert_allclose(shipped_model(test_images[:1])[0], powers / powers.sum(), atol=1e-5)


def test_a_model_of_ones_own_comes_first(shipped_model, tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    found, which = model.trained_model()
    assert "comes with the lesson" in which
    np.testing.assert_array_equal(found.get_weights()[0], shipped_model.get_weights()[0])
    own = model.build_model()
    own.save(files.artifacts() / model.MODEL_NAME)
    found, which = model.trained_model()
    assert "you trained" in which
    np.testing.assert_array_equal(found.get_weights()[0], own.get_weights()[0])


@pytest.fixture
def path(tmp_path):
    return tmp_path / model.MODEL_NAME


SHIPPED = model.SHIPPED_MODEL.read_bytes()


@pytest.mark.parametrize("content", [b"", b"not a zip file", SHIPPED[:200_000]])
def test_a_damaged_file_is_named_and_left_as_it_is(content, path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(path.parent))
    path.write_bytes(content)
    with pytest.raises(model.ModelFileError, match=r"mnist_cnn\.keras can't be read.*notebook 3"):
        model.trained_model()
    assert path.read_bytes() == content


def test_a_damaged_shipped_model_says_how_to_get_it_back(path, monkeypatch):
    path.write_bytes(b"damaged")
    monkeypatch.setattr(model, "SHIPPED_MODEL", path)
    with pytest.raises(
        model.ModelFileError, match=r"git checkout -- helpers/data/mnist_cnn\.keras"
    ):
        model.load_model(path)


def test_a_missing_file_is_named(path):
    with pytest.raises(model.ModelFileError, match=r"mnist_cnn\.keras is missing"):
        model.load_model(path)


def test_a_network_for_another_task_is_refused(path):
    keras.Sequential([keras.Input((8,)), layers.Dense(2)]).save(path)
    with pytest.raises(model.ModelFileError, match=r"\(None, 8\) to \(None, 2\)"):
        model.load_model(path)


@pytest.fixture
def safe_mode_off():
    """What a learner may have found on the web and run in a cell before."""
    keras.config.enable_unsafe_deserialization()
    yield
    keras.utils.clear_session()  # the only public way back


@pytest.mark.parametrize("function", [lambda x: 2 * x, keras.ops.relu], ids=["own code", "a name"])
@pytest.mark.parametrize("setting", ["on", "off"])
def test_a_layer_of_python_code_is_never_loaded(function, setting, path, request):
    ends = [layers.Flatten(), layers.Dense(10)]
    keras.Sequential([keras.Input((28, 28, 1)), layers.Lambda(function), *ends]).save(path)
    if setting == "off":
        request.getfixturevalue("safe_mode_off")
    with pytest.raises(model.ModelFileError, match=r"holds a Lambda layer.*Delete or") as caught:
        model.load_model(path)
    assert "safe_mode" not in str(caught.value)  # no advice to switch it off


def described(module, name, config=None, args=(), **more):
    """Describe an object as a file does, or a call of it while the network is built."""
    nodes = [{"args": args, "kwargs": {}}]
    call = {"name": "crafted", "inbound_nodes": nodes} if args else {}
    return {"module": module, "class_name": name, "config": config or {}, **call, **more}


CODE = described("builtins", "function", "exec", ["open('FOLDER/trace', 'w')"])
DOWNLOAD = [
    "trace",
    f"file://{__file__}",
    *(False, None, None, "", "auto", False, "auto"),
    "FOLDER",
]
CRAFTED = [
    ("builtins.exec", CODE),
    ("builtins.exec", described("keras", "Sequential", {"name": "inner", "layers": [CODE]})),
    ("builtins.exec", described("keras.layers", "Dense", {"units": 1, "kernel_initializer": CODE})),
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

    with pytest.raises(model.ModelFileError) as caught:
        model.load_model(rewritten(path, add))
    assert list(path.parent.iterdir()) == [path]
    assert re.search(rf"holds (\S+\.)?{name}.*, which is none of.*Delete or", str(caught.value))


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

    with pytest.raises(model.ModelFileError, match="holds the weight layers/conv2d/vars/0, whose"):
        model.load_model(rewritten(path, weights=move))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "change",
    [
        {"more": [("config.json", "{}")]},
        {"more": [("assets/vocabulary.txt", "a")]},
        {"change": lambda config: json.dumps(config) + 1_000_000 * " "},
    ],
)
def test_a_file_of_other_members_is_refused(change, path):
    with pytest.raises(model.ModelFileError, match=r"it consists of .*expected at most"):
        model.load_model(rewritten(path, **change))


def test_other_networks_that_a_learner_may_build_are_read(path, test_images):
    """Also a network in a network, in mixed precision, with what was compiled."""
    inner = model.build_model()
    model.compile_model(inner)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomTranslation(0.1, 0.1),
            layers.Rescaling(2.0),
            layers.Conv2D(1, 3, padding="same", kernel_regularizer="l2", dtype="mixed_bfloat16"),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dropout(0.5),
            inner,
        ]
    )
    model.compile_model(network)
    network.save(path)
    loaded, images = model.load_model(path), test_images[:9]
    np.testing.assert_allclose(
        loaded(images, training=False), network(images, training=False), atol=1e-6
    )


FUTURE = [
    lambda config: json.dumps(config).replace('"Conv2D"', '"Conv2DNext"'),
    lambda config: json.dumps(config).replace('"padding":', '"new_option": 3, "padding":'),
    lambda config: json.dumps(config)[:-1],
]


@pytest.mark.parametrize("change", FUTURE)
def test_a_file_of_a_newer_keras_names_both_versions(change, path):
    with pytest.raises(model.ModelFileError, match=r"run notebook 3") as caught:
        model.load_model(rewritten(path, change, "99.1.0"))
    assert f"by Keras 99.1.0, and this is the older {keras.__version__}" in str(caught.value)
    assert len(str(caught.value)) - len(str(path)) < 600


def test_a_file_of_a_newer_keras_that_has_not_changed_is_read(path):
    assert model.load_model(rewritten(path, version="99.1.0")).count_params() == 104_202


def test_an_older_keras_is_not_blamed(path):
    with pytest.raises(model.ModelFileError, match="Conv2DNext") as caught:
        model.load_model(rewritten(path, FUTURE[0], "3.0.0"))
    assert "this is the older" not in str(caught.value)


@pytest.mark.parametrize("position", [10, 0.02, 0.5, 0.9, -30])
def test_one_altered_byte_of_a_model_is_found_or_does_no_harm(position, shipped_model, path):
    content = bytearray(SHIPPED)
    content[int(position * len(content)) if abs(position) < 1 else position] ^= 0x40
    path.write_bytes(content)
    try:
        found = model.load_model(path)
    except model.ModelFileError as error:
        assert "mnist_cnn.keras can't be read" in str(error)
    else:
        for one, other in zip(found.get_weights(), shipped_model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
    assert path.read_bytes() == content


def test_an_altered_weight_is_found_before_keras_reads_the_file(path, monkeypatch):
    content = bytearray(SHIPPED)
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)
    monkeypatch.setattr(model.keras.models, "load_model", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(model.ModelFileError, match=r"weights\.h5 was altered after"):
        model.load_model(path)


def test_a_full_disk_is_not_the_files_fault(monkeypatch):
    def fail():
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(model.tempfile, "TemporaryDirectory", fail)
    with pytest.raises(model.ModelFileError, match=r"No space left.*Is the disk full") as caught:
        model.load_model(model.SHIPPED_MODEL)
    assert "git checkout" not in str(caught.value)
