"""Whatever a helper is given: a right answer, or a ValueError that says what was expected."""

import inspect
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import evaluation, features, mnist
from helpers.backend import keras
from helpers.drawing import preparation, strokes
from helpers.how_sure import calibration
from helpers.model import SHIPPED_MODEL, load_model
from helpers.see_inside import attention, projection, receptive
from helpers.see_inside.explorer import FeatureExplorer
from tests.anything import ANYTHING

MODEL = load_model(SHIPPED_MODEL)
LAYER = features.convolutions(MODEL)[0].name
FLAT = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()])
OTHER = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(1, 1)])
RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 28, 28, 1), dtype="float32")
IMAGE, DRAWING, ROWS = IMAGES[0], IMAGES[0, :, :, 0], RNG.random((50, 50))
SHARES = RNG.dirichlet(np.ones(10), size=3)
DIGITS = np.array([7, 0, 3])

# A right call of each public helper that takes numbers.
HELPERS = {
    mnist.prepare: [np.zeros((3, 28, 28), np.uint8)],
    evaluation.accuracy_interval: [7, 10],
    evaluation.mean_interval: [SHARES[0]],
    evaluation.mistakes: [DIGITS, SHARES],
    calibration.reliability: [SHARES[:, 0], DIGITS < 5, 2],
    calibration.calibration_error: [SHARES[:, 0], DIGITS < 5, 2],
    preparation.to_mnist: [DRAWING],
    preparation.plain_resize: [DRAWING],
    preparation.put_anywhere: [DRAWING, RNG],
    strokes.render_strokes: [[[[10, 10], [20, 20]]], 9],
    features.feature_maps: [MODEL, IMAGE],
    features.before_softmax: [MODEL, IMAGES],
    attention.occlusion: [MODEL, IMAGE, 7, 3],
    attention.grad_cam: [MODEL, IMAGE, 7, LAYER],
    receptive.exciting_patches: [MODEL, IMAGES, LAYER, [0, 3], 2],
    projection.neighbours_in_plane: [ROWS],
    FeatureExplorer: [IMAGES, MODEL, MODEL],
}
SLOW = (projection.neighbours_in_plane, features.before_softmax, FeatureExplorer)
NOT_CHECKED = (type(MODEL), type(RNG), str)


def answers(helper, right, place, argument):
    """Call a helper with one argument replaced; return whether it answered, and with numbers."""
    try:
        answer = helper(*right[:place], argument, *right[place + 1 :])
    except ValueError as error:
        names = inspect.signature(helper).parameters
        assert any(str(error).startswith((name, "images", "drawing")) for name in names), error
        assert "expected" in str(error) or "blank" in str(error), error
        return False
    for part in keras.tree.flatten(answer):
        assert not isinstance(part, np.ndarray | float | int) or np.isfinite(part).all()
    return True


@pytest.mark.parametrize("helper", HELPERS, ids=lambda helper: helper.__name__)
def test_any_argument_gives_an_answer_or_a_value_error(helper):
    right = HELPERS[helper]
    places = [i for i, argument in enumerate(right) if not isinstance(argument, NOT_CHECKED)]
    assert all(answers(helper, right, place, right[place]) for place in places)
    for place, bad in product(places, [np.nan, np.inf, None, "text", 1j]):
        assert not answers(helper, right, place, bad)
        if isinstance(right[place], np.ndarray):  # one entry that is no number
            plain = isinstance(bad, float | complex)
            array = right[place].astype(
                np.result_type(type(bad), right[place]) if plain else object
            )
            array.flat[0] = bad
            assert not answers(helper, right, place, array)

    @settings(max_examples=4 if helper in SLOW else 30)
    @given(st.sampled_from(places), ANYTHING)
    def try_it(place, argument):
        answers(helper, right, place, argument)

    try_it()


REFUSED = [
    (evaluation.accuracy_interval, [11, 10], "correct: got 11, expected a whole number, 0 to 10"),
    (evaluation.accuracy_interval, [0, 0], "total: got 0, expected a whole number, 1 or more"),
    (evaluation.mean_interval, [[0.5]], "values: got 1 of them, expected at least 2"),
    (evaluation.mistakes, [DIGITS + 0.5, SHARES], r"labels: got float64 of shape \(3,\), expected"),
    (evaluation.mistakes, [DIGITS + 3, SHARES], "labels: got 3 to 10, expected 0 to 9"),
    (evaluation.mistakes, [[], SHARES[:, :0]], r"got .*\(3, 0\), expected .*\(n, classes\)"),
    (calibration.reliability, [SHARES[0], SHARES[0] > 1, 11], "bins: got 11, expected a whole"),
    (calibration.reliability, [SHARES[0] + 3, SHARES[0] > 1], "confidence: .*, expected 0 to 1"),
    (features.feature_maps, [MODEL, DRAWING], r"image: got float32 of shape \(28, 28\), expected"),
    (features.feature_maps, [FLAT, IMAGE], "model: it has no Conv2D"),
    (features.before_softmax, [FLAT, IMAGES], "model: it ends in flatten"),
    (FeatureExplorer, [IMAGES, OTHER, MODEL], "untrained, trained: got convolutions of"),
    (attention.occlusion, [MODEL, IMAGE, 10], "digit: got 10, expected a whole number, 0 to 9"),
    (attention.occlusion, [MODEL, IMAGE, 7, 4], "size: got 4, expected an odd number"),
    (
        attention.grad_cam,
        [MODEL, IMAGE, -1, LAYER],
        "digit: got -1, expected a whole number, 0 to 9",
    ),
    (attention.grad_cam, [MODEL, IMAGE, 7, "none"], "layer: the model has no layer named 'none'"),
    (receptive.exciting_patches, [MODEL, IMAGES, LAYER, [0], 4], "count: got 4, expected"),
    (receptive.exciting_patches, [MODEL, IMAGES, LAYER, [32], 1], "channels: got 32 to 32, exp"),
    (projection.neighbours_in_plane, [ROWS[1:]], r"values: got shape \(49, 50\), expected at"),
    (projection.neighbours_in_plane, [ROWS * 0], "values: all rows are the same, expected"),
]


@pytest.mark.parametrize(("helper", "arguments", "message"), REFUSED)
def test_what_a_helper_refuses_it_names(helper, arguments, message):
    with pytest.raises(ValueError, match=message):
        helper(*arguments)
