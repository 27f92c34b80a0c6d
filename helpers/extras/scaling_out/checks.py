"""The exercises of the optional lesson scaling_out."""

from helpers.checks.comparisons import comparison
from helpers.checks.kinds import number

# Exercise 1: how many images make the noise of 64 ten times as small.
a_tenth_of_the_noise = comparison(
    number,
    right=6_400,
    near_misses={
        640: "Ten times as many images make the noise only about three times as small.",
        (202, 203): (
            "You multiplied by the root of ten. The noise falls with the root of the number of "
            "images, so the number of images grows with the square of ten."
        ),
        100: "A hundred is how many times as many images it takes. How many images are that?",
    },
    otherwise="The noise falls with the square root of the number of images.",
    hint="Four times as many images halve the noise. How many times as many make it a tenth?",
    praise="A tenth of the noise costs a hundred times the work.",
)

# Exercise 2: the mean over 64 images, of which 48 have the mean 0.2 and 16 have 0.6.
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
