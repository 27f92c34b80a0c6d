"""The exercises of the optional lesson it_doesnt_learn."""

from typing import NamedTuple

from helpers.checks.comparisons import comparison
from helpers.checks.core import FaultOfPart, Unfinished, exercise, fill_the_gap
from helpers.checks.kinds import asks_for, number
from helpers.common.language import LazyMessage, _
from helpers.extras.it_doesnt_learn.trainings import FAULTS, LOST_LABEL, NETWORKS

TO_NAME = range(3, 11)  # the networks of exercise 1


class Signs(NamedTuple):
    """What the four checks show where a fault is planted, in the order of their cost."""

    batch: LazyMessage
    first_loss: LazyMessage
    twenty: LazyMessage
    epochs: LazyMessage


# What one check can show, said of the network that the learner looks at.
SOUND_BATCH = LazyMessage("its pixels, its labels and its order are as they should be")
GUESS = LazyMessage("the first loss is near 2.303, but not exactly 2.3026")
LARGE_LOSS = LazyMessage("the first loss is far above 2.303")
LEARNED = LazyMessage("the network has learned the twenty images, with a loss near 0")
NOT_LEARNED = LazyMessage("the loss has moved, but the network reads few of the twenty images")
CHANCE = LazyMessage("the network is near chance on both kinds of images")
# By the letter of a fault, what the four checks show.
SIGNS = {
    "a": Signs(
        LazyMessage("the pixels of all images go up to 255"),
        LARGE_LOSS,
        LEARNED,
        LazyMessage("the network reads both kinds of images well"),
    ),
    "b": Signs(
        SOUND_BATCH,
        GUESS,
        LEARNED,
        LazyMessage("the network is worse on the training images than on the validation images"),
    ),
    "c": Signs(
        LazyMessage("all training images in the first batch are the same digit"),
        GUESS,
        LEARNED,
        LazyMessage("training went well, and validation is at chance"),
    ),
    "d": Signs(
        LazyMessage("the validation images look unlike the training images"),
        GUESS,
        LEARNED,
        LazyMessage("training went well, and validation is at chance"),
    ),
    "e": Signs(
        SOUND_BATCH,
        LazyMessage("the first loss is exactly 2.3026, so all ten probabilities are equal"),
        NOT_LEARNED,
        CHANCE,
    ),
    "f": Signs(SOUND_BATCH, GUESS, NOT_LEARNED, CHANCE),
    "g": Signs(
        SOUND_BATCH,
        GUESS,
        LazyMessage("after forty steps the loss is still where it began"),
        CHANCE,
    ),
    "h": Signs(
        SOUND_BATCH,
        GUESS,
        LazyMessage("the network reads most of the twenty images, but its loss stays above 1.46"),
        LazyMessage("the loss stays above 1.46"),
    ),
    "i": Signs(SOUND_BATCH, LARGE_LOSS, NOT_LEARNED, CHANCE),
    "j": Signs(
        SOUND_BATCH,
        GUESS,
        NOT_LEARNED,
        LazyMessage("the loss falls below 1.46, but the network never names some of the digits"),
    ),
}
# The checks by their names, in the order of the fields of `Signs`.
CHECKS = Signs(
    LazyMessage("The batch"),
    LazyMessage("The first loss"),
    LazyMessage("The twenty images"),
    LazyMessage("The three epochs"),
)
NAMES = {
    "a": LazyMessage("pixels up to 255"),
    "b": LazyMessage("shifted labels"),
    "c": LazyMessage("sorted images"),
    "d": LazyMessage("other validation images"),
    "e": LazyMessage("first weights of 0"),
    "f": LazyMessage("a learning rate that is too large"),
    "g": LazyMessage("a learning rate that is too small"),
    "h": LazyMessage("softmax twice"),
    "i": LazyMessage("no softmax"),
    "j": LazyMessage("ReLU on the scores"),
    "k": LazyMessage("no fault"),
}


def letters_of(number: int) -> set[str]:
    """Return the letters of the faults that are planted in a network."""
    return {letter for letter, fault in FAULTS.items() if fault in NETWORKS[number]}


def _read_letter(answer) -> str:
    if not isinstance(answer, str) or answer.strip().lower() not in NAMES:
        raise ValueError("no letter of the list")
    return answer.strip().lower()


@asks_for("eight letters of the list, each in quotation marks")
def eight_letters(answer) -> tuple:
    """Return eight letters, with None for a gap; anything else raises ValueError."""
    if not isinstance(answer, tuple) or len(answer) != len(TO_NAME):
        raise ValueError("not eight letters")
    return tuple(None if part is ... else _read_letter(part) for part in answer)


@exercise(
    eight_letters,
    hint="Read the row from left to right. Which is the first check that isn't as in network 0?",
    second_hint=(
        '`open_training(3, without="a")` repairs fault a in network 3, if it is there. '
        "Which repair does your letter call for?"
    ),
    praise="You have found eight faults, and no error message has named any of them.",
)
def name_faults(letters):
    """Exercise 1: the letter of the fault of each network from 3 to 10, in their order."""
    if not any(letters):
        return Unfinished(fill_the_gap())
    for network, letter in zip(TO_NAME, letters, strict=True):
        [right] = letters_of(network)
        if letter not in (None, right):
            return FaultOfPart(_miss(network, letter, right), part=str(network))
    found = sum(letter is not None for letter in letters)
    if found < len(letters):
        return Unfinished(
            _("{found} of 8 are right so far. Go on with the next network.", found=found)
        )
    return None


def _miss(network: int, letter: str, right: str) -> str:
    """Say which check speaks against a letter: the cheapest one that shows something else."""
    if letter == "k":
        return _("Network {network} has a fault. Compare its row with network 0.", network=network)
    signs = zip(CHECKS, SIGNS[letter], SIGNS[right], strict=True)
    check, seen = next((check, seen) for check, named, seen in signs if named is not seen)
    return _(
        "Network {network}: you named {name}. {check} would then look different. Here {seen}.",
        network=network,
        name=str(NAMES[letter]),
        check=str(check),
        seen=str(seen),
    )


@asks_for("two letters of the list, each in quotation marks")
def two_letters(answer) -> set:
    """Return two letters as a set; anything else raises ValueError."""
    if not isinstance(answer, (tuple, list, str)) or len(answer) != 2:
        raise ValueError("not two letters")
    return {_read_letter(part) for part in answer}


@exercise(
    two_letters,
    hint="Find the fault that the cheapest check shows. Repair it, and examine the network again.",
    second_hint=(
        "The twenty images show the first fault. Then `examine(open_training(11, without=...))` "
        "shows the other one."
    ),
    praise="The first fault hid the second one. So repair one, and make all four checks again.",
)
def two_faults(letters):
    """Exercise 2: the letters of the two faults of network 11, as a pair."""
    right = letters_of(11)
    if letters == right:
        return None
    if len(letters) == 1:
        return _("The two faults are different ones.")
    if found := letters & right:
        return _(
            "One of them is right: {name}. Repair this fault, and examine the network again.",
            name=str(NAMES[found.pop()]),
        )
    return ""


# Exercise 3: where the labels of the data set begin to be shifted, give or take five images.
first_wrong_label = comparison(
    number,
    right=LOST_LABEL,
    near_misses={
        (LOST_LABEL - 100, LOST_LABEL + 100): (
            "That is near. Now compare image by image: from where on are the answers the labels "
            "of the image before?"
        ),
        (0, 10): "The first labels are right. Compare answers and labels further on.",
    },
    otherwise="The labels around this image agree with the answers, or they are shifted already.",
    tolerance=5,
    hint="For each hundred images, in what share of them do the answers agree with the labels?",
    second_hint=(
        "`agrees = answers == own_labels` is True where they agree. Print the mean of "
        "`agrees[start : start + 100]` for each start. Then look closer with steps of 10."
    ),
    praise="One label was lost there, and no check of the first batch could have shown it.",
)

# Exercise 4: the digit that network 12 never names.
missed_digit = comparison(
    number,
    right=5,
    near_misses={
        3: "The network names the 3 too often. Which digit does it take for a 3?",
    },
    otherwise="The network reads most images of this digit.",
    hint="For each digit, what share of its validation images does the network read?",
    second_hint=(
        "For the digit 0, this share is `(answers[labels == 0] == 0).mean()`. `answers` are the "
        "network's answers, and `labels` are the labels of the validation images."
    ),
    praise="The training labels call each 5 a 3. One accuracy for all digits hardly shows it.",
)
