"""The network is the one of the lesson, and its file is checked before it is used."""

import json
import zipfile

import numpy as np
import pytest

from helpers import files, mnist, model
from helpers.backend import keras


@pytest.fixture(scope="module")
def shipped():
    return model.load_model(model.SHIPPED_MODEL)


def test_the_shapes_and_parameters_of_the_lesson():
    network = model.build_model()
    shapes = [layer.output.shape[1:] for layer in network.layers]
    assert shapes == [
        (28, 28, 1), (26, 26, 32), (13, 13, 32), (11, 11, 64), (5, 5, 64), (3, 3, 128), (1152,),
        (10,),
    ]  # fmt: skip
    assert network.count_params() == 104_202


def test_the_shipped_model_reads_the_test_images(shipped):
    _, (images, labels) = mnist.load_data()
    _, accuracy = shipped.evaluate(mnist.prepare(images), labels, verbose=0)
    assert accuracy >= 0.989
    assert model.SHIPPED_MODEL.stat().st_size < 1_000_000


def test_the_shipped_model_by_hand(shipped):
    """The whole network in NumPy loops gives the probabilities of the layers."""
    images = mnist.prepare(mnist.load_data()[1][0][:1])
    x = images[0].astype("float64")
    weights = [np.asarray(w, "float64") for w in shipped.get_weights()]
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
    np.testing.assert_allclose(shipped(images)[0], powers / powers.sum(), atol=1e-5)


def test_a_model_of_ones_own_comes_first(shipped, tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    found, which = model.trained_model()
    assert "comes with the lesson" in which
    np.testing.assert_array_equal(found.get_weights()[0], shipped.get_weights()[0])
    own = model.build_model()
    own.save(files.artifacts() / model.MODEL_NAME)
    found, which = model.trained_model()
    assert "you trained" in which
    np.testing.assert_array_equal(found.get_weights()[0], own.get_weights()[0])


@pytest.mark.parametrize("content", [b"", b"not a zip file", None])
def test_a_damaged_file_is_named_and_left_as_it_is(content, tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    path = tmp_path / model.MODEL_NAME
    content = model.SHIPPED_MODEL.read_bytes()[:200_000] if content is None else content
    path.write_bytes(content)
    with pytest.raises(model.ModelFileError, match=r"mnist_cnn\.keras can't be read.*notebook 3"):
        model.trained_model()
    assert path.read_bytes() == content


def test_a_damaged_shipped_model_says_how_to_get_it_back(tmp_path, monkeypatch):
    path = tmp_path / "mnist_cnn.keras"
    path.write_bytes(b"damaged")
    monkeypatch.setattr(model, "SHIPPED_MODEL", path)
    with pytest.raises(model.ModelFileError, match="git checkout"):
        model.load_model(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(model.ModelFileError, match=r"none\.keras is missing"):
        model.load_model(tmp_path / "none.keras")


def test_a_network_for_another_task_is_refused(tmp_path):
    inputs = keras.Input(shape=(8,))
    other = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    other.save(tmp_path / "other.keras")
    with pytest.raises(model.ModelFileError, match=r"\(None, 8\) to \(None, 2\)"):
        model.load_model(tmp_path / "other.keras")


def network_with(layer):
    """Return a network from digits to ten classes with one more layer in it."""
    inputs = keras.Input((28, 28, 1))
    outputs = keras.layers.Dense(10)(keras.layers.Flatten()(layer(inputs)))
    return keras.Model(inputs, outputs)


@pytest.fixture
def safe_mode_off():
    """What a learner may have found on the web and run in a cell before."""
    keras.config.enable_unsafe_deserialization()
    yield
    keras.utils.clear_session()  # the only public way back


@pytest.mark.parametrize("function", [lambda x: 2 * x, keras.ops.relu], ids=["own code", "a name"])
@pytest.mark.parametrize("setting", ["on", "off"])
def test_a_layer_of_python_code_is_never_loaded(function, setting, tmp_path, request):
    path = tmp_path / "mnist_cnn.keras"
    network_with(keras.layers.Lambda(function)).save(path)
    if setting == "off":
        request.getfixturevalue("safe_mode_off")
    with pytest.raises(model.ModelFileError, match=r"holds a Lambda layer.*Delete or") as caught:
        model.load_model(path)
    assert "safe_mode" not in str(caught.value)  # no advice to switch it off


def from_the_future(path, version, change):
    """Write the shipped model as another Keras might: its version, and its description changed."""
    with zipfile.ZipFile(model.SHIPPED_MODEL) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "metadata.json":
                content = json.dumps(json.loads(content) | {"keras_version": version})
            elif name == "config.json":
                content = change(content.decode())
            new.writestr(name, content)
    return path


FUTURE = [
    lambda text: text.replace('"Conv2D"', '"Conv2DNext"'),
    lambda text: text.replace('"padding":', '"new_option": 3, "padding":'),
    lambda text: text[:-1],
]


@pytest.mark.parametrize("change", FUTURE)
def test_a_file_of_a_newer_keras_names_both_versions(change, tmp_path):
    path = from_the_future(tmp_path / "mnist_cnn.keras", "99.1.0", change)
    with pytest.raises(model.ModelFileError, match=r"can't be read.*run notebook 3") as caught:
        model.load_model(path)
    if change is not FUTURE[-1]:  # a damaged description says nothing of versions
        assert f"by Keras 99.1.0, and this is the older {keras.__version__}" in str(caught.value)
    assert len(str(caught.value)) - len(str(path)) < 600


def test_a_file_of_a_newer_keras_that_has_not_changed_is_read(tmp_path):
    path = from_the_future(tmp_path / "mnist_cnn.keras", "99.1.0", lambda text: text)
    assert model.load_model(path).count_params() == 104_202


def test_an_older_keras_is_not_blamed(tmp_path):
    path = from_the_future(tmp_path / "mnist_cnn.keras", "3.0.0", FUTURE[0])
    with pytest.raises(model.ModelFileError) as caught:
        model.load_model(path)
    assert "this is the older" not in str(caught.value)


@pytest.mark.parametrize("position", [10, 0.02, 0.5, 0.9, -30])
def test_one_altered_byte_of_a_model_is_found_or_does_no_harm(position, shipped, tmp_path):
    content = bytearray(model.SHIPPED_MODEL.read_bytes())
    content[int(position * len(content)) if abs(position) < 1 else position] ^= 0x40
    path = tmp_path / "mnist_cnn.keras"
    path.write_bytes(content)
    try:
        found = model.load_model(path)
    except model.ModelFileError as error:
        assert "mnist_cnn.keras can't be read" in str(error)
    else:
        for one, other in zip(found.get_weights(), shipped.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
    assert path.read_bytes() == content


def test_an_altered_weight_is_found_before_keras_reads_the_file(tmp_path, monkeypatch):
    content = bytearray(model.SHIPPED_MODEL.read_bytes())
    content[len(content) // 2] ^= 0x40
    path = tmp_path / "mnist_cnn.keras"
    path.write_bytes(content)
    monkeypatch.setattr(model.keras.models, "load_model", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(model.ModelFileError, match=r"weights\.h5 was altered after"):
        model.load_model(path)
