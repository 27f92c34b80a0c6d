"""Answers to the exercises of the lesson scaling_out, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "unequal_shares": [(0.3, "Right"), (0.4, "as much weight"), (0.2, "divide by 64")],
}
