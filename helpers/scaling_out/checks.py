"""The exercise of the optional lesson scaling_out."""

from helpers.checks.core import exercise, number


@exercise(
    number,
    "How many milliseconds does the second card save at a batch of 100, and how many does it cost?",
    "The faster the cards, the larger the batch that a second one needs.",
)
def second_card(batch):
    """Exercise 1: from which batch half of it takes longer than an exchange of 4 milliseconds."""
    if round(batch) in (800, 801):
        return None
    if round(batch) == 400:
        return "The second card takes over only half of the batch. How much time does that save?"
    return "At which batch do half of the images take as long as the exchange?"
