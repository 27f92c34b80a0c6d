"""The exercise of the optional lesson in_pytorch."""

from helpers.checks.core import exercise, number
from helpers.language import _


@exercise(
    number,
    "CrossEntropyLoss takes softmax of what it is given: here of a 1 and nine zeros.",
    "Nothing complains. A loss that never falls below 1.46 gives it away.",
)
def softmax_twice(loss):
    """Exercise 1: the loss of a probability of 1, and nine of 0, that are taken for logits."""
    if abs(loss - 1.4612) < 0.01:
        return None
    if abs(loss) < 1e-6:
        return _("So it would be if the 1 were taken as a probability. It is taken as a logit.")
    if abs(loss - 0.2320) < 0.01:
        return _(
            "That is the probability after the second softmax. The loss is minus its logarithm."
        )
    return _("First softmax of the ten numbers: e to the power of each, over their sum. Then -ln.")
