"""Answers to the exercises of the lesson how_sure, right and wrong."""

import numpy as np

RIGHT = np.arange(1000) % 50 != 1
NEEDED = {"answer_with_care": [RIGHT, np.where(RIGHT, 0.99, 0.5)]}
# By check, what a learner may answer, under words of what it is told.
ANSWERS = {
    "significant": {"Right": 27.0, "Fewer do": 30, "in 5 of 100": 26},
    "answer_with_care": {"Right": 0.5, "Above this only": 0.3},
}
