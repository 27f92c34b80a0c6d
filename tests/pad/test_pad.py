"""The kernel's half of the drawing pad, without a browser."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers import pad
from helpers.pad import DrawingPad, drawing, strokes
from helpers.pad.drawing import to_mnist
from helpers.pad.strokes import recorded_strokes, render_strokes


class Model:
    """Says 3, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, images, training=None):
        self.asked.append((images, training))
        return np.eye(10, dtype="float32")[[3]]


def from_browser(target, **state):
    """Deliver a message as the browser sends it: buffers arrive as a memoryview."""
    target.set_state({k: memoryview(v) if isinstance(v, bytes) else v for k, v in state.items()})


@pytest.fixture
def target():
    return DrawingPad(Model())


def test_strokes_give_probabilities():
    model = Model()
    target = DrawingPad(model)
    from_browser(target, strokes=recorded_strokes())
    seen = to_mnist(render_strokes(recorded_strokes()))
    assert target.answer == {"image": seen.tobytes(), "probabilities": list(np.eye(10)[3])}
    ((images, training),) = model.asked
    assert images.shape == (1, 28, 28, 1) and images.dtype == np.float32
    assert (images[0, ..., 0] * 255).round().astype(int).tolist() == seen.tolist()
    assert training is False


def test_the_shipped_model_answers_to_strokes_and_a_file(shipped_model):
    file = io.BytesIO()
    Image.fromarray(255 - render_strokes(recorded_strokes())).save(file, "PNG")
    for state in {"strokes": recorded_strokes()}, {"file": file.getvalue()}:
        target = DrawingPad(shipped_model)
        from_browser(target, **state)
        assert isinstance(target.file, bytes)  # it arrives as a memoryview
        assert np.argmax(target.answer["probabilities"]) == 5
        assert sum(target.answer["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_a_new_view_gets_all_that_the_browser_has_sent(target):
    from_browser(target, file=b"none", strokes=[[[9, 9]]])
    state = target.get_state()
    assert (state["file"], state["strokes"]) == (b"none", [[[9, 9]]])
    assert state["answer"] == target.answer
    assert "probabilities" in target.answer  # strokes come before a file


def test_undo_and_clear(target):
    from_browser(target, strokes=recorded_strokes())
    both = target.answer
    from_browser(target, strokes=recorded_strokes()[:1])
    assert target.answer["image"] != both["image"]
    from_browser(target, strokes=[])
    assert target.answer == {} and target.drawing() is None


def test_what_is_bad_is_a_problem_in_words(target):
    from_browser(target, file=b"not a picture")
    assert target.answer == {
        "problem": "picture: this file is none, or of an unknown kind. Save it as PNG or JPEG and "
        "try again."
    }
    from_browser(target, file=b"")
    assert target.answer == {}
    from_browser(target, strokes=[["x"]])
    assert "problem" in target.answer


def test_a_failing_model_is_a_problem_in_words():
    def fail(images, training):
        raise RuntimeError("out of memory")

    target = DrawingPad(fail)
    from_browser(target, strokes=[[[9, 9]]])
    assert target.answer == {"problem": "The kernel failed. RuntimeError: out of memory"}


def test_your_drawing_or_the_recorded_one(target):
    recorded, which = target.drawing_or_recorded()
    assert which == "a recorded 5" and (recorded == render_strokes(recorded_strokes())).all()
    from_browser(target, strokes=[[[9, 9]]])
    drawn, which = target.drawing_or_recorded()
    assert which == "your drawing" and (drawn == render_strokes([[[9, 9]]])).all()


def test_pads_do_not_share_anything(target):
    other = DrawingPad(Model())
    from_browser(target, strokes=[[[9, 9]]])
    assert other.strokes == [] and other.answer == {}


def test_what_a_saved_notebook_holds_is_always_the_same():
    texts = {DrawingPad(Model())._repr_mimebundle_()[0]["text/plain"] for _ in range(2)}
    assert texts == {"A drawing pad: run this cell to draw a digit with mouse, pen or finger."}


def test_nothing_is_loaded_from_elsewhere():
    for name in ("pad.js", "pad.css"):
        text = Path(pad.__file__).with_name(name).read_text(encoding="utf-8")
        assert "//" not in text.replace("// ", "") and "import" not in text and "url(" not in text


def test_both_halves_agree_on_sizes():
    script = Path(pad.__file__).with_name("pad.js").read_text(encoding="utf-8")
    assert f"const SIZE = {drawing.CANVAS};" in script
    assert f"const PEN = {strokes.PEN};" in script
