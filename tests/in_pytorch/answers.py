"""Answers to the exercises of the lesson in_pytorch, right and wrong."""

import numpy as np

# By check, what a learner may answer, under words of what it is told.
ANSWERS = {
    "place_in_the_row": {"Right": np.int64(50), "Keras's order": 645},
    "softmax_twice": {"Right": 1.46, "taken as a logit": 0},
}
