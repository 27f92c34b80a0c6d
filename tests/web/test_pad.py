"""The kernel's half of the drawing pad, and the viewer of a network, without a browser."""

import json
from unittest.mock import Mock

import numpy as np
import pytest

from helpers.backend import keras
from helpers.drawing.preparation import CANVAS, to_mnist
from helpers.drawing.strokes import PEN, recorded_strokes, render_strokes
from helpers.web import scripts
from helpers.web.pad import DrawingPad
from helpers.web.viewer import NetworkViewer
from tests.browser import picture

FIVE, DOT = recorded_strokes(), [[[9, 9]]]
DIGIT = np.zeros((28, 28), np.uint8)


def from_browser(target, **state):
    """Deliver a message as the browser sends it: buffers arrive as a memoryview."""
    state = {k: memoryview(v) if isinstance(v, bytes) else v for k, v in state.items()}
    target.set_state(state | {"sent": target.sent + 1})
    answer = dict(target.answer)
    assert answer.pop("to") == target.sent
    return answer


def test_strokes_and_a_file_give_an_image_and_probabilities(shipped_model):
    file = picture(255 - render_strokes(FIVE))["buffer"]
    for state in {"strokes": FIVE}, {"file": file}, {"strokes": FIVE, "file": b"none"}:
        answer = from_browser(DrawingPad(shipped_model), **state)
        assert np.argmax(answer["probabilities"]) == 5
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
        if "strokes" in state:  # then a file doesn't count
            assert answer["image"] == to_mnist(render_strokes(FIVE)).tobytes()


def test_a_message_is_answered_once_and_undo_and_clear_are_messages():
    model = Mock(return_value=np.eye(10, dtype="float32")[[3]])
    target = DrawingPad(model)
    recorded, which = target.drawing_or_recorded()
    assert which == "a recorded 5" and (recorded == render_strokes(FIVE)).all()
    both, one = (from_browser(target, strokes=some, file=b"") for some in (FIVE, FIVE[:1]))
    assert both["image"] != one["image"] and model.call_count == 2
    drawn, which = target.drawing_or_recorded()
    assert which == "your drawing" and (drawn == render_strokes(FIVE[:1])).all()
    assert from_browser(target, strokes=[]) == {} and target.drawing() is None


def test_what_goes_wrong_is_a_problem_in_words():
    target = DrawingPad(Mock(side_effect=RuntimeError("out of memory")))
    unknown = "this file is none, or of an unknown kind. Save it as PNG or JPEG and try again."
    assert from_browser(target, file=b"not a picture") == {"problem": f"picture: {unknown}"}
    assert from_browser(target, file=b"") == {}
    assert "strokes" in from_browser(target, strokes=[["x"]])["problem"]
    said = from_browser(target, strokes=DOT)
    assert said == {"problem": "The kernel failed. RuntimeError: out of memory"}


def test_the_browsers_half_has_the_same_sizes():
    script = scripts.bundle("pad.js")
    assert f"const SIZE = {CANVAS};" in script and f"const PEN = {PEN};" in script


def test_a_viewer_holds_the_weights_and_the_image(shipped_model):
    viewer = NetworkViewer(shipped_model, DIGIT)
    assert viewer.image == bytes(784) and len(viewer.network["layers"]) == 7
    assert len(json.dumps(viewer.network)) < 600_000
    with pytest.raises(ValueError, match=r"^image: "):
        NetworkViewer(shipped_model, DIGIT / 255)
    odd = keras.layers.GaussianNoise(0.5, name="odd")(shipped_model.outputs[0])
    with pytest.raises(ValueError, match=r"^model, layer odd: "):
        NetworkViewer(keras.Model(shipped_model.inputs, odd), DIGIT)
