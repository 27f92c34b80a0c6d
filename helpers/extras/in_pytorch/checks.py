"""The exercise of the optional lesson in_pytorch."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import number

# Exercise 1: the loss of a probability of 1, and nine of 0, that are taken for logits.
softmax_twice = comparison(
    number,
    right=1.4612,
    near_misses={
        0: "So it would be if the 1 were taken as a probability. It is taken as a logit.",
        0.2320: (
            "That is the probability after the second softmax. The loss is minus its logarithm."
        ),
    },
    otherwise=(
        "First softmax of the ten numbers: e to the power of each, over their sum. Then -ln."
    ),
    tolerance=0.01,
    hint="CrossEntropyLoss takes softmax of what it is given: here of a 1 and nine zeros.",
    praise="Nothing complains. A loss that never falls below 1.46 gives it away.",
)
