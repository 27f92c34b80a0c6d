"""The kernel's half of the drawing pad, without a browser."""

from unittest.mock import Mock

import numpy as np

from helpers.drawing.preparation import to_mnist
from helpers.drawing.strokes import recorded_strokes, render_strokes
from helpers.web.pad import DrawingPad
from tests.browser import picture

FIVE = recorded_strokes()


def from_browser(target, **state):
    """Deliver a message as the browser sends it: buffers arrive as a memoryview."""
    state = {k: memoryview(v) if isinstance(v, bytes) else v for k, v in state.items()}
    target.set_state(state | {"sent": target.sent + 1})
    answer = dict(target.answer)
    assert answer.pop("to") == target.sent
    return answer


def test_strokes_or_else_a_file_are_answered_once_or_a_problem_is_said_in_words():
    """A blank pad gives the recorded drawing."""
    target = DrawingPad(model := Mock(return_value=np.eye(10)[[3]]))
    file = picture(255 - render_strokes(FIVE))
    answer = from_browser(target, strokes=FIVE[:1], file=b"none")  # a file doesn't count then
    drawing, which = target.drawing_or_recorded()
    assert which == "your drawing" and (drawing == render_strokes(FIVE[:1])).all()
    assert answer == {"image": to_mnist(drawing).tobytes(), "probabilities": [*np.eye(10)[3]]}
    assert from_browser(target, strokes=[], file=file["buffer"])["image"] != answer["image"]
    assert from_browser(target, file=b"") == {} and model.call_count == 2
    drawing, which = target.drawing_or_recorded()
    assert which == "a recorded 5" and (drawing == render_strokes(FIVE)).all()

    target = DrawingPad(Mock(side_effect=RuntimeError("out of memory")))
    assert "isn't a picture" in from_browser(target, file=b"not a picture")["problem"]
    assert "strokes" in from_browser(target, strokes=[["x"]])["problem"]
    answer = from_browser(target, strokes=FIVE)
    assert answer == {"problem": "The kernel failed. RuntimeError: out of memory"}
