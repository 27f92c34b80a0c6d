"""Whatever a helper is given: a right answer, or a ValueError that says what was expected."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import evaluation, expect, features, mnist
from helpers.backend import tf
from helpers.drawing import preparation as drawing
from helpers.drawing import strokes
from helpers.how_sure import calibration
from helpers.model import SHIPPED_MODEL, load_model
from helpers.see_inside import attention, projection, receptive
from helpers.see_inside.explorer import FeatureExplorer
from tests.anything import ANYTHING

MODEL = load_model(SHIPPED_MODEL)
LAYER = features.convolutions(MODEL)[0].name
RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 28, 28, 1), dtype="float32")
SHARES = RNG.dirichlet(np.ones(10), size=3)
DIGITS = np.array([7, 0, 3])

# A right call of each public helper that takes arrays, and for its answer what must hold.
HELPERS = {
    mnist.prepare: [np.zeros((3, 28, 28), np.uint8)],
    mnist.to_idx: [DIGITS.astype(np.uint8)],
    evaluation.accuracy_interval: [7, 10],
    evaluation.mistakes: [DIGITS, SHARES],
    calibration.reliability: [SHARES[:, 0], DIGITS < 5, 2],
    calibration.calibration_error: [SHARES[:, 0], DIGITS < 5, 2],
    drawing.to_mnist: [IMAGES[0, :, :, 0]],
    drawing.plain_resize: [IMAGES[0, :, :, 0]],
    drawing.put_anywhere: [IMAGES[0, :, :, 0], RNG],
    strokes.render_strokes: [[[[10, 10], [20, 20]]], 9],
    features.feature_maps: [MODEL, IMAGES[0]],
    features.before_softmax: [MODEL, IMAGES],
    attention.occlusion: [MODEL, IMAGES[0], 7, 3],
    attention.grad_cam: [MODEL, IMAGES[0], 7, LAYER],
    receptive.exciting_patches: [MODEL, IMAGES, LAYER, [0, 3], 2],
    projection.neighbours_in_plane: [RNG.random((50, 50))],
    FeatureExplorer: [IMAGES, MODEL, MODEL],
}
SLOW = (projection.neighbours_in_plane, features.before_softmax, FeatureExplorer)
NOT_CHECKED = (type(MODEL), type(RNG), str)


def call(helper, arguments):
    """Call a helper; return whether it answered. What it answers must be numbers."""
    try:
        answer = helper(*arguments)
    except ValueError as error:
        names = inspect.signature(helper).parameters
        assert any(str(error).startswith((name, "images", "drawing")) for name in names), error
        assert "expected" in str(error) or "blank" in str(error), error
        return False
    for part in tf.nest.flatten(answer):
        assert not isinstance(part, np.ndarray | float | int) or np.isfinite(part).all()
    return True


@pytest.mark.parametrize("helper", HELPERS, ids=lambda helper: helper.__name__)
def test_any_argument_gives_an_answer_or_a_value_error(helper):
    right = HELPERS[helper]
    assert call(helper, right)
    places = [i for i, argument in enumerate(right) if not isinstance(argument, NOT_CHECKED)]

    @settings(max_examples=8 if helper in SLOW else 60)
    @given(st.sampled_from(places), ANYTHING)
    def try_it(place, argument):
        call(helper, [*right[:place], argument, *right[place + 1 :]])

    try_it()


@pytest.mark.parametrize("helper", HELPERS, ids=lambda helper: helper.__name__)
@pytest.mark.parametrize("bad", [np.nan, np.inf, None, "text", 1j])
def test_what_is_no_number_is_refused(helper, bad):
    """In each of its arrays, one entry that is not a number, or the whole replaced by it."""
    right = HELPERS[helper]
    for place, argument in enumerate(right):
        if isinstance(argument, NOT_CHECKED):
            continue
        assert not call(helper, [*right[:place], bad, *right[place + 1 :]])
        if isinstance(argument, np.ndarray):
            plain = isinstance(bad, float | complex)
            array = argument.astype(np.result_type(type(bad), argument) if plain else object)
            array.flat[0] = bad
            assert not call(helper, [*right[:place], array, *right[place + 1 :]])


def test_labels_out_of_range_are_refused():
    with pytest.raises(ValueError, match="labels: got 0 to 10, expected 0 to 9"):
        evaluation.mistakes([0, 10, 3], SHARES)


def test_an_open_axis_is_only_empty_where_that_is_meant():
    assert expect.numbers("x", np.zeros((0, 2)), ("n", 2)).shape == (0, 2)
    with pytest.raises(ValueError, match=r"x: got .*\(0, 2\), expected .* of shape \(images, 2\)"):
        expect.numbers("x", np.zeros((0, 2)), ("images", 2))
