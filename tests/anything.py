"""Arguments of every kind, for Hypothesis: what a learner may hand to a helper by mistake."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SHAPES = st.one_of(
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    st.sampled_from([(28, 28), (28, 28, 1), (0, 28, 28), (1, 28, 28), (3, 28, 28, 1), (3, 10)]),
)
DTYPES = hnp.scalar_dtypes() | st.sampled_from([np.dtype("O"), np.dtype("U3")])


@st.composite
def any_array(draw):
    """Draw an array of any kind and shape: zeros, ones, or numbers up to the largest and NaN."""
    dtype, shape = draw(DTYPES), draw(SHAPES)
    how = draw(st.sampled_from(["zeros", "ones", "any"]))
    if how != "any" or dtype.kind in "OUMm":
        return (np.zeros if how == "zeros" else np.ones)(shape, dtype)
    few = hnp.arrays(dtype, 5, elements=hnp.from_dtype(dtype))
    return np.resize(draw(few), shape).astype(dtype)


ANYTHING = st.one_of(
    any_array(),
    st.sampled_from([None, "text", -1, 3, 0.5, float("nan"), [], [[1], [1, 2]], {}, object()]),
)
