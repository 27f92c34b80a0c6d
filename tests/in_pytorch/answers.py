"""Answers to the exercises of the lesson in_pytorch, right and wrong."""

ANSWERS = {
    "softmax_twice": [(1.46, "Right"), (0, "taken as a logit")],
}
