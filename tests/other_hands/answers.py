"""Answers to the exercises of the lesson other_hands, right and wrong."""

# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "most_helped": [(7, "Right"), (4, "read worst")],
    "digits_needed": [(120, "Right"), (30, "Too few")],
    "writers_on_both_sides": [(14, "Right"), (0, "split by writer")],
}
