"""Answers to the exercises of the lesson other_hands, right and wrong."""

# By check, what a learner may answer, under words of what it is told.
ANSWERS = {
    "most_helped": {"Right": 7, "read worst": 4},
    "digits_needed": {"Right": 120, "Too few": 30},
    "writers_on_both_sides": {"Right": 14, "split by writer": 0},
}
