"""Answers to the exercises of the lesson better, right and wrong."""

NEEDED = {}
# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "by_luck": [(0.37, "Right"), (0.63, "that none does")],
    "pairs_needed": [(43, "Right"), (41, "too few"), (47, "more than needed")],
}
