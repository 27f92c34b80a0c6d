"""Answers to the exercises of the four, right and wrong."""

from types import SimpleNamespace

import numpy as np

from helpers.common.backend import keras
from helpers.lenet import build_lenet5
from helpers.model import build_model

MATRIX = np.diag(np.full(10, 90))
MATRIX[4, 9], MATRIX[9, 4], MATRIX[3, 5] = 5, 3, 6
LABELS = np.array([0, 1, 2, 3])
PROBABILITIES = np.eye(10)[[0, 1, 2, 4]] * 0.995 + 0.0005
PROBABILITIES[0] = 0.1
PAD = SimpleNamespace(strokes=[[]], drawing_or_recorded=lambda: (np.eye(280), "yours"))
# What a notebook hands over besides the answer.
NEEDED = {
    "most_confused": [MATRIX],
    "accuracy_when_sure": [LABELS, PROBABILITIES],
    "halved_network": [np.zeros((2, 28, 28), np.uint8)],  # for which all answers are equal
    "misread": [PAD, lambda images: keras.ops.one_hot([3], 10)],
}
# A network of six pixels, four hidden units and three digits, and what a step by five images needs.
GENERATOR = np.random.default_rng(4)
IMAGES, ONE_HOT = GENERATOR.random((5, 6)), np.eye(3)[[0, 1, 2, 1, 0]]
WEIGHTS = [GENERATOR.normal(size=shape) for shape in ((6, 4), 4, (4, 3), 3)]
SUMS = IMAGES @ WEIGHTS[0] + WEIGHTS[1]
UNITS, PASSED_ON = np.maximum(SUMS, 0), SUMS > 0
POWERS = np.exp(UNITS @ WEIGHTS[2] + WEIGHTS[3])
PROBABILITIES_OF_5 = POWERS / POWERS.sum(axis=1, keepdims=True)
D_LOGITS = (PROBABILITIES_OF_5 - ONE_HOT) / 5
D_HIDDEN = D_LOGITS @ WEIGHTS[2].T
STEPS = (
    D_LOGITS,
    UNITS.T @ D_LOGITS,
    D_LOGITS.sum(axis=0),
    D_HIDDEN,
    IMAGES.T @ (D_HIDDEN * PASSED_ON),
    (D_HIDDEN * PASSED_ON).sum(axis=0),
)
NEEDED["backward_pass"] = [IMAGES, ONE_HOT, *WEIGHTS]
layers = keras.layers


def halved_network(*more, inside="relu", end="softmax", classes=10):
    """Return the network of 02's third exercise, without an Input, as it is often written."""
    filters = [n.filters // 2 for n in build_model().layers if hasattr(n, "filters")]
    first, second, third = (layers.Conv2D(n, 3, activation=inside) for n in filters)
    pools = [layers.MaxPooling2D(2) for _ in range(2)]
    ends = layers.Flatten(), *more, layers.Dense(classes, activation=end)
    return keras.Sequential([first, pools[0], second, pools[1], third, *ends])


def sequential(*rows):
    """Build a network of layers that follow one another."""
    return keras.Sequential([keras.Input((28, 28, 1)), *rows])


def changed_lenet5(position, layer):
    """Build LeNet-5 with another layer at a position, from 0."""
    rows = [kind.from_config(kind.get_config()) for kind in build_lenet5().layers[1:]]
    rows[position] = layer
    return sequential(*rows)


def replace_line(number, line):
    """Return the right lines of the backward pass but for one, counted from 0."""
    return (*STEPS[:number], line, *STEPS[number + 1 :])


# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "middle_of_five": [
        (np.array([5, 20, 20]), "Right"),
        ((60000, 20, 20), "How many images"),
        (np.zeros((5, 20, 20)), "the array itself"),
        ((None,), "another kind (tuple); asked for: whole numbers, as in a shape"),
        (np.array([5.5]), "of another kind (ndarray); asked for: whole numbers, as in a shape"),
        ("(5, 20, 20)", "Write (5, 20, 20) without quotation marks"),
        (("5", "20", "20"), "Write 5 without quotation marks"),
        (5, "This is one number. Write all numbers with commas between them"),
    ],
    "most_ink": [
        (np.int64(0), "Right"),
        (1, "least ink"),
        (8, "Which is the largest"),
        ("zero", "another kind (str); asked for: a number. Take the images of one digit"),
    ],
    "black_and_white": [
        *((answer, "Right") for answer in (0.7252, 72.52, 0.725, 0.73)),
        *((answer, "the 50,000 known") for answer in (0.7247, 0.7246)),
        ((0, 7252), "Python writes a decimal point: 0.7252.\n"),
        ("0.7252", "Write 0.7252 without quotation marks. In quotation marks it is text.\n"),
        ("0,7252", "Python writes a decimal point: 0.7252.\n"),
        ("72.52%", "Write 72.52 without quotation marks. In quotation marks it is text.\n"),
        (np.float32("nan"), "This answer is nan, which stands for no number"),
        (np.mean([np.inf]), "This answer is infinite"),
        (0.8307, "from before"),
        *((answer, "Make both the images") for answer in (0.7265, 0.7194, 0.74)),
    ],
    "shape_of_layers": [
        *((answer, "Right") for answer in ((None, 14, 14, 16), np.array([14, 14, 16]))),
        ((28, 28, 16), "Pooling comes next"),
        ((15, 15, 16), "one of size 5"),
        ((14, 14, 48), "Every filter makes one map"),
        ((1, 14, 14, 16), "of one image"),
    ],
    "left_edges": [
        *(([row] * 3, "Right") for row in ([-2, 0, 2], [0, -1, 1], [-1, 1, 0])),
        ([[1, 0, -1]] * 3, "right edges"),
        ([[-1, 2, -1]] * 3, "No row may give"),
        ([[-1, 0, 1], [1, 0, -1], [-1, 0, 1]], "No row may give"),
        ([[-1] * 3, [0] * 3, [1] * 3], "No row may give"),
        ([[-1, -0.4, 0.4], [-1, 0, 1], [-0.4, 0.4, 1]], "upper edge"),
        ([[0, 1, 1]] * 3, "add up to"),
        (np.zeros((3, 3)), "At a left edge it should give more than 0"),
        ([[-1, 0, 1], [-1, 0, 1], [-1, 0]], "The rows of this list have different lengths.\n"),
        (np.full((3, 3), np.nan), "This answer holds nan, which stands for no number. Dividing"),
        ([[-1, 0, np.inf]] * 3, "This answer holds an infinite number. Was something divided"),
    ],
    "halved_network": [
        *(((halved_network(), 0), "Right"), ((halved_network(), 3), "another digit more often")),
        ((build_model(), 0), "It should have"),
        *(
            ((halved_network(**end), 0), "activation")
            for end in ({"inside": None}, {"end": "sigmoid"})
        ),
        ((halved_network(layers.Dropout(0.5)), 0), "Dropout"),
        ((halved_network(classes=5), 0), "Compare its layers"),
        ((halved_network(inside=layers.LeakyReLU()), 0), "activations with the nine lines"),
        (
            (halved_network(), "0"),
            "Write 0 without quotation marks. In quotation marks it is text.\n",
        ),
        *((answer, "model, digit") for answer in (29_066, halved_network(), (29_066, 0))),
    ],
    "lenet5": [
        (build_lenet5(), "Right"),
        (keras.Sequential(build_lenet5().layers[1:]), "Right"),
        (
            changed_lenet5(0, layers.Conv2D(6, 5, activation="tanh")),
            "Layer 1 is Conv2D 5x5, tanh, (24, 24, 6). The table has Conv2D 5x5, tanh, (28, 28, 6)",
        ),
        (
            changed_lenet5(0, layers.Conv2D(6, 3, padding="same", activation="tanh")),
            "Conv2D 3x3, tanh",
        ),
        (
            changed_lenet5(0, layers.Conv2D(6, 5, padding="same", activation=layers.LeakyReLU())),
            "Layer 1 is Conv2D 5x5, LeakyReLU, (28, 28, 6)",
        ),
        (changed_lenet5(1, layers.LeakyReLU()), "Layer 2 is LeakyReLU, (28, 28, 6)"),
        (changed_lenet5(1, layers.MaxPooling2D(2)), "Layer 2 is MaxPooling2D 2x2, (14, 14, 6)"),
        (changed_lenet5(6, layers.Dense(84, activation="relu")), "Layer 7 is Dense, relu, (84,)"),
        (changed_lenet5(6, layers.Dense(84, activation="tanh", use_bias=False)), "has biases"),
        (
            sequential(*build_lenet5().layers[1:-1]),
            "Layer 8 is missing. The table has Dense, softmax",
        ),
        (
            sequential(*build_lenet5().layers[1:], layers.Dropout(0.5)),
            "The table ends after layer 8",
        ),
        (61_706, "asked for: the model"),
    ],
    "loss_of_a_half": [
        *((answer, "Right") for answer in (0.69, 0.7)),
        *((answer, "minus the natural") for answer in (0.68, 0.71)),
        ((0, 693), "Python writes a decimal point: 0.693.\n"),
        (0.301, "base 10"),
        (-0.693, "The minus sign is missing"),
    ],
    "steps_in_all": [
        *((answer, "Right") for answer in (1173.0, np.int64(1173))),
        *((answer, "left over") for answer in (1171.875, 1170)),
        ((1, 173), "Python writes a decimal point: 1.173. It writes thousands as 1173.\n"),
        (391, "steps in one epoch"),
        *((answer, "round up") for answer in (388, 2346)),
    ],
    "rate_of_a_step": [
        *((answer, "Right") for answer in (0.5, 1 / 2, (0.5 - 0.4) / 0.2)),
        (0.1, "length of the step"),
        (-0.5, "A step subtracts"),
        (0.02, "Divide it by the derivative"),
        (2, "Divide the change"),
        (2.5, "Divide its change"),
        (1, "How far has the weight moved"),
    ],
    "derivative_along_two_paths": [
        (-0.75, "Right"),
        (0.75, "p - y, not y - p"),
        (-0.25, "only the first way"),
        (-0.5, "only the second way"),
        (0.25, "its y is 0"),
        (0.125, "added, not multiplied"),
        (3, "For each way"),
    ],
    "backward_pass": [
        *((lines, "Right") for lines in (STEPS, replace_line(3, STEPS[3] * PASSED_ON))),
        ((...,) * 6, "Not answered yet. Write your answer"),
        ((*STEPS[:2], *(...,) * 4), "Not answered yet. So far your lines are right. Next comes"),
        ((5 * STEPS[0], *(...,) * 5), "d_logits is 5 times too large"),
        (replace_line(0, -STEPS[0]), "d_logits has the opposite sign. The error is p - y"),
        (
            replace_line(0, -5 * STEPS[0]),
            "d_logits is 5 times too large, and has the opposite sign",
        ),
        (replace_line(0, PROBABILITIES_OF_5 / 5), "d_logits isn't right. The answers are missing"),
        (replace_line(0, STEPS[0] ** 2), "d_logits has the right shape"),
        (replace_line(1, STEPS[1].T), "but weights2 has the shape (4, 3)"),
        (replace_line(1, STEPS[1].T), "Rows and columns are exchanged"),
        (replace_line(1, SUMS.T @ STEPS[0]), "the numbers after ReLU"),
        (replace_line(2, STEPS[0].mean(axis=0)), "d_biases2 is 5 times too small. Take the sum"),
        (replace_line(2, STEPS[0].sum(axis=1)), "sum(axis=0)"),
        (replace_line(2, STEPS[0].sum()), "d_biases2 has the shape (), but biases2"),
        (replace_line(3, STEPS[0]), "Which one needs a .T?"),
        (replace_line(3, STEPS[3] * UNITS), "(hidden_units > 0), which is 1 or 0"),
        (replace_line(4, IMAGES.T @ STEPS[3]), "d_weights1 isn't right. ReLU is missing"),
        (replace_line(4, IMAGES.T @ (STEPS[3] * UNITS)), "(hidden_units > 0), which is 1 or 0"),
        (replace_line(5, STEPS[3].sum(axis=0)), "d_biases1 isn't right. ReLU is missing"),
        (replace_line(5, (STEPS[3] * UNITS).sum(axis=0)), "(hidden_units > 0), which is 1 or 0"),
        (STEPS[:5], "asked for: six arrays of numbers, in the order of the lines"),
        (replace_line(0, np.full((5, 3), np.nan)), "six arrays"),
    ],
    "most_confused": [
        *((answer, "Right") for answer in ((9, 4), np.array([4, 9]))),
        *(((3, 5), "6 times"), ((4, 4), "On the diagonal"), ((4, 9, 3), "two digits")),
    ],
    "accuracy_when_sure": [
        *((answer, "Right") for answer in (2 / 3, 0.667, 66.7)),
        *((answer, "Which of the sure") for answer in (0.66, 0.6655, 0.668, 0.1)),
        (0.75, "on all images"),
    ],
    "misread": [(5, "Right"), (3, "reads your 3"), (10, "from 0 to 9")],
}
