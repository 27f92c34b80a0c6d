"""Answers to the exercises of the lesson in_pytorch, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "softmax_twice": [(1.46, "Right"), (0, "taken as a logit")],
}
