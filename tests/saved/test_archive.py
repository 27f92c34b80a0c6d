"""A model file is checked before it is used: what is not the lesson's is refused by name."""

import errno
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import h5py
import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.saved import archive
from helpers.saved.description import build_network
from helpers.saved.models import MODEL_NAME, SHIPPED_MODEL, load_model, path_to_save, trained_model
from helpers.saved.topology import topology
from helpers.widgets import take_home
from tests.networks import functional, layers, sequential

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
                group.create_dataset("0", **{"dtype": "float32"} | where)
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
    (
        "got keras.utils.get_file, expected",
        replace(
            '"keras.layers", "class_name": "Flatten"', '"keras.utils", "class_name": "get_file"'
        ),
    ),
    ("got the function exec,", replace('"relu"', json.dumps(CODE))),
    ("got keras.layers.Mine>Dense", replace('name": null', 'name": "Mine>Dense"')),
    ("weight layers/conv2d/vars/0, whose", weight()),
    ("weight layers/conv2d/vars/0, whose", weight(shape=(10**6, 10**6))),
    ("weight layers/conv2d/vars/0, whose", weight(shape=9, external=[("secret", 0, 36)])),
    ("weight layers/conv2d/vars/0, whose", weight(data=np.zeros((1000, 1000)), dtype="int8")),
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
    # Only before an error of another library stands its kind.
    kind = "BadZipFile: " if why.endswith(("zip", "after")) else None
    assert re.search(r"is not loaded \((\w+: )?", str(caught.value))[1] == kind
    assert ("this is the older" in str(caught.value)) == ("older" in why)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_a_folder_with_the_name_of_the_file_is_named(path):
    path.mkdir()
    with pytest.raises(OSError, match=r"cnn\.keras is a folder\. Rename it, then run notebook 3"):
        load_model(path)


def test_the_remedy_for_a_missing_file_the_shipped_one_and_a_full_disk(path, monkeypatch):
    with pytest.raises(OSError, match=r"cnn\.keras is missing\. Run notebook 3"):
        load_model(path)
    monkeypatch.setattr(archive, "ROOT", path.parent)
    (shipped := path.parent / "helpers" / "a_lesson" / path.name).parent.mkdir(parents=True)
    shipped.write_bytes(b"")
    with pytest.raises(OSError, match=r"git checkout -- helpers/a_lesson/mnist"):
        load_model(shipped)
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(archive.tempfile, "TemporaryDirectory", Mock(side_effect=full))
    with pytest.raises(OSError, match=r"\(.*No space.*\)\. Is the disk full"):
        load_model(SHIPPED_MODEL)


def test_what_only_a_training_needs_never_runs(path, shipped_model):
    """Whatever stands there, in a file of any version: the weights are loaded."""

    def add(content):
        config = json.loads(content)
        call = CODE | {"name": "crafted", "inbound_nodes": [{"args": RUN, "kwargs": {}}]}
        for kind in ("initializer", "regularizer", "constraint"):
            config["config"]["layers"][1]["config"][f"kernel_{kind}"] = call
        config["config"]["layers"][-1]["config"]["lora_rank"] = 10**9
        return json.dumps(config | {"compile_config": call})

    write(path, NEWER | {"config.json": add})
    found = load_model(path)
    np.testing.assert_array_equal(found.get_weights()[0], shipped_model.get_weights()[0])
    assert list(path.parent.iterdir()) == [path]


def odd(kind, *settings, **more):
    return lambda: functional(kind(*settings, name="odd", **more), layers.Flatten())


def odd_maps(kind, *settings, **more):
    """Build a network whose odd layer gets three maps."""
    odd_layer = kind(*settings, name="odd", **more)
    return lambda: functional(layers.Conv2D(3, 3), odd_layer, layers.Flatten())


def of_two_sizes():
    image = keras.Input((28, 28, 1))
    added = layers.Add(name="odd")([image, layers.Conv2D(3, 1)(image)])
    return keras.Model(image, layers.Dense(10, activation="softmax")(layers.Flatten()(added)))


def divided_by_an_operation():
    inputs = keras.Input((28, 28, 1))
    outputs = layers.Dense(10, activation="softmax")(layers.Flatten()(inputs / 255))
    return keras.Model(inputs, outputs)


def ended_by(kind=layers.Softmax, **settings):
    """Build a network from what `kind` makes of ten scores, of which one is far above the others.

    Of a picture of noise, softmax makes the same of both.
    """
    inputs = keras.Input((28, 28, 1))
    scores = layers.Dense(10, name="scores")
    outputs = kind(scores(layers.Flatten()(inputs)), **settings)
    scores.kernel.assign(np.eye(784, 10) / 50 + np.eye(1, 10))
    return keras.Model(inputs, outputs)


def two_ends():
    """Build networks with two inputs, and with two outputs that follow one another."""
    first, second = keras.Input((28, 28, 1)), keras.Input((28, 28, 1))
    outputs = layers.Dense(10, activation="softmax")(
        layers.Flatten()(layers.Add()([first, second]))
    )
    inner = functional(layers.Flatten(), layers.Dense(10, activation="softmax"))
    two_outputs = [inner.layers[-2].output, inner.output]
    return keras.Model([first, second], outputs), keras.Model(inner.input, two_outputs)


def very_wide():
    conv = layers.Conv2D(2000, 1, name="odd")
    return functional(conv, layers.GlobalMaxPooling2D())


def never_called():
    """Build what most books write: without an Input, it waits for its first images."""
    return keras.Sequential([layers.Flatten(), layers.Dense(10, activation="softmax")])


def broken():
    model = functional(layers.Flatten())
    model.layers[-1].bias.assign(np.full(10, np.nan))
    return model


class Doubled(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


class Scores(keras.Model):
    def __init__(self):
        super().__init__()
        self.scores = layers.Dense(10, activation="softmax")

    def call(self, inputs):
        return self.scores(keras.ops.reshape(inputs, (-1, 784)))


def of_own_class():
    model = Scores()
    model(np.zeros((1, 28, 28, 1)))
    return model


def own_activation(scores):
    return 2 * scores


def ending():
    return layers.Flatten(), layers.Dense(10, activation="softmax")


def softmax(_scores):
    return 1.0


softmax.__name__ = "softmax_v2"  # as that of TensorFlow


def around_two_ends():
    """Build a network around one with two inputs and two outputs."""
    first, second = keras.Input((28, 28, 1)), keras.Input((28, 28, 1))
    inner = keras.Model([first, second], [layers.Add()([first, second]), first], name="odd")
    image = keras.Input((28, 28, 1))
    row = layers.Flatten()(inner([image, image])[0])
    return keras.Model(image, layers.Dense(10, activation="softmax")(row))


def of_rows():
    image = keras.Input((28, 28))
    return keras.Model(image, layers.Dense(10, activation="softmax")(layers.Flatten()(image)))


ENDS = r"got {} input\(s\) and {} output\(s\), expected .* one input and one output"
UNFIT = [
    (
        r"layer odd: .*keras.layers.Lambda, .* function of your own, which can't be saved safely",
        odd(layers.Lambda, lambda x: 2 * x),
    ),
    (
        r"layer odd: .*keras.layers.Lambda",
        lambda: sequential(sequential(layers.Lambda(own_activation, name="odd")), *ending()),
    ),
    (r"layer odd: got .*Doubled, expected a layer of keras.layers; a file can't", odd(Doubled)),
    (
        r"layer odd: .*got the function own_activation, expected .* such as activation=\"relu\"\."
        " .* Only such a layer can be read again",
        odd(layers.Conv2D, 1, 3, activation=own_activation),
    ),
    (
        r"layer odd: .*got the function softmax_v2, expected activation=\"softmax\", which",
        odd(layers.Dense, 3, activation=softmax),
    ),
    (
        r"layer odd: .*got a lambda function, expected .* such as activation=\"relu\"",
        odd(layers.Dense, 3, activation=lambda x: 2 * x),
    ),
    (r"got Scores, expected keras.Sequential or .* the code of your own class", of_own_class),
    (ENDS.format(2, 1), lambda: two_ends()[0]),
    (ENDS.format(1, 2), lambda: two_ends()[1]),
    ("layer odd: " + ENDS.format(2, 2), around_two_ends),
    (
        r"shape of its images: got \(28, 28\), expected .*Write keras.Input\(\(28, 28, 1\)\)",
        of_rows,
    ),
    (
        r"layer odd: got \(1, 1, 10\), .*keras\.layers\.Flatten\(\)",
        lambda: sequential(layers.Conv2D(10, 28, name="odd")),
    ),
    (
        r"layer odd: got softmax of maps, .*keras\.layers\.Flatten\(\) and .*Softmax\(\)",
        lambda: sequential(layers.Conv2D(10, 28, activation="softmax", name="odd")),
    ),
    (
        r"layer odd: .*setting scale: got \[1\.0, 2\.0\], expected a number",
        lambda: functional(
            layers.Conv2D(2, 3), layers.Rescaling([1.0, 2.0], name="odd"), *ending()[:1]
        ),
    ),
    (r"layer odd: .*setting groups: got 3, expected 1", odd_maps(layers.Conv2D, 3, 3, groups=3)),
    (
        r"layer odd: .*setting data_format: got 'channels_first', expected channels_last",
        odd(layers.MaxPooling2D, 1, data_format="channels_first"),
    ),
    (
        r"layer odd: .*setting max_value: got 6(\.0)?, expected None",
        odd(layers.ReLU, max_value=6),
    ),
    (
        r"layer odd: .*keras.layers.LeakyReLU\(...\), expected the name .* behind this layer",
        odd(layers.Conv2D, 3, 3, activation=layers.LeakyReLU(0.1)),
    ),
    (
        r"layer odd: .*setting activation: got 'elu', expected linear, relu, leaky_relu, gelu",
        odd(layers.Dense, 3, activation="elu"),
    ),
    (r"layer odd: got axis=\(?1\)?, expected axis=-1", odd_maps(layers.BatchNormalization, axis=1)),
    (r"layer odd: got axis=\[?1\]?, expected axis=-1", odd_maps(layers.LayerNormalization, axis=1)),
    (r"layer odd: got \(28, 28\), expected a vector, or maps", odd(layers.Reshape, (28, 28))),
    (r"layer odd: got \(28, 28, 1\) \+ \(28, 28, 3\), expected inputs of one", of_two_sizes),
    (
        r"layer odd: .*keras.layers.ZeroPadding2D, expected keras.*padding=\"same\"",
        odd(layers.ZeroPadding2D, 2),
    ),
    (
        r"layer odd: .*keras.layers.LSTM, expected one of the lesson's layers, which are Conv2D, ",
        lambda: sequential(layers.Reshape((28, 28)), layers.LSTM(4, name="odd"), *ending()),
    ),
    (
        r"operation \w+: got keras.ops Multiply, expected keras\.layers\.Add\(\) / .*Rescaling",
        lambda: ended_by(lambda x: layers.Softmax()(x * np.ones(10, "float32"))),
    ),
    (
        r"operation \w+: got keras.ops TrueDivide, expected keras\.layers\.Rescaling\(scale, ",
        divided_by_an_operation,
    ),
    (
        r"operation \w+: got keras.ops Exp, expected one of the lesson's layers",
        lambda: ended_by(lambda x: layers.Softmax()(keras.ops.exp(x))),
    ),
    (r"layer odd: got \(28, 28, 2000\), expected at most", very_wide),
    (
        r"layer last: got scores .*=linear\), expected .* activation=\"softmax\" "
        "into the last",
        lambda: functional(layers.Flatten(), end="linear"),
    ),
    (
        r"the weights of layer last: got values that are not finite.* lower the learning rate",
        broken,
    ),
    (r"got a keras.Sequential that doesn't know .* keras.Input\(", never_called),
]


@pytest.mark.parametrize(("message", "build"), UNFIT)
def test_a_network_that_is_not_the_lessons_is_not_saved_and_not_loaded(message, build, path):
    model = build()
    model.save(path)  # as Keras alone does, in place of an earlier one
    before = path.read_bytes()
    with pytest.raises(ValueError, match=rf"^model(, |: ){message}"):
        take_home.write_page(model)
    with pytest.raises(ValueError, match=rf"{message}.*Nothing was saved.*model.save"):
        path_to_save(model).__enter__()
    with pytest.raises(OSError, match=r"is not loaded.* Rename it to keep"):
        load_model(path)
    assert list(path.parent.iterdir()) == [path] and path.read_bytes() == before


def test_a_chain_is_known_by_its_graph_however_it_came_about(path):
    """Also where its layers belong to another network, too, or it begins in another's middle."""
    first = layers.Conv2D(1, 3, padding="same")
    model = functional(first, layers.Conv2D(2, 3), layers.Flatten())
    model.save(path)
    borrowed = sequential(*model.layers[1:])
    chains = [model, borrowed, keras.models.clone_model(model), keras.models.load_model(path)]
    chains += [load_model(path), keras.Model([model.input], model.output)]
    kinds = [type(layer).__name__ for layer in model.layers[1:]]
    for chain in chains:
        assert [type(step.layer).__name__ for step in topology(chain)] == kinds
    middle = keras.Model(first.output, model.output)
    assert [type(step.layer).__name__ for step in topology(middle)] == kinds[1:]
    deep = functional(*[layers.ReLU()] * 500, layers.Flatten())
    with pytest.raises(
        ValueError, match=r"^model: got more than 500 layers, expected at most 500$"
    ):
        topology(deep)


def test_the_steps_of_a_graph_name_the_sources_of_each():
    """The order follows the sources, and networks within the network are opened."""
    inputs = keras.Input((28, 28, 1))
    conv = layers.Conv2D(1, 3, padding="same")
    inner = sequential(layers.Rescaling(2), layers.Reshape((28, 28, 1)), layers.ReLU())
    first = conv(inputs)
    added = layers.Add()([first, inner(inputs), conv(first)])
    outputs = layers.Dense(5, activation="softmax")(layers.Flatten()(added))
    steps = topology(keras.Model(inputs, outputs))
    kinds = [type(step.layer).__name__ for step in steps]
    assert kinds[:4] == ["Conv2D", "Rescaling", "Reshape", "ReLU"]
    assert kinds[4:] == ["Conv2D", "Add", "Flatten", "Dense"]
    sources = [(0,), (0,), (2,), (3,), (1,), (1, 4, 5), (6,), (7,)]
    assert [step.sources for step in steps] == sources
    assert [step.output_shape for step in steps[2:4]] == [(28, 28, 1)] * 2
    assert steps[5].input_shapes == ((28, 28, 1),) * 3 and steps[-1].output_shape == (5,)


def test_a_network_without_an_input_is_saved_whatever_the_batch_size(path):
    """Keras builds it for the first batch, whose size is all it sees where all have the same."""
    images = np.random.default_rng(0).random((60, 28, 28, 1), "float32")
    for batch_size in (20, 32):
        model = never_called()
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(images, np.zeros(60), batch_size=batch_size, verbose=0)
        with path_to_save(model) as file:
            model.save(file)
        loaded = load_model(path)
        assert loaded.input_shape == (None, 28, 28, 1)
        np.testing.assert_allclose(loaded(images), model.predict(images, verbose=0), atol=1e-6)


def test_a_refusal_says_why_and_which_model_counts_from_now_on(path, capsys):
    """The one that comes with the lesson, or an earlier one: with its date and its layers."""
    why = r"a file can't hold the code of another one\. Nothing was saved\..* Notebook 4 will use "
    unfit = odd(Doubled)()
    own = r"the model that you saved on 2026-05-01 12:30, with the layers Flatten, Dense\. "
    simple = functional(layers.Flatten())
    with pytest.raises(ValueError, match=why + r"the model that comes with the lesson\. "):
        path_to_save(unfit).__enter__()
    with path_to_save(simple) as file:
        simple.save(file)
    saved = datetime(2026, 5, 1, 12, 30).timestamp()
    os.utime(path, (saved, saved))
    with pytest.raises(ValueError, match=why + own) as caught:
        path_to_save(unfit).__enter__()
    assert caught.value.__suppress_context__  # so that there is one traceback to read

    five = sequential(layers.Flatten(), layers.Dense(5, activation="softmax"))
    with path_to_save(five) as file:
        five.save(file)
    said = "tells 5 classes apart instead of the ten digits. Notebook 4 will use the model that you"
    assert said in capsys.readouterr().out


def test_a_model_that_is_saved_elsewhere_is_named_and_the_earlier_one_stays(path):
    model = functional(layers.Flatten())
    for earlier in (False, True):
        message = r"Nothing was saved to mnist_cnn.*`model\.save\(path\)`"
        with pytest.raises(ValueError, match=message), path_to_save(model):
            model.save(path.with_name("elsewhere.keras"))
        assert path.exists() == earlier
        path.write_bytes(b"earlier")
    assert path.read_bytes() == b"earlier"


def test_the_refusal_of_scores_says_what_to_add_and_that_keeps_what_was_learned(path):
    """Scores could be read again, so another reason would be wrong."""
    model = functional(layers.Flatten(), end="linear")
    with pytest.raises(ValueError, match="because the lesson shows the prob") as caught:
        path_to_save(model).__enter__()
    assert "read again" not in str(caught.value)
    assert "keras.Sequential([model, keras.layers.Softmax()])" in str(caught.value)
    remedied = keras.Sequential([model, keras.layers.Softmax()])
    with path_to_save(remedied) as file:
        remedied.save(file)
    images = np.random.default_rng(0).random((3, 28, 28, 1), "float32")
    wanted = keras.ops.softmax(model(images))
    np.testing.assert_allclose(load_model(path)(images), wanted, atol=1e-6)
    other = functional(layers.Flatten(), end="sigmoid")
    with pytest.raises(ValueError, match=r"=sigmoid.*layers\.Softmax\(\) at the end\. Nothing"):
        path_to_save(other).__enter__()


def joined(join):
    """Build a network whose output `join` makes of the probabilities of two layers."""
    image = keras.Input((28, 28, 1))
    ends = [layers.Dense(10, activation="softmax")(layers.Flatten()(image)) for _ in range(2)]
    return keras.Model(image, join(*ends))


def test_a_function_that_has_the_name_of_an_activation_of_keras_does_not_become_it():
    """Keras would save the name, and the network that is read would compute something else."""

    def relu(scores):
        return 2 * scores

    with pytest.raises(ValueError, match=r"layer odd: .*got the function relu, expected activ"):
        topology(odd(layers.Dense, 3, activation=relu)())
    topology(odd(layers.Dense, 3, activation=lambda_of_keras("relu"))())


def lambda_of_keras(name):
    """Return another function that computes the same as an activation of Keras, under its name."""
    function = lambda scores: getattr(keras.activations, name)(scores)  # noqa: E731
    function.__name__ = name
    return function


NO_PROBABILITIES = {
    "a sum of two": lambda: joined(lambda *ends: layers.Add()(ends)),
    "two side by side": lambda: joined(lambda *ends: layers.Concatenate()(ends)),
    "half of them": lambda: joined(lambda a, _b: layers.Rescaling(0.5)(a)),
}


@pytest.mark.parametrize("name", NO_PROBABILITIES)
def test_what_only_looks_like_probabilities_is_refused(name):
    """Another softmax would spoil the probabilities."""
    message = r"made of probabilities.*expected softmax in the last layer, and in no layer before"
    with pytest.raises(ValueError, match=message):
        topology(NO_PROBABILITIES[name]())


# What a crafted description may claim. Each would fill the memory if Keras built it first.
INPUT = ("InputLayer", {"name": "images", "batch_shape": [None, 28, 28, 1]})
LARGE_INPUT = ("InputLayer", {"name": "images", "batch_shape": [None, 5000, 5000, 1]})
ENDING = [("Flatten", {"name": "flat"}), ("Dense", {"name": "last", "units": 10})]
CONV = {"name": "conv", "filters": 1, "kernel_size": 3}
DENSE = {"name": "dense", "units": 200_000}
INSIDE = {
    **{"module": "keras.layers", "class_name": "Dense", "config": DENSE},
    **{"registered_name": None, "build_config": {"input_shape": [None, 500]}},
}
ROWS = ("Reshape", {"name": "rows", "target_shape": [28, 28]})
CLAIMS = {
    "filters": [
        *(INPUT, ("Conv2D", CONV | {"filters": 64, "name": "first"})),
        *(("Conv2D", CONV | {"filters": 200_000}), ("GlobalMaxPooling2D", {"name": "pool"})),
        ENDING[1],
    ],
    "filters in 1x1": [INPUT, ("Conv2D", CONV | {"filters": 20_000, "kernel_size": 1}), *ENDING],
    "kernel size": [INPUT, ("Conv2D", CONV | {"kernel_size": 9000, "padding": "same"}), *ENDING],
    "units": [INPUT, ENDING[0], ("Dense", DENSE), ENDING[1]],
    "images": [LARGE_INPUT, *ENDING],
    "layers": [INPUT, *(("ReLU", {"name": f"r{n}"}) for n in range(3000)), *ENDING],
    "layers with weights": [INPUT, *(("Conv2D", CONV | {"name": f"c{n}"}) for n in range(500))],
    "channels": [
        *(INPUT, ("Conv2D", CONV | {"filters": 999, "padding": "same"})),
        ("Conv2D", CONV | {"name": "second", "filters": 9999, "padding": "same"}),
        *ENDING,
    ],
    "normalization": [INPUT, ENDING[0], ("Dense", DENSE), ("BatchNormalization", {"name": "n"})],
    "pool size": [INPUT, ("MaxPooling2D", {"name": "p", "pool_size": 10**9}), *ENDING],
    "pool text": [INPUT, ("MaxPooling2D", {"name": "p", "pool_size": "many"}), *ENDING],
    "pool padding": [INPUT, ("AveragePooling2D", {"name": "p", "padding": "same"}), *ENDING],
    "strides": [INPUT, ("Conv2D", CONV | {"strides": 10**9}), *ENDING],
    "negative": [INPUT, ("Conv2D", CONV | {"strides": -1, "padding": "same"}), *ENDING],
    "dilation": [INPUT, ("Conv2D", CONV | {"dilation_rate": 10**9}), *ENDING],
    "groups": [INPUT, ("Conv2D", CONV | {"filters": 999_999, "groups": 999_999}), *ENDING],
    "many digits": [INPUT, ("Conv2D", CONV | {"filters": 10**4000}), *ENDING],
    "activation": [INPUT, ("Activation", {"name": "a", "activation": INSIDE}), *ENDING],
    "rate": [INPUT, ("Dropout", {"name": "d", "rate": 10**99}), *ENDING],
    "depthwise": [INPUT, ("DepthwiseConv2D", {"name": "d", "kernel_size": 9000}), *ENDING],
    "multiplier": [
        *(INPUT, ("SeparableConv2D", CONV | {"name": "s", "depth_multiplier": 10**6})),
        *ENDING,
    ],
    "up": [INPUT, ("UpSampling2D", {"name": "u", "size": 10**6}), *ENDING],
    "padding": [INPUT, ("ZeroPadding2D", {"name": "z", "padding": 10**6}), *ENDING],
    "resizing": [INPUT, ("Resizing", {"name": "r", "height": 10**6, "width": 10**6}), *ENDING],
    "shape": [INPUT, ("Reshape", {"name": "r", "target_shape": [10**6, 10**6]}), *ENDING],
    "long shape": [INPUT, ("Reshape", {"name": "r", "target_shape": [1] * 10**4}), *ENDING],
    "repeat": [INPUT, ENDING[0], ("RepeatVector", {"name": "r", "n": 10**9}), *ENDING],
    "transpose": [INPUT, ("Conv2DTranspose", CONV | {"strides": 10**5}), *ENDING],
    "prelu": [
        INPUT,
        ("Resizing", {"name": "r", "height": 999, "width": 999}),
        ("PReLU", {"name": "p"}),
        *ENDING,
    ],
    "scale": [INPUT, ("Rescaling", {"name": "r", "scale": [1.0] * 300_000}), *ENDING],
    "scale of three": [INPUT, ("Rescaling", {"name": "r", "scale": [1.0] * 3}), *ENDING],
    "scale of the batch": [INPUT, ("Rescaling", {"name": "r", "offset": [[[[1]]]] * 2}), *ENDING],
    "slope": [INPUT, ("LeakyReLU", {"name": "l", "negative_slope": [[0.1] * 10] * 10}), *ENDING],
    "mean": [INPUT, ("Normalization", {"name": "n", "mean": [0.1] * 9999, "variance": 1}), *ENDING],
    "heads": [INPUT, ROWS, ("LSTM", {"name": "l", "units": 10**8}), *ENDING],
    "stateful": [INPUT, ROWS, ("LSTM", {"name": "l", "units": 4, "stateful": True}), *ENDING],
    "module": [INPUT, ("Activation", {"name": "a", "activation": "os.system"}), *ENDING],
    "module as a part": [INPUT, ("Activation", {"name": "a", "activation": CODE}), *ENDING],
    "dtype": [INPUT, ("Flatten", {"name": "f", "dtype": CODE}), ENDING[1]],
    "wrapped": [INPUT, ROWS, ("Bidirectional", {"name": "b", "layer": INSIDE}), *ENDING],
}
PEAKS = """
import re, sys
from pathlib import Path
from helpers.saved.archive import read_model

def peak():  # in kB; of this process alone, where getrusage begins at what its parent has
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

before = peak()
for path in sorted(Path(sys.argv[1]).glob("*.keras")):
    try:
        read_model(path)
        print(path.stem, "is read", sep="|")
    except OSError as error:
        print(path.stem, (peak() - before) // 1000, str(error)[:80], sep="|")
"""


def sequence(parts):
    """Return the description of a network, as Keras writes one, of kinds and settings."""
    described = [
        {"module": "keras.layers", "class_name": kind, "config": settings, "registered_name": None}
        for kind, settings in parts
    ]
    names = {"module": "keras", "class_name": "Sequential", "registered_name": None}
    return names | {"config": {"name": "crafted", "layers": described}}


def graph(parts, sources, output=("last", 0)):
    """Return the description of a network in which layers take what `sources` name.

    For each part there is a list of calls, and each call is a list of names and numbers of calls.
    """
    described = sequence(parts)["config"]["layers"]
    for part, calls in zip(described, sources, strict=True):
        nodes = [[tensor_of(*place) for place in call] for call in calls]
        args = [
            nodes if part["class_name"] in ("Add", "Concatenate", "Dot") else nodes[:1]
            for nodes in nodes
        ]
        args = [[tensors] if len(tensors) > 1 else tensors for tensors in args]
        part["name"] = part["config"]["name"]
        part["inbound_nodes"] = [{"args": given, "kwargs": {}} for given in args]
    ends = {"input_layers": ["images", 0, 0], "output_layers": [*output, 0]}
    names = {"module": "keras.src.models.functional", "class_name": "Functional"}
    return names | {"config": {"name": "crafted", "layers": described} | ends}


def tensor_of(name, call=0):
    place = {"keras_history": [name, call, 0], "shape": [None, 26, 26, 1000], "dtype": "float32"}
    return {"class_name": "__keras_tensor__", "config": place}


def chain_of(*names):
    """Return the sources of layers that each take what a named layer gives."""
    return [[], *([[(name,)]] for name in names)]


POOL, RELU = ("GlobalMaxPooling2D", {"name": "pool"}), ("ReLU", {"name": "r"})
ADD = ("Add", {"name": "add"})
GRAPHS = {
    # The Dense layer takes what comes before a pooling, not what follows.
    "other wires": graph(
        [INPUT, ("Conv2D", CONV | {"filters": 1000}), POOL, *ENDING],
        chain_of("images", "conv", "conv", "flat"),
    ),
    "cycle": graph(
        [INPUT, ADD, RELU, *ENDING],
        [[], [[("images",), ("r",)]], [[("add",)]], [[("r",)]], [[("flat",)]]],
    ),
    "missing layer": graph([INPUT, *ENDING], chain_of("nobody", "flat")),
    "missing call": graph([INPUT, *ENDING], [[], [[("images", 1)]], [[("flat",)]]]),
    "missing output": graph([INPUT, *ENDING], chain_of("images", "flat"), ("last", 7)),
    "negative call": graph([INPUT, *ENDING], chain_of("images", "flat"), ("last", -1)),
    "many calls": graph(
        [INPUT, RELU, *ENDING],
        [[], [[("images",)]] + [[("r", n)] for n in range(3000)], [[("r", 3000)]], [[("flat",)]]],
    ),
    # Ten layers double the maps, and then thirty pass them on. Only all of them are too much.
    "many outputs": graph(
        [
            INPUT,
            *(("Concatenate", {"name": f"c{n}"}) for n in range(10)),
            *(("ReLU", {"name": f"r{n}"}) for n in range(30)),
            ("Concatenate", {"name": "both"}),
            ("GlobalMaxPooling2D", {"name": "pool"}),
            ("Dense", {"name": "last", "units": 10, "activation": "softmax"}),
        ],
        [
            [],
            [[("images",), ("images",)]],
            *([[(f"c{n}",), (f"c{n}",)]] for n in range(9)),
            *([[(name,)]] for name in ("c9", *(f"r{n}" for n in range(29)))),
            [[("r29",), ("c6",)]],
            [[("both",)]],
            [[("pool",)]],
        ],
    ),
    "large inner product": graph(
        [
            INPUT,
            ("Flatten", {"name": "f"}),
            ("Reshape", {"name": "v", "target_shape": [784, 1]}),
            ("Dot", {"name": "d", "axes": [2, 2]}),
            ("UpSampling1D", {"name": "u", "size": 99}),
            *ENDING,
        ],
        [
            [],
            [[("images",)]],
            [[("f",)]],
            [[("v",), ("v",)]],
            [[("d",)]],
            [[("u",)]],
            [[("flat",)]],
        ],
    ),
}


def repeated(times, depth):
    """Describe a network that calls a network so often, which calls another one, and so on."""
    network = graph([INPUT, ("ReLU", {"name": "last"})], chain_of("images"))
    for _level in range(depth):
        inner = network["config"] | {"name": "inner"}
        inner_calls = [[("images",)], *([("inner", n)] for n in range(times - 1))]
        calls = [[], inner_calls, [[("inner", times - 1)]]]
        outer = graph([INPUT, ("Functional", inner), ("ReLU", {"name": "last"})], calls)
        outer["config"]["layers"][1]["module"] = "keras.src.models.functional"
        network = outer
    return network


def test_networks_within_a_network_count_even_if_nobody_calls_them():
    """Keras builds them, and each of these has 255 calls of a layer in it."""
    config = repeated(2, 7)["config"]
    names = [f"n{k}" for k in range(60)]
    unused = [("Functional", config | {"name": name}) for name in names]
    described = graph(
        [INPUT, *unused, *ENDING], [[], *([] for _name in names), *chain_of("images", "flat")[1:]]
    )
    for part in described["config"]["layers"][1 : len(names) + 1]:
        part["module"] = "keras.src.models.functional"
    with pytest.raises(ValueError, match="got more than 500 layers"):
        build_network(described)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak")
def test_what_a_file_claims_never_fills_the_memory(path):
    """Each kind of claim is refused, and within 200 MB; all of them in one new process."""
    crafted = {name: json.dumps(sequence(parts)) for name, parts in CLAIMS.items()}
    network = sequence([INPUT, *ENDING])
    for _level in range(90):
        network = network | {"config": {"name": "outer", "layers": [network]}}
    crafted |= {"networks in networks": json.dumps(network), "lists in lists": "[" * 400_000}
    crafted |= {name: json.dumps(network) for name, network in GRAPHS.items()}
    crafted |= {f"doubled {depth}": json.dumps(repeated(2, depth)) for depth in (9, 60)}
    crafted["hundred times"] = json.dumps(repeated(100, 9))
    inner = GRAPHS["cycle"]["config"]
    around = graph([INPUT, ("Functional", inner), *ENDING], chain_of("images", "crafted", "flat"))
    around["config"]["layers"][1]["module"] = "keras.src.models.functional"
    crafted["cycle within"] = json.dumps(around)
    for name, config in crafted.items():
        changes = {"config.json": lambda _old, config=config: config.encode()}
        write(path.with_name(f"{name}.keras"), changes)
    with zipfile.ZipFile(path.with_name("zeros.keras"), "w", zipfile.ZIP_DEFLATED) as file:
        for name in archive.REQUIRED:
            file.writestr(name, "{}" if name.endswith("json") else bytes(250_000_000))
    write(path.with_name("links.keras"), {"model.weights.h5": many_links})
    command = [sys.executable, "-c", PEAKS, path.parent]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    lines = [line.split("|") for line in done.stdout.splitlines()]
    assert {name for name, *_rest in lines} == {*crafted, "zeros", "links"}, done.stderr
    for name, megabytes, *_message in lines:
        assert megabytes.isdigit() and int(megabytes) < 200, (name, megabytes)


def many_links(_old):
    """Make a weights file in which one array has a thousand names."""
    with h5py.File(buffer := io.BytesIO(), "w") as file:
        file["layers/dense/vars/0"] = np.zeros((1000, 1000), "float32")
        for n in range(1000):
            file[f"layers/dense_{n}/vars/0"] = file["layers/dense/vars/0"]
    return buffer.getvalue()


def on_raw_pixels():
    """Return a batch normalization that has seen pixels from 0 to 255."""
    pixels = np.tile(np.float32([0, 255]), (1, 28, 14))[..., None]
    layer = layers.BatchNormalization()
    layer.build(pixels.shape)
    layer.set_weights(np.array([[1], [0], [pixels.mean()], [pixels.var()]]))
    return layer


DIVIDING = {
    "Rescaling": (255, lambda: functional(layers.Rescaling(1 / 255), layers.Flatten())),
    "from -1 to 1": (128, lambda: functional(layers.Rescaling(1 / 127.5, -1), layers.Flatten())),
    "behind others": (
        255,
        lambda: functional(layers.RandomTranslation(0.1, 0.1), layers.Flatten(), divide()),
    ),
    "batches": (128, lambda: functional(on_raw_pixels(), layers.Flatten())),
}


def divide():
    return layers.Rescaling(1 / 255, name="divide")


@pytest.mark.parametrize("name", DIVIDING)
def test_a_network_that_divides_its_pixels_itself_is_named_when_saved_and_when_used(
    name, path, capsys
):
    divisor, build = DIVIDING[name]
    model = build()
    with path_to_save(model) as file:
        model.save(file)
    said = capsys.readouterr().out
    sentence = f"This network divides its pixels by {divisor} itself, in its layer "
    assert sentence in said and "pixels from 0 to 1" in said
    assert ("layer divide." in said) == (name == "behind others")
    assert sentence in trained_model()[1]


@pytest.mark.parametrize(
    "first_layers",
    [
        [],
        [layers.Rescaling(2, offset=-1)],
        [layers.BatchNormalization()],
        [layers.LayerNormalization(), layers.RandomRotation(0.1)],
        [layers.AveragePooling2D(7), layers.Rescaling(1 / 2)],
        [layers.Conv2D(2, 3), layers.Rescaling(1 / 255)],  # which divides maps
    ],
)
def test_any_other_network_is_saved_without_a_word_about_its_pixels(first_layers, path, capsys):
    model = functional(*first_layers, layers.Flatten())
    with path_to_save(model) as file:
        model.save(file)
    assert "divides" not in capsys.readouterr().out + trained_model()[1]
