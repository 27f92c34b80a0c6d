"""Digits by other hands, a class's, and the figure of scikit-learn's forms."""

import json

import numpy as np

from helpers import mnist, sklearn_digits
from helpers.drawing import drawing_files, to_mnist
from helpers.evaluation import accuracy_interval
from helpers.extras.other_hands import plots
from helpers.plots.canvas import BLUE, PURPLE
from helpers.saved.models import HELD_OUT_MODEL
from tests.browser import ONE, SEVEN
from tests.cells import code_cells, run_cell
from tests.figures import assert_same, drawn_arrays


def test_the_lesson_reads_a_class_writer_by_writer(tmp_path, monkeypatch, shipped_model, capsys):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    sources = [cell.source for cell in code_cells("extras/other_hands")]
    (cell,) = (source for source in sources if "drawing_files.read_drawings(" in source)
    names = {"np": np, "mnist": mnist, "drawing_files": drawing_files, "to_mnist": to_mnist}
    names |= {"accuracy_interval": accuracy_interval, "mixed": shipped_model}
    names["read"] = lambda network, images: network(mnist.prepare(images)).numpy().argmax(1)
    names["held_out_model"] = shipped_model
    (tmp_path / "digits").mkdir()
    for name, strokes in (("a", ONE), ("b", SEVEN)):  # the second isn't what was asked
        content = {"hello-mnist digits": 1, "digits": [{"label": 1, "strokes": strokes}] * 3}
        (tmp_path / "digits" / f"{name}.json").write_text(json.dumps(content))
    run_cell(cell, names)
    printed = capsys.readouterr().out
    assert "writer 0, as it came: 3 of 3, 95% interval 0.44 to 1.00" in printed
    assert "writer 1, as it came: 0 of 3, 95% interval 0.00 to 0.56" in printed


def test_mnist_is_judged_by_images_that_taught_no_network():
    cells = {cell.id: cell.source for cell in code_cells("extras/other_hands")}
    judged, taught = [], []
    names = {"np": np, "rng": np.random.default_rng(0), "HELD_OUT_MODEL": HELD_OUT_MODEL}
    names["train_images"] = names["train_labels"] = np.arange(60_000)
    names["images"] = names["labels"] = -np.ones(2000, int)  # not MNIST's
    names["splits"] = [np.arange(2000) < 1000]
    names["load_model"] = lambda path: path
    names["read"] = lambda network, images: judged.append(images) or images
    names["train"] = lambda network, images, *_: taught.append(images) or network
    run_cell(cells["judge"], names)
    run_cell(cells["mixed"], names)
    assert names["mixed"] == HELD_OUT_MODEL  # which has seen images 0 to 49,999
    assert max(images.max() for images in taught) < 50_000
    new_forms, mnist_images = judged
    assert (new_forms == -1).all() and mnist_images.tolist() == [*range(50_000, 60_000)]


def test_each_form_is_the_first_one_with_a_few_digits_left_out_and_perhaps_another_last_digit():
    _drawings, labels, forms = sklearn_digits.load_scikit_learn_digits()
    for form in range(14):
        row = iter(labels[forms == 0])
        copied = labels[forms == form][:-1]
        assert all(digit in row for digit in copied), form  # `in` reads on in the row


def test_forms_stand_sorted_and_those_beyond_chance_stand_out():
    right, forms = np.array([1, 1, 1, 0, 0, 0, 1, 0, 1, 1]) > 0, np.repeat([0, 1, 2], (4, 2, 4))
    (axes,) = plots.accuracy_by_form(right, forms, (0.5, 0.9)).axes
    near, far = axes.containers
    assert_same([near[0].get_xydata(), far[0].get_xydata()], [[(1, 0.75), (2, 0.75)], [(0, 0)]])
    low, high = accuracy_interval(3, 4)
    assert_same(near[2][0].get_segments(), [[(1, low), (1, high)], [(2, low), (2, high)]])
    assert (near[0].get_color(), far[0].get_color()) == (BLUE, PURPLE)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "0", "2"]


def test_a_single_row_of_digits_is_drawn():
    digit = np.full((1, 28, 28), 200, np.uint8)
    figure = plots.rows_of_digits({"A 4 taken for a 6": digit})
    assert_same(drawn_arrays(figure), [digit[0]])
