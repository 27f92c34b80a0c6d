"""Answers to the exercises of the lesson better, right and wrong."""

NEEDED = {"pairs_needed": [0.0005]}
# By check, what a learner may answer, under words of what it is told.
ANSWERS = {
    "by_luck": {"Right": 0.37, "that none does": 0.63},
    "pairs_needed": {"Right": 33, "too few": 29, "more than needed": 35},
}
