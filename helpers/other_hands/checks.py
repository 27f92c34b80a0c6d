"""The exercise of the optional lesson other_hands."""

from helpers.checks.core import exercise, number
from helpers.language import _


@exercise(
    number,
    "Try `accuracy_interval` with 92 of 100. Is the interval narrow enough?",
    "About four times the pad's thirty: half the width takes four times the digits.",
)
def digits_needed(count):
    """Exercise 1: how many digits make the interval of 0.92 at most 0.1 wide."""
    if 115 <= count <= 135:
        return None
    if count < 115:
        return _("Too few: with them the interval is wider than 0.1.")
    return _("Enough, but fewer will do.")
