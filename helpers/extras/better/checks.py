"""The exercises of the optional lesson better."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import fraction, number

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

# Exercise 2: how likely it is that at least one of nine intervals misses 0 where nothing changed.
by_luck = comparison(
    fraction,
    right=1 - 0.95**9,
    near_misses={
        0.95**9: "That is how likely it is that none does.",
        9 * 0.05: (
            "Added up, more than twenty would be more than 1. Begin with: all nine hold it."
        ),
    },
    otherwise="One holds it 95 times in 100, two of two 0.95 x 0.95. And nine of nine?",
    tolerance=0.01,
    hint="How likely is it that all nine intervals hold 0?",
    praise=(
        "So nine changes that do nothing yield a gain or a loss more often than one time in three."
    ),
)
