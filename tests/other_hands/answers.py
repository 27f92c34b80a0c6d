"""Answers to the exercises of the lesson other_hands, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "digits_needed": [(120, "Right"), (30, "Too few")],
}
