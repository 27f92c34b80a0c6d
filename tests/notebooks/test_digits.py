"""The network in plain Python: it reads, learns and answers as NumPy and Keras do."""

import ast
import importlib.util
import random
import re
import runpy
import shutil
import subprocess
import sys

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf

from helpers.common.files import ROOT
from tools import four_notebooks

DIGITS = ROOT / "notebooks" / "digits.py"
SIGNS = " .:-=+*#%@"  # from blank paper to full ink


@pytest.fixture(scope="module")
def digits():
    spec = importlib.util.spec_from_file_location("digits", DIGITS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def step(digits):
    """A network, an image and its label, the slopes of the loss, and the network after a step."""
    random.seed(1)
    kernels, weights = digits.new_network()
    for row in kernels + weights:  # biases that aren't 0
        row[-1] = random.uniform(-0.1, 0.1)
    before = np.array(kernels), np.array(weights)
    image, label = digits.read_examples("train", [7])[0]
    windows = digits.cut_windows(image)
    features, probabilities = digits.forward((kernels, weights), windows)
    slopes = digits.backward((kernels, weights), windows, features, probabilities, label)
    loss = digits.learn((kernels, weights), image, label, rate=0.1)
    return {
        "before": before,
        "image": np.array(image),
        "label": label,
        "probabilities": np.array(probabilities),
        "slopes": [np.array(rows) for rows in slopes],
        "loss": loss,
        "after": [np.array(rows) for rows in (kernels, weights)],
    }


def test_it_imports_the_standard_library_alone_and_can_be_read_in_one_sitting():
    text = DIGITS.read_text("utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import)]
    modules = {name.name for node in imports for name in node.names}
    modules |= {n.module for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)}
    assert modules and modules <= sys.stdlib_module_names
    assert len(text.splitlines()) <= 150


def test_each_section_that_it_names_is_in_the_notebook():
    headings = {}
    for number, path in enumerate(four_notebooks(), start=1):
        cells = nbformat.read(path, as_version=4).cells
        prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        headings[str(number)] = re.findall(r"^## (.*)", prose, re.MULTILINE)
    named = re.findall(r"^# Notebook (\d), (.*)", DIGITS.read_text("utf-8"), re.MULTILINE)
    assert len(named) >= 8
    for number, names in named:
        assert {*re.findall(r'"(.*?)"', names)} <= {*headings[number]}, names


def test_it_reads_the_numbers_of_the_data_file(digits, mnist_data):
    for part, (images, labels) in zip(("train", "test"), mnist_data, strict=True):
        assert digits.read_numbers(f"x_{part}") == images.tobytes()
        assert digits.read_numbers(f"y_{part}") == labels.tobytes()
        examples = digits.read_examples(part, range(5, 9_999, 1_111))
        np.testing.assert_array_equal([label for _, label in examples], labels[5:9_999:1_111])
        for (image, _label), expected in zip(examples, images[5:9_999:1_111], strict=True):
            np.testing.assert_allclose(image, expected / 255)


def test_it_shows_a_digit_as_one_sees_it(digits, mnist_data, capsys):
    digits.show([[0, 1 / 3, 1], [1, 0, 0]], "three pixels wide")
    assert capsys.readouterr().out == "  --@@\n@@    \nthree pixels wide\n"
    (image, _label), *_ = digits.read_examples("test", [0])
    digits.show(image, "a 7")
    *lines, caption = capsys.readouterr().out.splitlines()
    shown = np.array([[SIGNS.index(sign) for sign in line] for line in lines])
    assert shown.shape == (28, 56) and caption == "a 7"
    assert abs(shown[:, ::2] - mnist_data[1][0][0] / 255 * 9).max() <= 0.5
    np.testing.assert_array_equal(shown[:, ::2], shown[:, 1::2])


def numpy_loss(kernels, weights, image, label):
    """Return the loss of one image: by sums over slices of the image, without any window."""
    maps = np.zeros((len(kernels), 13, 13))
    for kernel, sums in zip(kernels, maps, strict=True):
        for row in range(3):
            for column in range(3):
                sums += (
                    kernel[3 * row + column] * image[row : row + 25 : 2, column : column + 25 : 2]
                )
        sums += kernel[9]
    logits = weights[:, :-1] @ np.maximum(maps, 0).ravel() + weights[:, -1]
    return np.log(np.exp(logits).sum()) - logits[label]


def test_loss_and_slopes_agree_with_differences_by_numpy(step):
    kernels, weights = step["before"]
    loss = numpy_loss(kernels, weights, step["image"], step["label"])
    assert step["loss"] == pytest.approx(loss, abs=1e-12)
    assert step["probabilities"].sum() == pytest.approx(1)
    generator = np.random.default_rng(0)
    for rows, slopes in zip((kernels, weights), step["slopes"], strict=True):
        places = [*np.ndindex(*rows.shape)]
        for place in generator.choice(places, size=80, replace=False):
            losses = []
            for nudge in (1e-6, -1e-6):
                rows[*place] += nudge
                losses.append(numpy_loss(kernels, weights, step["image"], step["label"]))
                rows[*place] -= nudge
            slope = (losses[0] - losses[1]) / 2e-6
            assert slopes[*place] == pytest.approx(slope, abs=1e-7)


def keras_network(kernels, weights):
    """Build the network in Keras from the rows of the file, whose features go map by map."""
    inputs = keras.Input((28, 28, 1))
    maps = keras.layers.Conv2D(len(kernels), 3, strides=2, activation="relu")(inputs)
    by_map = keras.layers.Permute((3, 1, 2))(maps)
    outputs = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(by_map))
    model = keras.Model(inputs, outputs)
    model.set_weights(keras_shapes(kernels, weights))
    return model


def keras_shapes(kernels, weights):
    """Return rows with their biases as the four arrays of Keras."""
    grids = kernels[:, :9].T.reshape(3, 3, 1, len(kernels))
    return [grids, kernels[:, 9], weights[:, :-1].T, weights[:, -1]]


def test_a_step_agrees_with_keras(step):
    model = keras_network(*step["before"])
    images = step["image"][None, ..., None].astype("float32")
    labels = np.array([step["label"]])
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(labels, model(images))
    gradients = tape.gradient(loss, model.trainable_weights)
    assert step["loss"] == pytest.approx(float(loss), rel=1e-5)
    for mine, theirs in zip(keras_shapes(*step["slopes"]), gradients, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-6)
    keras.optimizers.SGD(0.1).apply(gradients, model.trainable_weights)
    for mine, theirs in zip(keras_shapes(*step["after"]), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_a_short_training_learns(digits):
    random.seed(0)
    network = digits.new_network()
    others = digits.read_examples("train", range(50_000, 60_000, 100))
    assert digits.accuracy(network, others) < 0.3
    losses = [
        digits.learn(network, *example, 0.05)
        for example in digits.read_examples("train", range(300))
    ]
    assert np.mean(losses[-50:]) < 0.6 * np.mean(losses[:50])
    assert digits.accuracy(network, others) > 0.5  # chance is 0.1


def test_it_runs_from_any_folder(tmp_path, monkeypatch, capsys):
    """All of it, on so few images that it takes a second."""
    monkeypatch.chdir(tmp_path)
    names = runpy.run_path(str(DIGITS))
    main, read_examples = names["main"], names["read_examples"]
    few = main.__globals__
    few["read_examples"] = lambda part, numbers: read_examples(part, numbers[:30])
    main()
    printed = capsys.readouterr().out
    assert "This training image has the label 5." in printed
    assert len(re.findall(r"^loss \d\.\d{3}, validation accuracy [01]\.\d{3}$", printed, re.M)) == 3
    assert re.search(
        r"^The network reads this test image as \d\.\ntest accuracy: [01]\.\d{3}\n\Z", printed, re.M
    )


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 and then cut short"])
def test_without_its_data_file_it_says_what_to_do(content, tmp_path):
    copy = tmp_path / "lesson" / "notebooks" / "digits.py"
    data = tmp_path / "lesson" / "helpers" / "data" / "mnist.npz"
    for folder in (copy.parent, data.parent):
        folder.mkdir(parents=True)
    shutil.copy(DIGITS, copy)
    if content is not None:
        data.write_bytes(content)
    run = subprocess.run([sys.executable, copy], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert str(data) in run.stderr and "Download the project again" in run.stderr
