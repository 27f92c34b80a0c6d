"""Whatever a helper is given: a right answer, or a ValueError that says what was expected."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import evaluation, features, mnist
from helpers.backend import keras
from helpers.drawing import preparation, strokes
from helpers.files import ROOT
from helpers.model import SHIPPED_MODEL, load_model
from tests.anything import any_array

MODEL = load_model(SHIPPED_MODEL)
OTHER = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(1, 1)])
RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 28, 28, 1), dtype="float32")
IMAGE, DRAWING = IMAGES[0], IMAGES[0, ..., 0]
SHARES, DIGITS = RNG.dirichlet(np.ones(10), size=3), np.array([7, 0, 3])

# A right call of a helper for each way in which numbers are looked at.
HELPERS = {
    mnist.prepare: [np.zeros((3, 28, 28), np.uint8)],
    evaluation.accuracy_interval: [7, 10],
    evaluation.mean_interval: [SHARES[0]],
    evaluation.mistakes: [DIGITS, SHARES],
    preparation.to_mnist: [DRAWING],
    strokes.render_strokes: [[[[10, 10], [20, 20]]], 9],
    features.feature_maps: [MODEL, IMAGE],
    features.before_softmax: [MODEL, IMAGES],
}

# What is no such call, and what is said of it.
REFUSED = [
    (evaluation.accuracy_interval, [11, 10], "correct: got 11, expected a whole number, 0 to 10"),
    (evaluation.mistakes, [DIGITS + 3, SHARES], "labels: got 3 to 10, expected 0 to 9"),
    (features.feature_maps, [MODEL, DRAWING], r"image: got float32 of shape \(28, 28\), expected"),
    (features.before_softmax, [OTHER, IMAGES], "model: it ends in conv"),
]

if (ROOT / "helpers" / "see_inside").exists():  # a fork may have thrown the optional lessons away
    from helpers.how_sure import calibration
    from helpers.see_inside import occlusion, patches
    from helpers.see_inside.explorer import FeatureExplorer

    HELPERS |= {
        calibration.reliability: [SHARES[:, 0], DIGITS < 5],
        occlusion.occlusion: [MODEL, IMAGE, 7],
        patches.exciting_patches: [MODEL, IMAGES, MODEL.layers[1].name, [0, 3], 2],
        FeatureExplorer: [IMAGES, MODEL, MODEL],
    }
    shares = SHARES[0]
    REFUSED += [
        (calibration.reliability, [shares + 3, shares > 1], "confidence: .*, expected 0 to 1"),
        (FeatureExplorer, [IMAGES, OTHER, MODEL], "untrained, trained: got convolutions of"),
    ]


@pytest.mark.parametrize("helper", HELPERS, ids=lambda helper: helper.__name__)
@settings(max_examples=25)
@given(st.data())
def test_any_argument_gives_an_answer_or_a_value_error(helper, data):
    arguments = list(HELPERS[helper])
    numeric = [i for i, one in enumerate(arguments) if not isinstance(one, keras.Model | str)]
    place = data.draw(st.sampled_from(numeric))
    not_finite = np.array(arguments[place], dtype=float)
    not_finite.flat[0] = data.draw(st.sampled_from([np.nan, np.inf]))
    never = st.sampled_from([not_finite, None, "text", 1j, {}, [[1], [1, 2]]])
    how = data.draw(st.sampled_from(["right", "any", "never"]))
    if how != "right":
        arguments[place] = data.draw(never if how == "never" else any_array())
    try:
        answer = helper(*arguments)
    except ValueError as error:
        assert str(error).startswith((*inspect.signature(helper).parameters, "images")), error
        assert how != "right" and ("expected" in str(error) or "blank" in str(error)), error
    else:
        numbers = [x for x in keras.tree.flatten(answer) if isinstance(x, np.ndarray | float | int)]
        assert how != "never" and all(np.isfinite(part).all() for part in numbers)


@pytest.mark.parametrize(("helper", "arguments", "message"), REFUSED)
def test_what_a_helper_refuses_it_names(helper, arguments, message):
    with pytest.raises(ValueError, match=message):
        helper(*arguments)
