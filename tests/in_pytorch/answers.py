"""Answers to the exercises of the lesson in_pytorch, right and wrong."""

import numpy as np

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "place_in_the_row": [(np.int64(50), "Right"), (645, "Keras's order")],
    "softmax_twice": [(1.46, "Right"), (0, "taken as a logit")],
}
