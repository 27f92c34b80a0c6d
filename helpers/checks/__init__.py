"""Checks for the exercises: a cell hands over its answer and reads "Right", or a hint.

One function an exercise, named after what is asked, in one module a notebook. They accept any
correct answer, and a hint leads on rather than giving the answer away.
"""

from helpers.checks.architecture import halved_network, left_edges, shape_of_layers
from helpers.checks.evaluate import accuracy_when_sure, misread, most_confused
from helpers.checks.load import black_and_white, middle_of_five, most_ink
from helpers.checks.train import backward_pass, loss_of_a_half, steps_in_all
