"""The drawing pad of a notebook: the browser answers, and Python gets the drawing."""

import base64
from unittest.mock import Mock

import numpy as np
import pytest

from helpers import mnist
from helpers.common.files import ROOT
from helpers.drawing import to_mnist
from helpers.drawing.photo import drawing_from_picture
from helpers.drawing.strokes import recorded_strokes, render_strokes
from helpers.widgets.pad import DrawingPad
from tests.browser import ONE, SEVEN, TWO, Pad, page_with, picture_file, show_widget
from tests.networks import functional, layers

FIVE = recorded_strokes()
SIX = [[[180, 50], [100, 50], [100, 230], [180, 230], [180, 140], [100, 140]]]  # of exercise 3
# Where the parts of a pad stand on the page, in pixels from its top.
PLACES = """() => [...document.querySelectorAll(".pad :is(canvas, button, ul, .pad-answer)")]
    .map((part) => part.getBoundingClientRect().top + scrollY)"""
# What the browser has saved, as the kernel gets it.
SAVED = """() => ({strokes: saved.strokes,
    file: btoa(String.fromCharCode(...new Uint8Array(saved.file.buffer ?? [])))})"""


@pytest.fixture
def shown(chromium):
    """A function that shows a widget on a page, as a kernel that is busy ever since has left it."""

    def shown(widget):
        page = chromium.new_page()
        page.add_script_tag(path=ROOT / "tests" / "in_page.js")
        show_widget(page, widget)
        return Pad(page.locator(".pad"))

    return shown


def deliver(pad, widget):
    """Let the kernel take what the browser has saved: buffers arrive as a memoryview."""
    state = pad.page.evaluate(SAVED)
    widget.set_state(state | {"file": memoryview(base64.b64decode(state["file"]))})


def probabilities(model, drawing):
    return model(mnist.prepare(to_mnist(drawing)[None])).numpy()[0]


def shares(pad):
    """Return the widths of the bars, from 0 to 1."""
    widths = "bars => bars.map(bar => parseFloat(bar.style.width) / 100)"
    return pad.root.locator(".pad-fill").evaluate_all(widths)


def test_while_the_kernel_is_busy_the_pad_answers_as_python_does(shown, shipped_model):
    pad = shown(widget := DrawingPad(shipped_model))
    pad.is_blank()
    pad.draw(SEVEN, lift=False)
    pad.root.locator(".pad-answer", has_text="The network says").wait_for()  # while one draws
    pad.page.mouse.up()
    pad.says("The network says 7")
    deliver(pad, widget)
    drawing, whose = widget.drawing_or_recorded()
    assert whose == "your drawing"
    np.testing.assert_allclose(shares(pad), probabilities(shipped_model, drawing), atol=0.03)
    seen = pad.root.locator(".pad-seen").evaluate("canvas => greysOf(canvas)")
    seen = 255 - np.reshape(seen, (28, 28))
    # The two draw edges a little differently, and so may round a digit's place differently.
    shifts = [np.roll(seen, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(shifted - to_mnist(drawing)).mean() for shifted in shifts) < 4


@pytest.mark.parametrize("width", [1280, 600, 390])
def test_nothing_moves_when_the_first_stroke_is_drawn(shown, shipped_model, width):
    pad = shown(DrawingPad(shipped_model))
    pad.page.set_viewport_size({"width": width, "height": 900})
    pad.is_blank()
    before = pad.page.evaluate(PLACES)
    pad.draw(SEVEN)
    pad.says("The network says 7")
    assert pad.page.evaluate(PLACES) == before


def test_python_reads_the_picture_that_was_loaded_as_the_pad_does(shown, shipped_model):
    pad = shown(widget := DrawingPad(shipped_model))
    pad.load(TWO)
    pad.says("The network says 2")
    pad.shows_ink()
    deliver(pad, widget)
    drawing, whose = widget.drawing_or_recorded()
    assert whose == "your drawing" and (drawing == drawing_from_picture(widget.file)).all()
    np.testing.assert_allclose(shares(pad), probabilities(shipped_model, drawing), atol=0.05)
    pad.draw(ONE)
    pad.says("The network says 1")
    deliver(pad, widget)
    assert widget.file == b"" and widget.strokes
    pad.press("Clear")
    deliver(pad, widget)
    assert widget.drawing_or_recorded()[1] == "a recorded 5"


def test_strokes_that_a_cell_sets_are_shown_and_answered(shown, shipped_model):
    pad = shown(DrawingPad(shipped_model))
    pad.draw(ONE, lift=False)
    pad.page.evaluate("strokes => receive('strokes', strokes)", SIX)
    pad.says("The network says 5")
    pad.finish(250, 250)  # the stroke that was being drawn has ended
    pad.says("The network says 5")
    assert pad.ink() == pytest.approx((render_strokes(SIX) > 127).sum(), rel=0.05)


def test_two_views_show_one_pad_and_clear_in_one_ends_a_stroke_in_the_other(shown, shipped_model):
    pad = shown(DrawingPad(shipped_model))
    pad.page.evaluate("void view()")  # Playwright would call the function that it returns
    first, second = (Pad(pad.root.nth(n)) for n in range(2))
    first.load(TWO)
    second.says("The network says 2")
    second.shows_ink()
    first.draw(SEVEN, lift=False)
    second.says("The network says")
    second.press_with_another_finger("Clear")
    first.finish(250, 250)
    first.is_blank()
    second.is_blank()
    second.press("Undo")
    first.says("The network says")
    pad.page.evaluate("end()")  # the first view is closed
    second.draw(ONE)
    assert pad.page.evaluate("saved.strokes.length") == 2


ODD_PAGES = {
    "a small paper": ".pad-paper {width: 173px; height: 173px}",
    "a large paper": ".pad-paper {width: 431px; height: 431px; max-width: none}",
    "a page that is zoomed": "html {zoom: 1.5}",
    "a frame around the paper": ".pad-paper {border: 9px solid; padding: 0}",
}


def check_seven(pad):
    """Draw a seven on a pad, and assert that its points arrive where the pen was."""
    pad.draw(SEVEN)
    pad.says("The network says 7")
    [points] = pad.page.evaluate("saved.strokes")
    assert points[0] == pytest.approx(SEVEN[0][0], abs=2)
    assert points[-1] == pytest.approx(SEVEN[0][-1], abs=2)


@pytest.mark.parametrize("name", ODD_PAGES)
def test_a_pad_of_another_size_reads_what_is_drawn_where_the_pen_is(shown, shipped_model, name):
    pad = shown(DrawingPad(shipped_model))
    usual = pad.paper.bounding_box()["width"]
    pad.page.add_style_tag(content=ODD_PAGES[name])
    assert abs(pad.paper.bounding_box()["width"] - usual) > 10
    check_seven(pad)


@pytest.mark.parametrize("factor", [0.67, 2.5])
def test_a_pad_on_a_screen_with_fewer_or_more_pixels_reads_what_is_drawn(
    chromium, shipped_model, factor
):
    """As where somebody zooms by the keys of the browser."""
    page = chromium.new_page(device_scale_factor=factor)
    page.add_script_tag(path=ROOT / "tests" / "in_page.js")
    show_widget(page, DrawingPad(shipped_model))
    check_seven(Pad(page.locator(".pad")))


def test_two_pads_on_a_page_do_not_know_each_other(shown, shipped_model):
    pad = shown(DrawingPad(shipped_model))
    show_widget(pad.page, DrawingPad(shipped_model))
    first, second = (Pad(pad.root.nth(n)) for n in range(2))
    first.draw(SEVEN)
    first.says("The network says 7")
    second.is_blank()
    second.draw(ONE)
    second.says("The network says 1")
    first.says("The network says 7")
    second.press("Clear")
    second.is_blank()
    first.says("The network says 7")
    first.press("Undo")
    first.is_blank()


def test_a_pad_that_is_opened_again_shows_what_was_drawn(shown, shipped_model):
    (widget := DrawingPad(shipped_model)).strokes = SEVEN
    pad = shown(widget)
    pad.says("The network says 7")
    pad.shows_ink()


def test_of_a_network_that_the_page_lacks_the_next_cell_gives_the_answer(shown):
    groups = layers.GroupNormalization(2, name="groups")
    model = functional(layers.Conv2D(4, 3), groups, layers.Flatten())
    pad = shown(widget := DrawingPad(model))
    sentence = "The pad can't compute this network. Draw here, then run the next cell."
    pad.says(sentence)
    pad.says("layer groups: its parts: got keras.layers.GroupNormalization, expected keras.layers.")
    pad.draw(SEVEN)
    pad.page.wait_for_function("saved.strokes.length")
    pad.says(sentence)
    pad.says("run the next cell")
    pad.has_no_answer()
    deliver(pad, widget)
    drawing, whose = widget.drawing_or_recorded()
    assert whose == "your drawing" and probabilities(model, drawing).shape == (10,)
    pad.load(picture_file(np.full((90, 90), 200, np.uint8)))
    pad.says("Nothing on this picture stands out")


def test_what_is_no_network_is_named_and_wrong_names_of_classes_are_an_error(shipped_model):
    assert "got Mock" in DrawingPad(Mock()).problem
    (model := functional(layers.Flatten())).classes = ["A", "B"]
    with pytest.raises(ValueError, match=r"model\.classes: got 2, expected 10"):
        DrawingPad(model)


def test_a_saved_pad_speaks_of_a_digit_only_if_its_classes_are_digits(shipped_model):
    assert "draw a digit" in repr(DrawingPad(shipped_model))
    (model := functional(layers.Flatten())).classes = [*"ABCDEFGHIJ"]
    assert "run this cell to draw with" in repr(DrawingPad(model))


def test_a_blank_pad_gives_the_recorded_drawing_and_a_file_counts_without_strokes(shipped_model):
    widget = DrawingPad(shipped_model)
    drawing, whose = widget.drawing_or_recorded()
    assert whose == "a recorded 5" and (drawing == render_strokes(FIVE)).all()
    file = picture_file(255 - render_strokes(SEVEN))["buffer"]
    widget.set_state({"file": memoryview(file)})
    drawing, whose = widget.drawing_or_recorded()
    assert whose == "your drawing" and (drawing == drawing_from_picture(file)).all()
    widget.set_state({"strokes": FIVE[:1]})
    assert (widget.drawing_or_recorded()[0] == render_strokes(FIVE[:1])).all()
    widget.set_state({"strokes": [], "file": memoryview(b"none")})
    with pytest.raises(ValueError, match="isn't a picture"):
        widget.drawing_or_recorded()


MODEL = """script => {
    const pad = new PadModel(null);
    const log = [];
    pad.addEventListener("edit", () => log.push("edit"));
    const draw = (...points) => {
        const stroke = {};
        pad.beginStroke(stroke, points[0]);
        pad.extendStroke(stroke, points.slice(1));
        pad.endStroke(stroke);
    };
    const counts = () => pad.content.strokes.map((stroke) => stroke.length);
    return new Function("pad", "draw", "counts", "log", `return ${script}`)(pad, draw, counts, log);
}"""


@pytest.fixture(scope="module")
def run_model(chromium):
    """A function that returns what a script gives: of a pad without views, and of what is done."""
    page = page_with(chromium, "pad/pad_model.js")
    return lambda script: page.evaluate(MODEL, script)


@pytest.mark.parametrize(
    ("script", "result"),
    [
        ("[draw([1, 1], [9, 9]), draw([2, 2]), counts()].at(-1)", [2, 1]),
        ("[draw([1, 1]), draw([2, 2]), pad.undo(), counts()].at(-1)", [1]),
        ("[draw([1, 1]), draw([2, 2]), pad.clear(), pad.undo(), counts()].at(-1)", [1, 1]),
        ("[draw([1, 1]), pad.erase(), pad.undo(), counts()].at(-1)", []),
        ("[draw([1, 1]), pad.showExample([[[5, 5]]]), pad.undo(), counts()].at(-1)", [1]),
        ("[pad.showExample([[[5, 5]], [[6, 6]]]), pad.undo(), counts()].at(-1)", [1]),
        ("[pad.showExample([[[5, 5]]]), pad.clear(), pad.undo(), counts()].at(-1)", [1]),
        ("[pad.showExample([[[5, 5], [6, 6]]]), draw([1, 1]), counts()].at(-1)", [1]),
        ("[pad.showExample([[[5, 5]]]), draw([1, 1]), pad.clear(), counts()].at(-1)", []),
    ],
)
def test_undo_and_clear_keep_what_somebody_has_drawn_and_no_example(run_model, script, result):
    assert run_model(script) == result


def test_a_stroke_ends_where_another_one_begins_or_the_pad_is_cleared(run_model):
    script = "[pad.beginStroke(a = {}, [1, 1]), %s, pad.extendStroke(a, [[2, 2]]), counts()].at(-1)"
    script = f"((a) => {script})()"
    assert run_model(script % "0") == [2]
    assert run_model(script % "pad.beginStroke({}, [7, 7])") == [1, 1]
    assert run_model(script % "pad.clear()") == []


def test_an_edit_is_told_once_at_the_end_of_a_stroke_and_an_example_is_none(run_model):
    edits = "log.length"
    assert run_model(f"[draw([1, 1], [2, 2], [3, 3]), {edits}].at(-1)") == 1
    assert run_model(f"[pad.showExample([[[5, 5]]]), {edits}].at(-1)") == 0
    assert run_model(f"[draw([1, 1]), pad.clear(), pad.undo(), {edits}].at(-1)") == 3
