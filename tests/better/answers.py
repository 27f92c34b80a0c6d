"""Answers to the exercises of the lesson better, right and wrong."""

NEEDED = {}
# By check, what a learner may answer, under words of what it is told.
ANSWERS = {
    "by_luck": {"Right": 0.37, "that none does": 0.63},
    "pairs_needed": {"Right": 70, "too few": 66, "more than needed": 80},
}
