"""The faults that the learner of notebook 3 looks for: a number plants one, and it can be seen."""

import re

import numpy as np
import pytest

from helpers import mnist
from helpers.planted_faults import FAULTS, choose_fault, plant_fault


@pytest.mark.parametrize("number, written", [("7", "'7'"), (-1, "-1"), (2.5, "2.5")])
def test_what_is_no_whole_number_is_refused_as_it_was_written(number, written):
    with pytest.raises(ValueError, match=re.escape(f"Your number is {written}. Take a whole")):
        choose_fault(number)


@pytest.mark.parametrize("first", [0, 6, 60])
def test_six_numbers_in_a_row_choose_all_six_faults(first):
    assert {choose_fault(number) for number in range(first, first + 6)} == {*FAULTS}


def signs(network, images, labels, right_labels):
    """Return what a learner can see of each fault, as True where it is there."""
    answers = network(images[:8]).numpy()
    return {
        "labels": (labels != right_labels[: len(labels)]).mean() > 0.5,
        "pixels": images.max() > 1,
        "rate": float(network.optimizer.learning_rate.numpy()) > 0.05,
        "softmax": not np.allclose(answers.sum(axis=1), 1, atol=1e-4),
        "frozen": network.count_params() > sum(w.numpy().size for w in network.trainable_weights),
        "zeros": not any(weights.any() for weights in network.get_weights()),
    }


def test_each_number_plants_its_fault_and_no_other(mnist_data):
    (images, labels), _test = mnist_data
    prepared = mnist.prepare(images[:1000])
    for number in range(6):
        network, some_images, some_labels = plant_fault(number, prepared, labels)
        seen = signs(network, some_images, some_labels, labels)
        assert [fault for fault, is_seen in seen.items() if is_seen] == [choose_fault(number)]
        np.testing.assert_array_equal(some_labels[:20], labels[:20])


def test_a_network_with_frozen_convolutions_does_not_learn_twenty_images(mnist_data):
    (images, labels), _test = mnist_data
    frozen = next(number for number in range(6) if choose_fault(number) == "frozen")
    network, *twenty = plant_fault(frozen, mnist.prepare(images[:20]), labels[:20])
    by_heart = network.fit(*twenty, epochs=40, batch_size=20, verbose=0)
    assert by_heart.history["loss"][-1] > 0.5  # where notebook 3 asks for less than 0.1
