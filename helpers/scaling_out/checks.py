"""The exercise of the optional lesson scaling_out."""

from helpers.checks.core import exercise, number


@exercise(
    number,
    "What do the 48 images add up to, and what the 16?",
    "With equal shares, the mean of the means would do.",
)
def unequal_shares(derivative):
    """Exercise 1: the mean over 64 images, of which 48 have the mean 0.2 and 16 have 0.6."""
    if abs(derivative - 0.3) < 1e-6:
        return None
    if abs(derivative - 0.4) < 1e-6:
        return "That gives the 16 images of one worker as much weight as the 48 of the other."
    return "Add up the derivatives of all images, then divide by 64."
