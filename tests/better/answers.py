"""Answers to the exercises of the lesson better, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "by_luck": [(0.37, "Right"), (0.63, "that none does")],
    "pairs_needed": [(70, "Right"), (66, "too few"), (80, "more than needed")],
}
