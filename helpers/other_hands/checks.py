"""The exercises of the optional lesson other_hands."""

from helpers.checks.core import exercise, number
from helpers.language import _


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
        return _("This one is read worst by MNIST's way. Which one was much worse before?")
    return _("Take the mean of `right` where `labels` is this digit, in both ways, and subtract.")


@exercise(
    number,
    "Try `accuracy_interval` with 92 of 100. Is the interval narrow enough?",
    "About four times the pad's thirty: half the width takes four times the digits.",
)
def digits_needed(count):
    """Exercise 2: how many digits make the interval of 0.92 at most 0.1 wide."""
    if 115 <= count <= 135:
        return None
    if count < 115:
        return _("Too few: with them the interval is wider than 0.1.")
    return _("Enough, but fewer will do.")


@exercise(
    number,
    "Shuffle as in the cell above. `np.unique(writers[some])` lists the writers of some images.",
    "All of them: no writer in the second part is a new one.",
)
def writers_on_both_sides(count):
    """Exercise 3: the writers that a split by image puts on both sides."""
    if count == 14:
        return None
    if count == 0:
        return _("That is the split by writer. Here the images were shuffled.")
    return _("Count each writer once: `np.intersect1d` gives what two arrays have in common.")
