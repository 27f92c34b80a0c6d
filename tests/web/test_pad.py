"""The kernel's half of the drawing pad, without a browser."""

import io
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from helpers.drawing.preparation import CANVAS, to_mnist
from helpers.drawing.strokes import PEN, recorded_strokes, render_strokes
from helpers.web import scripts
from helpers.web.pad import DrawingPad

FIVE = recorded_strokes()
DOT = [[[9, 9]]]


def from_browser(target, **state):
    """Deliver a message as the browser sends it: buffers arrive as a memoryview."""
    target.set_state({k: memoryview(v) if isinstance(v, bytes) else v for k, v in state.items()})


@pytest.fixture
def model():
    return Mock(return_value=np.eye(10, dtype="float32")[[3]])


@pytest.fixture
def target(model):
    return DrawingPad(model)


def test_strokes_give_probabilities(target, model):
    from_browser(target, strokes=FIVE)
    seen = to_mnist(render_strokes(FIVE))
    assert target.answer == {"image": seen.tobytes(), "probabilities": list(np.eye(10)[3])}
    ((images,), options) = model.call_args
    assert images.shape == (1, 28, 28, 1) and images.dtype == np.float32
    assert ((images[0, ..., 0] * 255).round() == seen).all() and options == {"training": False}


def test_the_shipped_model_answers_to_strokes_and_a_file(shipped_model):
    file = io.BytesIO()
    Image.fromarray(255 - render_strokes(FIVE)).save(file, "PNG")
    for state in {"strokes": FIVE}, {"file": file.getvalue()}:
        target = DrawingPad(shipped_model)
        from_browser(target, **state)
        assert np.argmax(target.answer["probabilities"]) == 5
        assert sum(target.answer["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_a_new_view_gets_all_that_the_browser_has_sent(target):
    from_browser(target, file=b"none", strokes=DOT)
    state = target.get_state()
    assert (state["file"], state["strokes"]) == (b"none", DOT)
    assert state["answer"] == target.answer
    assert "probabilities" in target.answer  # strokes come before a file


def test_undo_and_clear(target):
    recorded, which = target.drawing_or_recorded()
    assert which == "a recorded 5" and (recorded == render_strokes(FIVE)).all()
    from_browser(target, strokes=FIVE)
    both = target.answer
    from_browser(target, strokes=FIVE[:1])
    assert target.answer["image"] != both["image"]
    drawn, which = target.drawing_or_recorded()
    assert which == "your drawing" and (drawn == render_strokes(FIVE[:1])).all()
    from_browser(target, strokes=[])
    assert target.answer == {} and target.drawing() is None


def test_what_goes_wrong_is_a_problem_in_words(target):
    from_browser(target, file=b"not a picture")
    unknown = "this file is none, or of an unknown kind. Save it as PNG or JPEG and try again."
    assert target.answer == {"problem": f"picture: {unknown}"}
    from_browser(target, file=b"")
    assert target.answer == {}
    from_browser(target, strokes=[["x"]])
    assert "problem" in target.answer
    failing = DrawingPad(Mock(side_effect=RuntimeError("out of memory")))
    from_browser(failing, strokes=DOT)
    assert failing.answer == {"problem": "The kernel failed. RuntimeError: out of memory"}


def test_the_browsers_half_loads_nothing_from_elsewhere_and_has_the_same_sizes():
    script, style = scripts.bundle("pad.js"), scripts.styles()
    for text in (script, style):
        assert "//" not in text.replace("// ", "") and "import" not in text and "url(" not in text
    assert f"const SIZE = {CANVAS};" in script and f"const PEN = {PEN};" in script
