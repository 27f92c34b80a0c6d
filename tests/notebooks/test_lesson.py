"""What stands both in a cell and in a helper is the same, and the document's lines are there."""

import ast

import nbformat
import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.files import ROOT
from helpers.model import build_model, compile_model
from tools import make_model

DOCUMENT = {
    "01_load": ["(train_images, train_labels), (test_images, test_labels) = mnist.load_data()"],
    "02_architecture": [
        "inputs = keras.Input(shape=(28, 28, 1))",
        'x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)',
        "x = layers.MaxPooling2D(pool_size=2)(x)",
        'x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)',
        'x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)',
        "x = layers.Flatten()(x)",
        'outputs = layers.Dense(10, activation="softmax")(x)',
        "model = keras.Model(inputs=inputs, outputs=outputs)",
    ],
    "03_train": [
        "train_images = train_images.reshape((60000, 28, 28, 1))",
        'train_images = train_images.astype("float32") / 255',
        "test_images = test_images.reshape((10000, 28, 28, 1))",
        'test_images = test_images.astype("float32") / 255',
        "model.fit(train_images, train_labels, epochs=5, batch_size=64,",
    ],
    "04_evaluate": ["test_loss, test_acc = model.evaluate(test_images, test_labels)"],
}


def cells(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def cell_with(name, text):
    """Return the only cell of a notebook that has `text` in it."""
    (found,) = [source for source in cells(name) if text in source]
    return found


def the_call(source, name):
    """Return the only call of `name` in a cell, without the name it is called on."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    (found,) = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] == name]
    return found


def words(call):
    """Return the keyword arguments of a call, as text."""
    return {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}


@pytest.mark.parametrize("name", DOCUMENT)
def test_the_lines_of_the_document_stand_in_the_cells(name):
    text = "\n".join(cells(name))
    assert [line for line in DOCUMENT[name] if line not in text] == []


def test_the_network_of_the_cell_is_the_one_of_the_helper():
    names = {"keras": keras, "layers": keras.layers}
    exec(cell_with("02_architecture", "keras.Input"), names)

    def plan(model):
        configs = [layer.get_config() for layer in model.layers]
        return [{k: str(v) for k, v in c.items() if k != "name"} for c in configs]

    assert plan(names["model"]) == plan(build_model())


def test_the_recipe_of_the_cells_is_the_one_of_the_helper(monkeypatch):
    compiled = the_call(cell_with("03_train", "model.compile(optimizer"), "compile")
    fitted = the_call(cell_with("03_train", "epochs=5"), "fit")
    calls = {}

    class Spy:
        def compile(self, **words):
            calls["compile"] = words

        def fit(self, *arrays, **words):
            calls["fit"] = words

    monkeypatch.setattr(make_model, "build_model", Spy)
    make_model.train(0, 1)
    assert {k: ast.literal_eval(v) for k, v in words(compiled).items()} == calls["compile"]
    in_cell = {k: v for k, v in words(fitted).items() if k != "callbacks"}
    assert in_cell == {k: str(v) for k, v in calls["fit"].items() if k != "verbose"}
    compile_model(Spy())  # what load_model uses is what the recipe uses
    assert {k: ast.literal_eval(v) for k, v in words(compiled).items()} == calls["compile"]


def test_the_preparation_of_the_cells_is_the_one_of_the_helper():
    (images, _), (test_images, _) = mnist.load_data()
    names = {"train_images": images, "test_images": test_images}
    exec(cell_with("03_train", "train_images.reshape"), names)
    np.testing.assert_array_equal(names["train_images"], mnist.prepare(images))
    np.testing.assert_array_equal(names["test_images"], mnist.prepare(test_images))


def test_the_first_notebook_needs_no_tensorflow():
    imports = [
        alias.name if isinstance(node, ast.Import) else node.module
        for source in cells("01_load")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    standard = {"os", "shutil", "subprocess", "sys"}
    assert set(imports) - standard <= {"helpers", "numpy"}


def test_the_test_images_are_used_in_the_last_notebook_alone():
    """Their labels are what learning and choosing would need; only notebook 1 counts them."""
    for name, uses in (("01_load", 3), ("02_architecture", 0), ("03_train", 1)):
        assert "\n".join(cells(name)).count("test_labels") == uses, name
