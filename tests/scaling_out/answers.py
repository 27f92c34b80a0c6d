"""Answers to the exercises of the lesson scaling_out, right and wrong."""

# By check, what a learner may answer, under words of what it is told.
ANSWERS = {"second_card": {"Right": 2 * 4 / 0.01, "only half": 400}}
