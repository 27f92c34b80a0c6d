"""Answers to the exercises of the lesson scaling_out, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "second_card": [(2 * 4 / 0.01, "Right"), (400, "only half")],
}
