"""The exercise of the optional lesson scaling_out."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import number

# Exercise 1: the mean over 64 images, of which 48 have the mean 0.2 and 16 have 0.6.
unequal_shares = comparison(
    number,
    right=0.3,
    near_misses={
        0.4: "That gives the 16 images of one worker as much weight as the 48 of the other.",
    },
    otherwise="Add up the derivatives of all images, then divide by 64.",
    tolerance=1e-6,
    hint="What do the 48 images add up to, and what the 16?",
    praise="With equal shares, the mean of the means would do.",
)
