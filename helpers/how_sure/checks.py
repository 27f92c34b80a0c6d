"""The exercises of the optional lesson how_sure."""

import numpy as np

from helpers.checks.core import exercise, fraction, number
from helpers.language import _


@exercise(
    number,
    "binomtest(30, 40).pvalue is the p-value of 30 to 10. Does it have to be so many?",
    "27 to 13, so about two thirds. Of a hundred images, 61 would do: more tell smaller gaps.",
)
def significant(images):
    """Exercise 1: the fewest of 40 images right alone that have a p-value below 0.05."""
    if abs(images - 27) < 0.01:
        return None
    fewer, more = _("Fewer do as well."), _("Chance does this in 5 of 100 cases or more.")
    return fewer if images > 27 else more


@exercise(
    fraction,
    "Begin with one threshold, 0.5: which images lie above it, and what share of those is right?",
    "It refuses about one image in a hundred, and that is enough.",
)
def answer_with_care(threshold, right, confidence):
    """Exercise 2: the smallest threshold above which 99.5% of the held-out answers are right."""
    if not 0.1 <= threshold < confidence.max():
        return _("A confidence is between 0.1, a blind guess, and 1.")
    above = {t: right[confidence > t] for t in np.arange(10, 100) / 100 if confidence.max() > t}
    smallest = next((t for t, answers in above.items() if answers.mean() >= 0.995), 1)
    if abs(threshold - smallest) < 0.005:
        return None
    if threshold > smallest:
        return _("A smaller threshold does as well.")
    share = right[confidence > threshold].mean()
    return _("Above this only {share:.2%} are right.", share=share)
