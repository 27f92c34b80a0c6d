"""Digits by other hands: a class's, writer by writer, and scikit-learn's."""

import json

import numpy as np

from helpers import evaluation, mnist
from helpers.drawing import collected, to_mnist
from helpers.other_hands import digits
from tests.browser import ONE, SEVEN
from tests.cells import code_cells, run


def test_the_lesson_reads_a_class_writer_by_writer(tmp_path, monkeypatch, shipped_model, capsys):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    (cell,) = (c.source for c in code_cells("extras/other_hands") if "collected.read(" in c.source)
    names = {"np": np, "mnist": mnist, "collected": collected, "to_mnist": to_mnist}
    names |= {"accuracy_interval": evaluation.accuracy_interval, "mixed": shipped_model}
    names["read"] = lambda network, images: network(mnist.prepare(images)).numpy().argmax(axis=1)
    names["model"] = shipped_model
    (tmp_path / "digits").mkdir()
    for name, strokes in (("a", ONE), ("b", SEVEN)):  # the second isn't what was asked
        content = {"hello-mnist digits": 1, "digits": [{"label": 1, "strokes": strokes}] * 3}
        (tmp_path / "digits" / f"{name}.json").write_text(json.dumps(content))
    run(cell, names)
    printed = capsys.readouterr().out
    assert "writer 0, as it came: 3 of 3, 95% interval 0.44 to 1.00" in printed
    assert "writer 1, as it came: 0 of 3, 95% interval 0.00 to 0.56" in printed


def test_scikit_learns_digits_come_form_by_form():
    _drawings, labels, writers = digits.from_scikit_learn()
    for writer in range(14):
        assert labels[writers == writer][1:9].tolist() == [*range(1, 9)]
