"""The exercises of the optional lesson other_hands."""

from helpers.checks.core import exercise, number


@exercise(
    number,
    "For each digit: how many are read by a plain resize, how many by MNIST's way?",
    "Resized, three of four 7s were misread; prepared as MNIST's are, nearly none.",
)
def most_helped(digit):
    """Exercise 1: the digit whose accuracy gains most by MNIST's way."""
    if digit == 7:
        return None
    if digit == 4:
        return "This one is read worst by MNIST's way. Which one was much worse before?"
    return "Take the mean of `right` where `labels` is this digit, in both ways, and subtract."


@exercise(
    number,
    "Try `accuracy_interval` with 92 of 100. Is the interval narrow enough?",
    "Four times the thirty that the pad asks for: half the width takes four times the digits.",
)
def digits_needed(count):
    """Exercise 2: how many digits make the interval of 0.92 at most 0.1 wide."""
    if 110 <= count <= 130:
        return None
    if count < 110:
        return "Too few: with them the interval is wider than 0.1."
    return "Enough, but fewer will do."


@exercise(
    number,
    "Which writers are in `writers[known]`, which in `writers[rest]`? `np.unique` lists them.",
    "All of them: no writer in the second part is a new one.",
)
def writers_on_both_sides(count):
    """Exercise 3: the writers that a split by image puts on both sides."""
    if count == 14:
        return None
    if count == 0:
        return "That is the split by writer. Here the images were shuffled."
    return "Count each writer once: `np.intersect1d` gives what two arrays have in common."
