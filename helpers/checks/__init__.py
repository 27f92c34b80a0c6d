"""Checks for the exercises: a cell calls its check with an answer, and prints "Right" or a hint.

Each notebook has a module, and each exercise a check in it. A check accepts any correct answer, and
its hints lead to the answer without giving it away. `comparisons.comparison` makes a check of data,
and `core.exercise` makes one of a function.
"""

from helpers.checks.architecture import (
    halved_network,
    left_edges,
    lenet5,
    shape_of_layers,
)
from helpers.checks.evaluate import accuracy_when_sure, misread, most_confused
from helpers.checks.load import black_and_white, middle_of_five, most_ink
from helpers.checks.train import (
    backward_pass,
    derivative_along_two_paths,
    loss_of_a_half,
    rate_of_a_step,
    steps_in_all,
)
