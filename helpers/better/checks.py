"""The exercises of the optional lesson better."""

import numpy as np

from helpers.checks.core import exercise, fraction, number


@exercise(
    number,
    "Try numbers of pairs: in which share of the studies is found(0.001, pairs)?",
    "Half the gain takes about four times as many.",
)
def pairs_needed(pairs):
    """Exercise 1: pairs that find a gain of 0.001 in nine of ten studies, but for three or so."""
    if abs(pairs - 44) <= 3:
        return None
    many = "more than needed" if pairs > 44 else "too few"
    return f"That is {many}: find the smallest number with which found gives 0.9."


@exercise(
    fraction,
    "How likely is it that all nine intervals hold 0?",
    "So nine changes that do nothing yield a gain or a loss more often than one time in three.",
)
def by_luck(chance):
    """Exercise 2: that at least one of nine intervals misses 0 where nothing was changed."""
    if np.isclose(chance, 1 - 0.95**9, atol=0.01):
        return None
    if np.isclose(chance, 0.95**9, atol=0.01):
        return "That is how likely it is that none does."
    if np.isclose(chance, 9 * 0.05, atol=0.01):
        return "Added up, more than twenty would be more than 1. Begin with: all nine hold it."
    return "One holds it 95 times in 100, two of two 0.95 x 0.95. And nine of nine?"
