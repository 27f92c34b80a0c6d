"""The exercises of the optional lesson better."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import number

# Exercise 1: the pairs that find a gain of 0.001 in nine of ten studies, give or take three.
pairs_needed = comparison(
    number,
    right=(41, 47),
    near_misses={
        (None, 41): "That is too few: find the smallest number with which found gives 0.9.",
    },
    otherwise="That is more than needed: find the smallest number with which found gives 0.9.",
    hint="Try numbers of pairs: in which share of the studies is found(0.001, pairs)?",
    praise="Half the gain takes about four times as many.",
)
