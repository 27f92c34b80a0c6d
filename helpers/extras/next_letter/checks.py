"""The exercises of the optional lesson next_letter."""

import math
from itertools import islice

import numpy as np

from helpers.checks.comparisons import comparison
from helpers.checks.core import Unfinished, exercise, fill_the_gap
from helpers.checks.kinds import asks_for, fraction, number, numbers
from helpers.common.language import _

# Exercise 1: the loss of a blind guess among 3,500 characters.
loss_of_a_guess = comparison(
    number,
    right=math.log(3500),
    near_misses={
        -math.log(3500): "The minus sign is missing. A loss is never below 0.",
        math.log10(3500): "This is the logarithm to base 10. The loss has the natural one, np.log.",
        math.log2(3500): "This is the logarithm to base 2. The loss has the natural one, np.log.",
        (1 / 3600, 1 / 3400): "This is the probability of each character. What is its loss?",
    },
    otherwise="A blind guess gives each of the 3,500 characters the same probability.",
    tolerance=0.005,
    hint="Among 27 characters, the loss of a blind guess is ln 27.",
    praise="-ln(1/3500) is ln 3500 = 8.16. The more classes there are, the more a guess costs.",
)


@exercise(
    fraction,
    hint="Hand the network the one-hot row of the h. Which of the 27 probabilities belongs to e?",
    second_hint='`one_letter(one_hot("h"))` has the shape (1, 27). `characters.index("e")` is 4.',
    praise="A row of the network's table holds one such probability for each next character.",
)
def probability_of_pair(share, network):
    """Exercise 2: the probability that a network which sees one character gives to e after h.

    `network` takes one-hot rows of shape (n, 27), and returns probabilities of the same shape.
    """
    table = np.asarray(network(np.eye(27)))
    h, e = 7, 4
    if abs(share - table[h, e]) < 0.002:
        return None
    if abs(share - table[e, h]) < 0.002:
        return _("This is the probability of h after e.")
    return ""


@asks_for("a network and two losses")
def network_and_losses(answer) -> list:
    """Return a network, a function, and an array of two losses; either is None for a gap.

    Anything else raises ValueError.
    """
    parts = list(islice(answer, 3))  # an answer may be endless
    if len(parts) != 2:
        raise ValueError("not a network and two losses")
    network, losses = parts
    if network is not ... and not callable(network):
        raise ValueError("not a network")
    if losses is not ...:
        losses = numbers(losses)
        if losses.shape != (2,):
            raise ValueError("not two losses")
    return [None if part is ... else part for part in (network, losses)]


@exercise(
    network_and_losses,
    hint="Train the network on the other text. Then compute `mean_loss` once for each network.",
    second_hint="`mean_loss(network(rows), answers)` is the loss of a network on the sentence.",
    praise="The smaller loss belongs to the language in which the sentence is more probable.",
)
def two_languages(answer, rows, answers, english):
    """Exercise 3: the losses of an English network and of another one on the same sentence.

    `answer` is the other network and the two losses, the English one first. `rows` and `answers`
    are the one-hot examples of the sentence, of shape (n, 27). `english` is a network: a function
    that takes rows and returns probabilities.
    """
    network, losses = answer
    if network is None:
        return Unfinished(fill_the_gap())
    if network is english:
        return _("This is the English network. Train another one on the other text.")
    try:
        right = np.array([_mean_loss(each, rows, answers) for each in (english, network)])
    except Exception:  # a learner's function may do anything
        return _("This network doesn't take the rows of the sentence. Make it by `train`.")
    if losses is None:
        return Unfinished(_("The network is there. Next come the two losses on the sentence."))
    agrees = np.isclose(losses, right, atol=0.006)
    if agrees.all():
        return None
    if np.isclose(losses, right[::-1], atol=0.006).all():
        return _("The two losses are exchanged. The English network comes first.")
    if agrees[0]:
        return _("The loss of the English network is right. The other one isn't.")
    return ""


def _mean_loss(network, rows, answers) -> float:
    """Return the mean loss of a network on one-hot examples."""
    right = (np.asarray(network(rows)) * answers).sum(axis=1)
    return float(-np.log(np.maximum(right, 1e-7)).mean())
