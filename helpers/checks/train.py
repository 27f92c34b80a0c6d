"""The exercises of notebook 3."""

import math
from itertools import islice

import numpy as np

from helpers.checks.comparisons import comparison
from helpers.checks.core import FaultOfPart, Unfinished, exercise, fill_the_gap
from helpers.checks.kinds import asks_for, number, numbers
from helpers.common.language import _

# Exercise 1: the loss where the right digit gets one half. It may be rounded to 0.7.
loss_of_a_half = comparison(
    number,
    right=math.log(2),
    near_misses={
        math.log10(2): "This is the logarithm to base 10. The loss has the natural one, np.log.",
        -math.log(2): "The minus sign is missing. A loss is never below 0.",
    },
    otherwise="Put one half into the formula: minus the natural logarithm of the probability.",
    tolerance=0.0075,
    hint="The loss of one answer is -ln p, where p is the probability of the right digit.",
    second_hint="Here p is one half. In NumPy, ln is called np.log.",
    praise="-ln 0.5 is 0.693. This is far less than 2.3, the loss of a blind guess.",
)

# Exercise 2: the steps of three epochs with 50,000 images in batches of 128.
STEPS_PER_EPOCH = math.ceil(50_000 / 128)
steps_in_all = comparison(
    number,
    right=3 * STEPS_PER_EPOCH,
    near_misses={
        (STEPS_PER_EPOCH - 1, STEPS_PER_EPOCH): (
            "This is about the number of steps in one epoch. You train for three epochs."
        ),
        (3 * (STEPS_PER_EPOCH - 1), 3 * STEPS_PER_EPOCH): (
            "In each epoch, the images left over make one more batch, a smaller one."
        ),
    },
    otherwise=(
        "Divide the number of images by the batch size, round up, and multiply by the number of "
        "epochs."
    ),
    hint="How many batches do you need to cover all images? The last one may be smaller.",
    second_hint="50,000 / 128 is 390.6. How many steps has one epoch? How many have three epochs?",
    praise=(
        "The last batch of an epoch has fewer images than the others, and it makes a step as well."
    ),
)

# Exercise 3: the learning rate of a step from 0.5 to 0.4 by a derivative of 0.2.
rate_of_a_step = comparison(
    number,
    right=0.5,
    near_misses={
        0.1: "This is the length of the step. It is the learning rate times the derivative.",
        -0.5: "The size is right. A step subtracts, so the learning rate is above 0.",
        0.02: "You have multiplied the change by the derivative. Divide it by the derivative.",
        2: "You have divided the derivative by the change. Divide the change by the derivative.",
        2.5: "You have divided the weight by the derivative. Divide its change by the derivative.",
    },
    otherwise="How far has the weight moved? This is the learning rate times the derivative.",
    tolerance=0.001,
    hint="A step subtracts the learning rate times the derivative. How far did the weight move?",
    second_hint="Something times 0.2 is 0.1. What is it?",
    praise="0.5 times 0.2 is 0.1, the way from 0.5 to 0.4.",
)

# Exercise 4: a hidden unit with the weights 0.5 and -1 to two logits, both with p = 0.5.
derivative_along_two_paths = comparison(
    number,
    right=-0.75,
    near_misses={
        0.75: "The opposite sign. The error is p - y, not y - p.",
        -0.25: "This is only the first way. Add what comes back by the second one.",
        -0.5: "This is only the second way. Add what comes back by the first one.",
        0.25: "The second way has the wrong sign. The other logit is wrong, so its y is 0.",
        0.125: "The products of the ways are added, not multiplied.",
    },
    otherwise="For each way, multiply the error of the logit by the weight. Then add.",
    hint="Which error, p - y, has each of the two logits?",
    second_hint="The errors are -0.5 and 0.5. Multiply each one by its weight, and add.",
    praise="-0.25 comes back by the first way, and -0.5 by the second one.",
)

# The lines of the fifth exercise, each with the array whose derivatives it holds.
LINES = {
    "d_logits": "logits",
    "d_weights2": "weights2",
    "d_biases2": "biases2",
    "d_hidden": "hidden_units",
    "d_weights1": "weights1",
    "d_biases1": "biases1",
}


@asks_for("six arrays of numbers, in the order of the lines")
def derivatives(answer) -> list[np.ndarray | None]:
    """Return six arrays of finite floats, with None in each gap; all else raises ValueError."""
    lines = list(islice(answer, len(LINES) + 1))  # an answer may be endless
    if len(lines) != len(LINES):
        raise ValueError(f"not {len(LINES)} derivatives")
    return [None if line is ... else numbers(line) for line in lines]


@exercise(
    derivatives,
    hint="Begin with d_logits, and hand over all six arrays in the order of the lines.",
    second_hint=(
        "A product forward, a @ b, needs two products backward. Call the derivative of its "
        "result d. Then a has the derivative d @ b.T, and b has the derivative a.T @ d."
    ),
    praise="TensorFlow finds the same six arrays. Your lines are what fit does in every step.",
)
def backward_pass(lines, images, answers, weights1, biases1, weights2, biases2):
    """Exercise 5: the derivatives of the mean loss of a network with one hidden layer.

    `lines` are the six derivatives, in the order of `LINES`. `images` have the shape (n, pixels),
    and the one-hot `answers` (n, digits). `weights1` has the shape (pixels, units), `biases1`
    (units,), `weights2` (units, digits) and `biases2` (digits,). Each line is compared with the
    derivative that TensorFlow finds. The verdict speaks of the first line that is wrong.
    """
    arrays = images, answers, weights1, biases1, weights2, biases2
    images, answers, *parameters = (np.asarray(array, float) for array in arrays)
    computed, sums, hidden = _compute_derivatives(images, answers, parameters)
    right = {name: [array] for name, array in computed.items()}
    # ReLU may come in this line or in the next one.
    right["d_hidden"].append(computed["d_hidden"] * (hidden > 0))
    slips = _known_slips(images, answers, computed, sums, hidden)
    for position, (name, line) in enumerate(zip(LINES, lines, strict=True)):
        if line is None and position == 0:
            return Unfinished(fill_the_gap())
        if line is None:
            return Unfinished(_("So far your lines are right. Next comes {name}.", name=name))
        if not any(_agree(line, array) for array in right[name]):
            known_slips = slips.get(name, [])
            fault = _fault_of_line(name, line, right[name][0], known_slips, len(images))
            return FaultOfPart(fault, part=name)
    return None


def _compute_derivatives(images, answers, parameters) -> tuple[dict, np.ndarray, np.ndarray]:
    """Return the derivative of each line by its name, and the hidden units before and after ReLU.

    `parameters` are two arrays of weights, each followed by its biases.
    """
    from helpers.common.backend import tf  # notebook 1 has no use for it

    weights1, biases1, weights2, biases2 = map(tf.Variable, parameters)
    with tf.GradientTape() as tape:
        sums = images @ weights1 + biases1
        hidden = tf.nn.relu(sums)
        logits = hidden @ weights2 + biases2
        losses = tf.nn.softmax_cross_entropy_with_logits(answers, logits)
        loss = tf.reduce_mean(losses)
    sources = [logits, weights2, biases2, hidden, weights1, biases1]
    gradients = [array.numpy() for array in tape.gradient(loss, sources)]
    return dict(zip(LINES, gradients, strict=True)), sums.numpy(), hidden.numpy()


def _known_slips(images, answers, derivatives, sums, hidden) -> dict[str, list[tuple]]:
    """Return the known slips of each line by its name: pairs of a wrong array and a sentence.

    `sums` and `hidden` are the hidden units before and after ReLU.
    """
    d_logits = derivatives["d_logits"]
    d_hidden = derivatives["d_hidden"]
    no_relu = _("ReLU is missing. It passes a derivative on only where hidden_units is above 0.")
    times_hidden = _(
        "Multiply by (hidden_units > 0), which is 1 or 0. ReLU doesn't multiply by hidden_units."
    )
    return {
        "d_logits": [
            (d_logits + answers / len(images), _("The answers are missing: subtract them.")),
        ],
        "d_weights2": [
            (
                sums.T @ d_logits,
                _("weights2 multiplies hidden_units, the numbers after ReLU."),
            ),
        ],
        "d_hidden": [(d_hidden * hidden, times_hidden)],
        "d_weights1": [
            (images.T @ d_hidden, no_relu),
            (images.T @ (d_hidden * hidden), times_hidden),
        ],
        "d_biases1": [
            (d_hidden.sum(axis=0), no_relu),
            ((d_hidden * hidden).sum(axis=0), times_hidden),
        ],
    }


def _fault_of_line(name: str, line, right, slips: list, count: int) -> str:
    """Say what is wrong with the array `line`, where `right` is the right one.

    `slips` are pairs of a wrong array and a sentence about it. `count` is the number of images.
    """
    values = {"name": name, "count": count, "of": LINES[name]}
    if line.shape != right.shape:
        values |= {"got": line.shape, "wanted": right.shape}
        shapes = _(
            "{name} has the shape {got}, but {of} has the shape {wanted}, and each of its numbers "
            "needs a derivative.",
            **values,
        )
        if line.shape == right.shape[::-1]:
            remedy = _("Rows and columns are exchanged.")
        elif right.ndim == 1:
            remedy = _("Add up over the images, with sum(axis=0).")
        else:
            remedy = _("Write down the shapes of both factors. Which one needs a .T?")
        return _("{problem} {remedy}", problem=shapes, remedy=remedy)
    for wrong_line, message in slips:
        if _agree(line, wrong_line):
            return _("{name} isn't right. {reason}", name=name, reason=message)
    if _agree(line, -right):
        return _("{name} has the opposite sign. The error is p - y, not y - p.", **values)
    if _agree(line, count * right):
        return _(
            "{name} is {count} times too large. The loss is the mean over {count} images, so "
            "divide by {count}.",
            **values,
        )
    if _agree(line, -count * right):
        return _(
            "{name} is {count} times too large, and has the opposite sign. The error is p - y, "
            "and it is divided by {count}.",
            **values,
        )
    if _agree(count * line, right):
        return _(
            "{name} is {count} times too small. Take the sum and not the mean, because d_logits is "
            "already divided by {count}.",
            **values,
        )
    return _("{name} has the right shape, but its numbers are wrong.", **values)


def _agree(one: np.ndarray, other: np.ndarray) -> bool:
    """Are two arrays equal but for the rounding of float32?"""
    if one.shape != other.shape:
        return False
    largest = np.abs(other).max(initial=0)
    return bool(np.allclose(one, other, rtol=1e-3, atol=1e-4 * largest))
