"""The kernel's half of the drawing pad, and the viewer of a network, without a browser."""

import io
import json
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from helpers.backend import keras
from helpers.drawing.preparation import CANVAS, to_mnist
from helpers.drawing.strokes import PEN, recorded_strokes, render_strokes
from helpers.web import scripts
from helpers.web.pad import DrawingPad
from helpers.web.viewer import NetworkViewer

FIVE = recorded_strokes()
DOT = [[[9, 9]]]
DIGIT = np.zeros((28, 28), np.uint8)


def from_browser(target, **state):
    """Deliver a message as the browser sends it: buffers arrive as a memoryview."""
    state = {k: memoryview(v) if isinstance(v, bytes) else v for k, v in state.items()}
    target.set_state(state | {"sent": target.sent + 1})
    assert target.answer.pop("to") == target.sent
    return target.answer


@pytest.fixture
def model():
    return Mock(return_value=np.eye(10, dtype="float32")[[3]])


@pytest.fixture
def target(model):
    return DrawingPad(model)


def test_strokes_give_probabilities(target, model):
    seen = to_mnist(render_strokes(FIVE))
    answer = {"image": seen.tobytes(), "probabilities": list(np.eye(10)[3])}
    assert from_browser(target, strokes=FIVE) == answer
    ((images,), options) = model.call_args
    assert images.shape == (1, 28, 28, 1) and images.dtype == np.float32
    assert ((images[0, ..., 0] * 255).round() == seen).all() and options == {"training": False}
    from_browser(target, strokes=DOT, file=b"")
    assert model.call_count == 2  # once a message


def test_the_shipped_model_answers_to_strokes_and_a_file(shipped_model):
    file = io.BytesIO()
    Image.fromarray(255 - render_strokes(FIVE)).save(file, "PNG")
    for state in {"strokes": FIVE}, {"file": file.getvalue()}:
        answer = from_browser(DrawingPad(shipped_model), **state)
        assert np.argmax(answer["probabilities"]) == 5
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_a_new_view_gets_all_that_the_browser_has_sent(target):
    assert "probabilities" in from_browser(target, file=b"none", strokes=DOT)  # not of the file
    state = target.get_state()
    assert (state["file"], state["strokes"], state["sent"]) == (b"none", DOT, 1)


def test_undo_and_clear(target):
    recorded, which = target.drawing_or_recorded()
    assert which == "a recorded 5" and (recorded == render_strokes(FIVE)).all()
    both, one = (from_browser(target, strokes=strokes) for strokes in (FIVE, FIVE[:1]))
    assert both["image"] != one["image"]
    drawn, which = target.drawing_or_recorded()
    assert which == "your drawing" and (drawn == render_strokes(FIVE[:1])).all()
    assert from_browser(target, strokes=[]) == {} and target.drawing() is None


def test_what_goes_wrong_is_a_problem_in_words(target):
    unknown = "this file is none, or of an unknown kind. Save it as PNG or JPEG and try again."
    assert from_browser(target, file=b"not a picture") == {"problem": f"picture: {unknown}"}
    assert from_browser(target, file=b"") == {}
    assert "problem" in from_browser(target, strokes=[["x"]])
    failing = DrawingPad(Mock(side_effect=RuntimeError("out of memory")))
    said = from_browser(failing, strokes=DOT)
    assert said == {"problem": "The kernel failed. RuntimeError: out of memory"}


def test_the_browsers_half_loads_nothing_from_elsewhere_and_has_the_same_sizes():
    script, style = scripts.bundle("pad.js"), scripts.styles()
    for text in (script, style):
        assert "//" not in text.replace("// ", "") and "import" not in text and "url(" not in text
    assert f"const SIZE = {CANVAS};" in script and f"const PEN = {PEN};" in script


def test_a_viewer_holds_the_weights_and_the_image(shipped_model):
    viewer = NetworkViewer(shipped_model, DIGIT)
    assert viewer.image == bytes(784) and len(viewer.network["layers"]) == 7
    assert len(json.dumps(viewer.network)) < 600_000
    with pytest.raises(ValueError, match=r"^image: "):
        NetworkViewer(shipped_model, DIGIT / 255)
    odd = keras.layers.GaussianNoise(0.5, name="odd")(shipped_model.outputs[0])
    with pytest.raises(ValueError, match=r"^model: odd "):
        NetworkViewer(keras.Model(shipped_model.inputs, odd), DIGIT)
