"""The exercise of the optional lesson other_hands."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import number

# Exercise 1: how many digits make the interval of 0.92 at most 0.1 wide.
digits_needed = comparison(
    number,
    right=(115, 135),
    near_misses={
        (None, 115): "Too few: with them the interval is wider than 0.1.",
    },
    otherwise="Enough, but fewer will do.",
    hint="Try `accuracy_interval` with 92 of 100. Is the interval narrow enough?",
    praise="About four times the pad's thirty: half the width takes four times the digits.",
)
