"""The exercises of the optional lesson in_pytorch."""

from helpers.checks.core import exercise, number
from helpers.language import _


@exercise(
    number,
    "PyTorch puts all nine places of a channel in a row. How many channels come before?",
    "Weights that are carried over without this order fit in shape, and are wrong.",
)
def place_in_the_row(index):
    """Exercise 1: where PyTorch's `Flatten` puts row 1, column 2, channel 5 of 3x3x128."""
    if index == 50:
        return None
    if index == 645:
        return _("That is Keras's order, which keeps the channels of a place together.")
    return _(
        "Count what comes before: whole channels of nine, whole rows of three, single numbers."
    )


@exercise(
    number,
    "CrossEntropyLoss takes softmax of what it is given: here of a 1 and nine zeros.",
    "Nothing complains. A loss that never falls below 1.46 gives it away.",
)
def softmax_twice(loss):
    """Exercise 2: the loss of a probability of 1, and nine of 0, that are taken for logits."""
    if abs(loss - 1.4612) < 0.01:
        return None
    if abs(loss) < 1e-6:
        return _("So it would be if the 1 were taken as a probability. It is taken as a logit.")
    if abs(loss - 0.2320) < 0.01:
        return _(
            "That is the probability after the second softmax. The loss is minus its logarithm."
        )
    return _("First softmax of the ten numbers: e to the power of each, over their sum. Then -ln.")
