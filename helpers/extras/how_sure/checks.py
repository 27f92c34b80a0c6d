"""The exercise of the optional lesson how_sure."""

import numpy as np

from helpers.checks.core import exercise
from helpers.checks.kinds import fraction
from helpers.common.language import _


@exercise(
    fraction,
    hint=(
        "Begin with one threshold, 0.5: which images lie above it, and what share of those is "
        "right?"
    ),
    praise="It refuses about one image in a hundred, and that is enough.",
)
def answer_with_care(threshold, right, confidence):
    """Exercise 1: the smallest threshold above which 99.5% of the held-out answers are right.

    `right`, booleans of shape (n,), says which answers are right, and `confidence`, floats of
    shape (n,), holds the probability of each answer.
    """
    if not 0.1 <= threshold < confidence.max():
        return _("A confidence is between 0.1, a blind guess, and 1.")
    thresholds = np.arange(10, 100) / 100
    enough = (
        candidate
        for candidate in thresholds[thresholds < confidence.max()]
        if right[confidence > candidate].mean() >= 0.995
    )
    smallest = next(enough, 1)
    if abs(threshold - smallest) < 0.005:
        return None
    if threshold > smallest:
        return _("A smaller threshold does as well.")
    share = right[confidence > threshold].mean()
    return _("Above this only {share:.2%} are right.", share=share)
