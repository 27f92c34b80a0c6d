"""A page that was taken home is read into a notebook, and nothing in it is trusted."""

import base64
import json

import numpy as np
import pytest

from helpers import mnist
from helpers.common import classes
from helpers.common.backend import keras
from helpers.common.files import artifacts
from helpers.drawing.strokes import recorded_strokes
from helpers.saved.layers import KINDS
from helpers.widgets import take_home
from helpers.widgets.described_network import describe
from helpers.widgets.page_reader import DATA, read_page
from tests import networks, zoo

layers = keras.layers


@pytest.fixture
def path(tmp_path):
    return tmp_path / "my_network.html"


def write(path, data):
    path.write_text(take_home.fill_template(data), encoding="utf-8")


@pytest.mark.parametrize("name", zoo.ZOO)
def test_a_network_is_read_from_a_page_with_its_answers(name, path, mnist_data):
    model = zoo.build(name)
    write(path, {"strokes": [], "description": zoo.describe_zoo()[name]})
    found, drawings, labels = read_page(path)
    images = mnist.prepare(mnist_data[1][0][:20])
    expected = keras.ops.convert_to_numpy(model(images, training=False))
    answers = keras.ops.convert_to_numpy(found(images, training=False))
    np.testing.assert_allclose(answers, expected, atol=1e-5)
    assert np.ptp(expected, axis=0).max() > 1e-4  # the images make a difference
    assert drawings.shape == (0, 28, 28) and labels.shape == (0,)


def test_each_kind_that_a_page_holds_is_read_and_no_other():
    networks_described = zoo.describe_zoo().values()
    written = {layer["kind"] for network in networks_described for layer in network["layers"]}
    assert written == {name for name, kind in KINDS.items() if kind.read}


def test_classes_and_drawings_come_along(shipped_model, path):
    model = networks.sequential(layers.Flatten(), layers.Dense(3, activation="softmax"))
    model.classes = ["A", "B", "\N{GREEK SMALL LETTER PI}"]
    kept = [{"label": 2, "strokes": recorded_strokes()}, {"label": 0, "strokes": [[[9, 9]]]}]
    write(path, {"strokes": [], "description": describe(model), "drawings": kept})
    found, drawings, labels = read_page(path)
    assert list(found.classes) == model.classes and labels.tolist() == [2, 0]
    assert drawings.shape == (2, 28, 28) and drawings.dtype == np.uint8 and drawings[0].max() > 200
    home = take_home.write_page(shipped_model).path
    assert home == artifacts() / "my_network.html"
    digits = read_page(home)[0]
    assert classes.names_of_model(digits) == classes.DIGITS
    np.testing.assert_array_equal(digits.get_weights()[0], shipped_model.get_weights()[0])


def change(name, value, place=-1):
    """Return a change of a description: another value in one of its layers."""

    def changed(description):
        description["layers"][place][name] = value

    return changed


def weights_of(count):
    text = base64.b64encode(np.zeros(count, "<f4").tobytes()).decode()
    return {"kernel": text, "bias": base64.b64encode(np.zeros(10, "<f4").tobytes()).decode()}


CRAFTED = {
    "a kind that isn't there": change("kind", "Lambda"),
    "a kind that is described as others": change("kind", "SeparableConv2D"),
    "an activation of a module": change("activation", "os.system"),
    "a slope that Keras doesn't know": change("negative_slope", 0.7),
    "units without weights": change("shape", [10**6]),
    "fewer weights": change("weights", weights_of(9)),
    "weights that are no base64": change("weights", {"kernel": "*", "bias": "*"}),
    "weights that aren't finite": change(
        "weights",
        weights_of(7840) | {"bias": base64.b64encode(np.full(10, np.nan, "<f4")).decode()},
    ),
    "a layer that comes later": change("inputs", [7]),
    "a shape that isn't true": change("shape", [785], 0),
    "many layers": lambda description: description["layers"].extend(description["layers"] * 999),
    "a class too many": lambda description: description.update(classes=list("abc")),
    "no layers": lambda description: description.update(layers=[]),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_page_that_was_changed_by_hand_is_refused(name, path):
    model = networks.sequential(layers.Flatten(), layers.Dense(10, activation="softmax"))
    description = json.loads(json.dumps(describe(model)))
    CRAFTED[name](description)
    write(path, {"strokes": [], "description": description})
    with pytest.raises(OSError, match=r"my_network.html is not read \(.*\)\. It has to be a page"):
        read_page(path)


def test_other_files_are_refused(path):
    with pytest.raises(OSError, match=r"is not read .*No such file"):
        read_page(path)
    path.write_text("<script>alert(1)</script>", encoding="utf-8")
    with pytest.raises(OSError, match=r"is not read \(it holds no network\)"):
        read_page(path)
    write(path, {"strokes": []})
    assert DATA.search(path.read_text(encoding="utf-8"))
    with pytest.raises(OSError, match=r"is not read .*description"):
        read_page(path)
