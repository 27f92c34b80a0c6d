"""Answers to the exercises of the lesson other_hands, right and wrong."""

ANSWERS = {
    "digits_needed": [(120, "Right"), (30, "Too few")],
}
