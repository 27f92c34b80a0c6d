"""Checks for the exercises: a cell hands over its answer and reads "Right", or a hint.

One function an exercise, named after what is asked, in one module a notebook. They accept any
correct answer, and a hint leads on rather than giving the answer away.
"""

from helpers.checks.architecture import halved_network, left_edges, shape_of_layers
from helpers.checks.better import beyond_chance, third_convolution, wider_network
from helpers.checks.evaluate import accuracy_when_moved, accuracy_when_sure, most_confused
from helpers.checks.extras import (
    answer_with_care,
    expected_mistakes,
    field_of_a_fourth,
    maps_of_their_own,
    split_without_shuffling,
    whole_view,
)
from helpers.checks.load import black_and_white, middle_of_five, most_ink
from helpers.checks.scaling import bytes_of_an_epoch, learners, third_of_three
from helpers.checks.train import loss_of_a_half, more_examples, steps_in_all

__all__ = [
    "accuracy_when_moved",
    "accuracy_when_sure",
    "answer_with_care",
    "beyond_chance",
    "black_and_white",
    "bytes_of_an_epoch",
    "expected_mistakes",
    "field_of_a_fourth",
    "halved_network",
    "learners",
    "left_edges",
    "loss_of_a_half",
    "maps_of_their_own",
    "middle_of_five",
    "more_examples",
    "most_confused",
    "most_ink",
    "shape_of_layers",
    "split_without_shuffling",
    "steps_in_all",
    "third_convolution",
    "third_of_three",
    "whole_view",
    "wider_network",
]
