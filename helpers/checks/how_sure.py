"""The exercises of the optional lesson how_sure."""

import numpy as np

from helpers.checks.core import exercise, fraction, number


def _pair(answer):
    """Return two accuracies as shares of 1."""
    even, odd = map(fraction, answer)
    return even, odd


@exercise(
    number,
    "Calibrated means: of answers with a confidence of 0.95, 95 in 100 are right.",
    "One in twenty, so 20 of 400. Being wrong now and then is what a confidence below 1 says.",
)
def expected_mistakes(wrong):
    """Exercise 1: mistakes among 400 answers with a confidence of 0.95."""
    if abs(wrong - 20) < 0.01:
        return None
    if abs(wrong - 380) < 0.01:
        return "So many are right. How many are wrong?"
    return "If 0.95 of the answers are right, which share is wrong? Take it of 400."


@exercise(
    _pair,
    "A slice can take every second entry, by a step of 2. Where do the odd ones begin?",
    "The odd ones are easier: the file's order is not random. Shuffle before you split.",
)
def split_without_shuffling(pair, right):
    """Exercise 2: the accuracy of even-numbered and of odd-numbered held-out images."""
    even, odd = pair
    if abs(even - right[0::2].mean()) < 0.00006 and abs(odd - right[1::2].mean()) < 0.00006:
        return None
    if abs(odd - right[0::2].mean()) < 0.00006:
        return "Nearly: the even ones come first, [0::2]."
    return "Take every second one of `right`, from 0 and from 1, and the mean of each."


@exercise(
    fraction,
    "Begin with one threshold, 0.5: which images lie above it, and what share of those is right?",
    "It refuses about one image in a hundred, and that is enough.",
)
def answer_with_care(threshold, right, confidence):
    """Exercise 3: the smallest threshold above which 99.5% of the held-out answers are right."""
    if not 0.1 <= threshold < confidence.max():
        return "A confidence is between 0.1, a blind guess, and 1."
    above = {t: right[confidence > t] for t in np.arange(10, 100) / 100 if confidence.max() > t}
    smallest = next((t for t, answers in above.items() if answers.mean() >= 0.995), 1)
    if abs(threshold - smallest) < 0.005:
        return None
    if threshold > smallest:
        return "A smaller threshold does as well."
    return f"Above this only {right[confidence > threshold].mean():.2%} are right."
