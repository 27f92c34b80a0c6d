"""Answers to the exercises of the lesson better, right and wrong."""

NEEDED = {"pairs_needed": [0.0005]}
# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "by_luck": [(0.37, "Right"), (0.63, "that none does")],
    "pairs_needed": [(33, "Right"), (29, "too few"), (35, "more than needed")],
}
