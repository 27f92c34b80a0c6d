"""Answers to the exercises of it_doesnt_learn, right and wrong."""

RIGHT = ("g", "a", "d", "i", "f", "b", "e", "j")  # of the networks 3 to 10


def named(network, letter):
    """Return the right letters but for one network."""
    return tuple(
        letter if number == network else right for number, right in enumerate(RIGHT, start=3)
    )


# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "name_faults": [
        (RIGHT, "Right"),
        (tuple(letter.upper() for letter in RIGHT), "Right"),
        ((...,) * 8, "Not answered yet. Write your answer"),
        (("g", ..., "d", *(...,) * 5), "Not answered yet. 2 of 8 are right so far"),
        ((..., "b", *(...,) * 6), "Not yet. Network 4: you named shifted labels. The batch would"),
        (named(3, "f"), "Here after forty steps the loss is still where it began"),
        (named(3, "e"), "The first loss would then look different. Here the first loss is near"),
        (named(4, "g"), "The batch would then look different. Here the pixels of all images go up"),
        (named(5, "c"), "Here the validation images look unlike"),
        (named(6, "f"), "too large. The first loss would then look different. Here the first loss"),
        (named(6, "a"), "The batch would then look different. Here its pixels, its labels and"),
        (named(7, "g"), "The twenty images would then look different. Here the loss has moved"),
        (named(7, "i"), "The first loss would then look different. Here the first loss is near"),
        (
            named(8, "f"),
            "The twenty images would then look different. Here the network has learned",
        ),
        (named(8, "c"), "The batch would then look different. Here its pixels, its labels and"),
        (named(9, "f"), "Here the first loss is exactly 2.3026"),
        (named(10, "h"), "The twenty images would then look different. Here the loss has moved"),
        (named(10, "f"), "The three epochs would then look different. Here the loss falls below"),
        (named(8, "k"), "Network 8 has a fault. Compare its row with network 0"),
        (named(8, "z"), "asked for: eight letters of the list, each in quotation marks"),
        (RIGHT[:7], "asked for: eight letters of the list, each in quotation marks"),
        ("gadifbej", "asked for: eight letters"),
        (8, "asked for: eight letters"),
    ],
    "two_faults": [
        *((answer, "Right") for answer in (("b", "f"), ("f", "b"), ["F", "B"], "bf")),
        (("f", "e"), "One of them is right: a learning rate that is too large. Repair"),
        (("a", "b"), "One of them is right: shifted labels. Repair this fault"),
        (("f", "f"), "The two faults are different ones"),
        (("h", "a"), "Find the fault that the cheapest check shows"),
        (("f", 3), "asked for: two letters of the list"),
        ("f", "asked for: two letters of the list"),
    ],
    "first_wrong_label": [
        *((answer, "Right") for answer in (1232, 1230, 1237)),
        (1200, "Now compare image by image"),
        (0, "The first labels are right"),
        (600, "agree with the answers, or they are shifted already"),
        (1700, "agree with the answers, or they are shifted already"),
    ],
    "missed_digit": [(5, "Right"), (3, "names the 3 too often"), (7, "reads most images of")],
}
