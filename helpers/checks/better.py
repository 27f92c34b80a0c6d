"""The exercises of the optional lesson better."""

import numpy as np

from helpers.checks.core import exercise, fraction, number


@exercise(
    number,
    "Which two means do you compare, and whose standard deviation is the measure?",
    "Chance alone would hardly ever do that.",
)
def beyond_chance(value, results):
    """Exercise 1: the gain in the document's standard deviations."""
    document, accurate = (results[name]["accuracy"] for name in ("document", "accurate"))
    gain = accurate.mean() - document.mean()
    if np.isclose(value, gain / document.std(ddof=1), rtol=0.02):
        return None
    if np.isclose(value, gain / document.std(), rtol=0.02):
        return "That divides by the number of runs. For the deviation of so few take ddof=1."
    if np.isclose(value, gain, rtol=0.02):
        return "That is the gain. How often does the standard deviation go into it?"
    return "Take the difference of the two means, and divide by the document's deviation."


@exercise(
    number,
    "The interval reaches 2 standard deviations divided by the root of the number of seeds.",
    "So a gain half as large takes four times as many.",
)
def seeds_needed(count):
    """Exercise 2: seeds until the interval of a gain reaches less than 0.0005 to each side."""
    if count == 11:
        return None
    reach = 2 * 0.0008 / max(count, 1) ** 0.5
    few = "too few" if reach >= 0.0005 else "more than needed"
    return f"With that many it reaches {reach:.5f}: {few}."


@exercise(
    fraction,
    "How likely is it that all nine intervals hold 0?",
    "So nine changes that do nothing yield a discovery more often than one time in three.",
)
def by_luck(chance):
    """Exercise 3: that at least one of nine intervals misses 0 where nothing was changed."""
    if np.isclose(chance, 1 - 0.95**9, atol=0.01):
        return None
    if np.isclose(chance, 0.95**9, atol=0.01):
        return "That is how likely it is that none does."
    if np.isclose(chance, 9 * 0.05, atol=0.01):
        return "Added up, more than twenty would be more than 1. Begin with: all nine hold it."
    return "One holds it 95 times in 100, two of two 0.95 x 0.95. And nine of nine?"
