import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.features import before_softmax, convolutions
from helpers.how_sure.calibration import temper
from helpers.model import HELD_OUT_MODEL, SHIPPED_MODEL, build_model, load_model


@pytest.fixture(scope="module")
def images():
    return mnist.prepare(mnist.load_data()[1][0][:300])


@pytest.mark.parametrize("path", [SHIPPED_MODEL, HELD_OUT_MODEL])
def test_softmax_of_the_scores_is_what_the_model_says(path, images):
    model = load_model(path)
    inputs, scores = before_softmax(model, images)
    assert inputs.shape == (300, 1152)
    np.testing.assert_allclose(temper(scores, 1), model(images).numpy(), atol=1e-5)


def test_a_loaded_model_takes_arrays_without_a_warning(images, recwarn):
    for path in (SHIPPED_MODEL, HELD_OUT_MODEL):
        load_model(path)(images[:1])
    assert not [str(warning.message) for warning in recwarn if "keras" in warning.filename]


def test_the_held_out_model_is_the_lessons_network():
    expected = [weights.shape for weights in build_model().get_weights()]
    assert [weights.shape for weights in load_model(HELD_OUT_MODEL).get_weights()] == expected
    assert HELD_OUT_MODEL.stat().st_size < 1_000_000


def test_another_last_layer_is_refused():
    inputs = keras.Input((28, 28, 1))
    flat = keras.Model(inputs, keras.layers.Flatten()(inputs))
    with pytest.raises(ValueError, match="model: it ends in flatten"):
        before_softmax(flat, np.zeros((1, 28, 28, 1), dtype="float32"))
    with pytest.raises(ValueError, match="model: it has no Conv2D"):
        convolutions(flat)
