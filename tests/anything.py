"""Arrays of every kind, for Hypothesis: what a learner may hand to a helper by mistake."""

from hypothesis.extra import numpy as hnp
from hypothesis.strategies import sampled_from

LIKELY = [(28, 28), (28, 28, 1), (0, 28, 28), (1, 28, 28), (3, 28, 28, 1), (3, 10)]
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4) | sampled_from(LIKELY)


def any_array():
    return hnp.arrays(hnp.scalar_dtypes() | sampled_from(["U3"]), SHAPES)
