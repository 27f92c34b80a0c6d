"""Answers to the exercises of the lesson better, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "by_luck": [(0.37, "Right"), (0.63, "that none does")],
    "pairs_needed": [(42, "Right"), (40, "too few"), (48, "more than needed")],
}
