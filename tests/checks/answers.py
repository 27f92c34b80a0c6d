"""Answers to the exercises of the four, right and wrong."""

from types import SimpleNamespace

import numpy as np

from helpers.backend import keras
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
BATCHES = np.array([[0.777, 0.601, 0.792], [0.936, 0.804, 0.922]])
layers = keras.layers


def halved(*more, inside="relu", end="softmax"):
    """Return the network of 02's third exercise, without an Input, as it is often written."""
    filters = [n.filters // 2 for n in build_model().layers if hasattr(n, "filters")]
    first, second, third = (layers.Conv2D(n, 3, activation=inside) for n in filters)
    pools = [layers.MaxPooling2D(2) for _ in range(2)]
    ends = layers.Flatten(), *more, layers.Dense(10, activation=end)
    return keras.Sequential([first, pools[0], second, pools[1], third, *ends])


# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "middle_of_five": [
        (np.array([5, 20, 20]), "Right"),
        ((60000, 20, 20), "how many images"),
        (np.zeros((5, 20, 20)), "the array itself"),
        (np.array([5.5]), "of another kind (ndarray); asked for: whole numbers, as in a shape"),
    ],
    "most_ink": [
        (np.int64(0), "Right"),
        (1, "least ink"),
        (8, "which is the largest"),
        ("zero", "another kind (str); asked for: a number. Take the images of one digit"),
    ],
    "black_and_white": [
        *((answer, "Right") for answer in (0.7252, 72.52, 0.725, 0.73)),
        *((answer, "the 50,000 known") for answer in (0.7247, 0.7246)),
        (0.8307, "from before"),
        *((answer, "Make both sides") for answer in (0.7265, 0.7194, 0.74)),
    ],
    "shape_of_layers": [
        *((answer, "Right") for answer in ((None, 14, 14, 16), np.array([14, 14, 16]))),
        ((28, 28, 16), "Pooling comes next"),
        ((15, 15, 16), "one of size 5"),
        ((14, 14, 48), "every filter makes one map"),
        ((1, 14, 14, 16), "of one image"),
    ],
    "left_edges": [
        *(([row] * 3, "Right") for row in ([-2, 0, 2], [0, -1, 1], [-1, 1, 0])),
        ([[1, 0, -1]] * 3, "right edges"),
        ([[-1, 2, -1]] * 3, "in each row"),
        ([[-1, 0, 1], [1, 0, -1], [-1, 0, 1]], "in each row"),
        ([[-1] * 3, [0] * 3, [1] * 3], "somewhere more"),
        ([[-1, -0.4, 0.4], [-1, 0, 1], [-0.4, 0.4, 1]], "upper edge"),
        ([[0, 1, 1]] * 3, "add up to"),
    ],
    "halved_network": [
        *(((halved(), 0), "Right"), ((halved(), 3), "another digit more often")),
        ((build_model(), 0), "filters; asked for"),
        *(((halved(**end), 0), "activation") for end in ({"inside": None}, {"end": "sigmoid"})),
        ((halved(layers.Dropout(0.5)), 0), "Dropout"),
        *((answer, "model, digit") for answer in (29_066, halved(), (29_066, 0))),
    ],
    "loss_of_a_half": [
        *((answer, "Right") for answer in (0.69, 0.7)),
        *((answer, "minus its natural") for answer in (0.68, 0.71)),
        (0.301, "base 10"),
    ],
    "steps_in_all": [
        *((answer, "Right") for answer in (1173.0, np.int64(1173))),
        *((answer, "left over") for answer in (1171.875, 1170)),
        (391, "about one epoch"),
        (2346, "round up"),
    ],
    "batch_sizes": [
        *((answer, "Right") for answer in (BATCHES, BATCHES.ravel(), 100 * BATCHES)),
        ([[0.615, 0.595, 0.597], [0.754, 0.754, 0.75]], "val_accuracy"),
        (BATCHES[::-1], "first the three"),
        (np.stack([1 - BATCHES, BATCHES], axis=-1), "take the second"),
        ([[0.9, 0.91, 0.92], [0.95, 0.96, 0.97]], "one epoch"),
        (BATCHES[0], "Six numbers"),
    ],
    "most_confused": [
        *((answer, "Right") for answer in ((9, 4), np.array([4, 9]))),
        *(((3, 5), "6 times"), ((4, 4), "On the diagonal"), ((4, 9, 3), "two digits")),
    ],
    "accuracy_when_sure": [
        *((answer, "Right") for answer in (2 / 3, 0.667, 66.7)),
        *((0.66, "Which of the sure"), (0.75, "on all images"), (0.1, "Which of the sure")),
    ],
    "misread": [(5, "Right"), (3, "reads your 3"), (10, "from 0 to 9")],
}
