import numpy as np

ONE_HOT = np.eye(27)
SHARES = np.full((27, 27), 0.02)
SHARES[7, 4], SHARES[4, 7] = 0.48, 0.06  # h, then e; e, then h
OTHER_SHARES = np.full((27, 27), 1 / 27)


def english(rows):
    return rows @ SHARES


def other(rows):
    return rows @ OTHER_SHARES


def broken(rows):
    raise ValueError("other rows")


# The examples of "heh", in which each network has the mean of two losses.
SENTENCE = ONE_HOT[[7, 4]], ONE_HOT[[4, 7]]
ENGLISH_LOSS, OTHER_LOSS = -np.log([0.48, 0.06]).mean(), np.log(27)
NEEDED = {"probability_of_pair": [english], "two_languages": [*SENTENCE, english]}
# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "loss_of_a_guess": [
        (np.log(3500), "Right"),
        (8.16, "Right"),
        (-np.log(3500), "minus sign"),
        (np.log10(3500), "base 10"),
        (np.log2(3500), "base 2"),
        (1 / 3500, "probability of each"),
        (3.296, "the same probability"),
    ],
    "probability_of_pair": [
        (0.48, "Right"),
        (48, "Right"),
        (0.06, "h after e"),
        (0.9, "Which of the 27"),
    ],
    "two_languages": [
        ((other, (ENGLISH_LOSS, OTHER_LOSS)), "Right"),
        ((..., ...), "Not answered yet"),
        ((other, ...), "Next come the two losses"),
        ((other, (OTHER_LOSS, ENGLISH_LOSS)), "exchanged"),
        ((other, (ENGLISH_LOSS, 9)), "The other one isn't"),
        ((other, (9, 9)), "once for each network"),
        ((english, (ENGLISH_LOSS, ENGLISH_LOSS)), "Train another one"),
        ((broken, (1, 2)), "Make it by `train`"),
        ((other, (1, 2, 3)), "asked for: a network and two losses"),
        ((3, (1, 2)), "asked for: a network and two losses"),
    ],
}
