"""The planted faults, the lines that show them, and what a learner is told who names another."""

import functools
import itertools
import re

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.extras.it_doesnt_learn import checks, plots, trainings
from helpers.extras.it_doesnt_learn.trainings import FAULTS, NETWORKS, open_training
from helpers.model import build_model
from tests.cells import read_notebook
from tests.extras.it_doesnt_learn.answers import RIGHT
from tests.figures import assert_same, check_visible, drawn_arrays, titles

LESSON = trainings.mnist.PATH.parents[2] / "notebooks" / "extras" / "it_doesnt_learn.ipynb"


def activations(training):
    """The activations of the last two layers, of which the first may be Flatten."""
    last_two = training.build().layers[-2:]
    return [
        layer.activation.__name__ if layer.name.startswith("dense") else layer.name.split("_")[0]
        for layer in last_two
    ]


def rate(training):
    return float(training.build().optimizer.learning_rate.numpy())


def has_labels(training, labels):
    return np.array_equal(training.labels, labels)


# For each fault, what is true of a training in which it is planted, and of no other.
PLANTED = {
    "PixelsUpTo255": lambda t, _: t.images.max() == t.validation[0].max() == 255,
    "ShiftedLabels": lambda t, labels: has_labels(
        t, np.concatenate([labels[:1000], labels[1001:5001]])
    ),
    "SortedImages": lambda t, labels: (
        has_labels(t, np.sort(labels[:5000])) and t.settings.get("shuffle") is False
    ),
    "InvertedValidation": lambda t, _: 0.8 < t.validation[0].mean() < 1,
    "ZeroWeights": lambda t, _: not any(weights.any() for weights in t.build().get_weights()),
    "LargeRate": lambda t, _: rate(t) == pytest.approx(0.1),
    "SmallRate": lambda t, _: rate(t) == pytest.approx(1e-6),
    "TwoSoftmax": lambda t, _: activations(t) == ["softmax", "softmax"],
    "NoSoftmax": lambda t, _: activations(t) == ["flatten", "linear"],
    "ReluOnScores": lambda t, _: activations(t) == ["relu", "softmax"],
    "RelabelledDigit": lambda t, labels: has_labels(
        t, np.where(labels[:5000] == 5, 3, labels[:5000])
    ),
}


def found_faults(training, mnist_data):
    """Return the names of the faults that are planted in a training."""
    labels = mnist_data[0][1]
    training.build = functools.cache(training.build)  # which takes a while
    return {name for name, is_planted in PLANTED.items() if is_planted(training, labels)}


@pytest.mark.parametrize("number", NETWORKS)
def test_a_network_has_the_faults_that_are_planted_in_it_and_no_others(number, mnist_data):
    training = open_training(number)
    assert found_faults(training, mnist_data) == {fault.__name__ for fault in NETWORKS[number]}
    assert training.images.shape == (5000, 28, 28, 1) and training.images.dtype == "float32"
    assert has_labels(open_training(0), mnist_data[0][1][:5000])
    np.testing.assert_array_equal(training.validation[1], mnist_data[0][1][50_000:52_000])


def test_ten_networks_have_one_fault_each_and_the_learner_names_eight_of_them():
    assert {NETWORKS[number] for number in range(1, 11)} == {(fault,) for fault in FAULTS.values()}
    assert tuple(letter for n in range(3, 11) for letter in checks.letters_of(n)) == RIGHT


def test_network_0_is_the_network_of_the_lesson_and_begins_alike_each_time():
    training = open_training(0)
    keras.utils.set_random_seed(0)
    for model in (training.build(), training.build()):
        assert model.to_json().count("Conv2D") == 3
        keras.utils.set_random_seed(0)
        for ours, lessons in zip(model.get_weights(), build_model().get_weights(), strict=True):
            np.testing.assert_array_equal(ours, lessons)
    assert training.settings == {"batch_size": 64} and rate(training) == pytest.approx(0.001)


def test_one_of_two_faults_is_repaired_and_the_other_one_stays(mnist_data):
    for without, left in (("f", {"ShiftedLabels"}), ("b", {"LargeRate"})):
        assert found_faults(open_training(11, without=without), mnist_data) == left
    for number, letter in enumerate(RIGHT, start=3):
        assert found_faults(open_training(number, without=letter), mnist_data) == set()
    with pytest.raises(ValueError, match="got 'a', expected the letter of a fault that network 11"):
        open_training(11, without="a")
    for number in (13, -1, "3", None):
        with pytest.raises(ValueError, match="expected 0 to 12"):
            open_training(number)


def test_the_lines_of_a_fault_stand_below_the_lines_as_they_should_be(capsys):
    trainings.show_fault(7)
    assert capsys.readouterr().out == (
        "As it should be:\n"
        "    def _optimizer(self):\n"
        "        return keras.optimizers.RMSprop(learning_rate=0.001)\n\n"
        "In network 7:\n"
        "    def _optimizer(self):\n"
        "        return keras.optimizers.RMSprop(learning_rate=0.1)\n\n"
    )
    for number in range(1, 13):
        trainings.show_fault(number)
        sound, planted = zip(
            *re.findall(
                r"As it should be:\n(.*?)In network \d+:\n(.*?)(?=As it|\Z)",
                capsys.readouterr().out,
                re.DOTALL,
            ),
            strict=True,
        )
        assert all(one != other for one, other in zip(sound, planted, strict=True))
        assert len(sound) == sum(
            len([name for name in vars(fault) if not name.startswith("__")])
            for fault in NETWORKS[number]
        )


def test_for_each_wrong_letter_some_check_speaks_against_it():
    """What is said of the network is what this check shows where its own fault is planted."""
    for network, right in enumerate(RIGHT, start=3):
        for letter in {*FAULTS} - {right}:
            said = checks._miss(network, letter, right)
            assert any(said.endswith(f"Here {sign}.") for sign in checks.SIGNS[right]), said
    for one, other in itertools.combinations(checks.SIGNS.values(), 2):
        assert list(map(str, one)) != list(map(str, other))


def test_the_list_in_the_lesson_has_the_letters_that_the_check_knows():
    (cell,) = (cell for cell in read_notebook(LESSON).cells if cell.id == "faults")
    assert re.findall(r"^- \*\*(\w)\*\*: ", cell.source, re.MULTILINE) == [*checks.NAMES]
    assert [*checks.SIGNS] == [*FAULTS] == [*checks.NAMES][:-1]


def test_a_batch_is_drawn_as_the_network_gets_it():
    rows = {}
    for number in (0, 4, 5):
        training = open_training(number)
        rows[f"network {number}"] = training.images, training.labels, *training.validation
    figure = plots.batches(rows)
    drawn = [
        image[..., 0]
        for images, _, others, _ in rows.values()
        for image in (*images[:6], *others[:3])
    ]
    assert_same(drawn_arrays(figure), drawn)
    limits = {image.get_clim() for axes in figure.axes for image in axes.images}
    assert limits == {(0, 1)}
    labels = [
        str(label) for _, first, _, last in rows.values() for label in (*first[:6], *last[:3])
    ]
    assert titles(figure) == labels
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert texts == [
        "network 0\n0 to 1",
        "0 to 1",
        "network 4\n0 to 255",
        "0 to 255",
        "network 5\n0 to 1",
        "0 to 1",
    ]
    check_visible(figure)
    inverted = "pixels 0 to 1, paper 0, then labels 3 8 6, pixels 0 to 1, paper 1)."
    assert figure.alt.endswith(f"network 5 (labels 5 0 4 1 9 2, {inverted}")
    assert "network 4 (labels 5 0 4 1 9 2, pixels 0 to 255, paper 0, then" in figure.alt


def test_a_lost_label_shifts_all_labels_after_it(mnist_data):
    labels = mnist_data[0][1][:1797]
    shifted = trainings.lose_a_label(labels)
    lost = trainings.LOST_LABEL
    np.testing.assert_array_equal(shifted[:lost], labels[:lost])
    np.testing.assert_array_equal(shifted[lost:-1], labels[lost + 1 :])
    assert shifted.shape == labels.shape
