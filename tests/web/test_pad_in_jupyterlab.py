"""The drawing pad in a real browser: JupyterLab in a headless Chromium, drawn on with the mouse."""

import io
import json
import re

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.drawing.strokes import render_strokes
from helpers.files import ROOT
from tests.browser import draw, place, watch
from tests.jupyterlab import jupyterlab

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

WIDE = {"width": 1280, "height": 900}
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},  # all cells are on the page
}
RUN = "jupyterapp.commands.execute('notebook:run-all-cells').then(() => true)"
NOISE = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"
VIEWER = """\
from helpers import mnist
from helpers.web.viewer import NetworkViewer
NetworkViewer(model, mnist.load_data()[1][0][0])"""
INK = """paper => paper.getContext("2d").getImageData(0, 0, 280, 280).data
    .filter((grey, i) => i % 4 === 0 && grey < 128).length"""
DIGITS = {
    0: [[[140, 60], [95, 90], [90, 180], [135, 215], [185, 180], [185, 95], [140, 60]]],
    1: [[[150, 60], [140, 220]]],
    2: [[[50, 60], [85, 35], [125, 50], [125, 85], [50, 170], [140, 172]]],
    3: [[[150, 80], [190, 65], [225, 95], [185, 140], [225, 160], [190, 215], [150, 195]]],
    4: [[[90, 60], [70, 140], [170, 140]], [[150, 60], [140, 230]]],
    7: [[[60, 60], [170, 60], [100, 220]]],
}
PICTURE = io.BytesIO()  # larger than what is sent of it
Image.fromarray(255 - render_strokes(DIGITS[2])).resize((1500, 1500)).save(PICTURE, "PNG")
TWO = {"name": "two.png", "mimeType": "image/png", "buffer": PICTURE.getvalue()}


class Pad:
    """A drawing pad on a page, and what one can do with it."""

    def __init__(self, page, number=0):
        self.page = page
        self.root = page.locator(".pad:not(.viewer *)").nth(number)
        self.paper = self.root.locator(".pad-paper")

    def move(self, x, y, steps=1):
        self.page.mouse.move(*place(self.paper, x, y), steps=steps)

    def draw(self, strokes, lift=True):
        self.paper.scroll_into_view_if_needed()
        draw(self.paper, strokes, lift)

    def finish(self, x, y):
        """Go on to a point with the stroke that `draw` began, and lift the pen."""
        self.move(x, y, steps=3)
        self.page.mouse.up()

    def press_with_another_finger(self, name):
        self.root.get_by_role("button", name=name).dispatch_event("click")

    def press(self, name):
        self.root.get_by_role("button", name=name).click()

    def ink(self):
        return self.paper.evaluate(INK)

    def load(self, path):
        self.root.locator(".pad-file").set_input_files(path)

    def says(self, text):
        answer = self.root.locator(".pad-answer")
        playwright.expect(answer).to_contain_text(text, timeout=20_000)

    def shows_ink(self):
        self.page.wait_for_function(INK, arg=self.paper.element_handle())

    def is_blank(self):
        self.says("Draw a digit")
        playwright.expect(self.root.locator(".pad-share")).to_have_text(["\u2013"] * 10)
        assert self.ink() == 0


@pytest.fixture(scope="module")
def lab(chromium, tmp_path_factory):
    """Run the pad's cells of notebook 4 in JupyterLab; give the page and what goes wrong on it."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.read(ROOT / "notebooks" / "04_evaluate.ipynb", as_version=4)
    wanted = ("trained_model()", "DrawingPad(")  # nbval runs all the others, without a browser
    notebook.cells = [cell for cell in notebook.cells if any(w in cell.source for w in wanted)]
    notebook.cells.append(nbformat.v4.new_code_cell(VIEWER))
    nbformat.write(notebook, folder / "pad.ipynb")
    for name, values in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    with jupyterlab(folder, "--LabApp.expose_app_in_browser=True") as server:
        page = chromium.new_page(viewport=WIDE)
        wrong = watch(page, server.address)
        page.goto(f"{server.address}/lab/tree/pad.ipynb?token={server.token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        # The indicator says idle even before there is a kernel; the session knows better.
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
        idle = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
        page.wait_for_selector(idle, state="attached")
        page.evaluate("jupyterapp.shell.collapseLeft()")  # room for the notebook on a narrow page
        page.wait_for_function(RUN, timeout=120_000)
        assert page.locator(NOISE).all_inner_texts() == []
        yield page, wrong


@pytest.fixture
def pad(lab):
    """Give a blank pad, and see afterwards that nothing went wrong."""
    page, wrong = lab
    pad = Pad(page)
    pad.press("Clear")
    pad.is_blank()
    yield pad
    assert wrong == []


def test_digits_drawn_with_the_mouse_and_taken_back(pad):
    for digit, strokes in DIGITS.items():
        pad.draw(strokes)
        pad.says(f"The network says {digit}")
        best = pad.root.locator(".pad-best .pad-digit")
        playwright.expect(best).to_have_text(str(digit))
        for _ in strokes:
            pad.press("Undo")
        pad.is_blank()


def test_bars_move_while_one_draws(pad):
    pad.draw(DIGITS[1], lift=False)
    playwright.expect(pad.root.locator(".pad-best")).to_have_count(1)  # while one draws
    pad.page.wait_for_timeout(500)  # the pen rests, so all is sent and answered when it is lifted
    pad.page.mouse.up()
    pad.says("The network says 1")


def test_a_picture_gives_way_to_a_drawing_and_a_bad_file_is_explained(pad):
    pad.load(TWO)
    pad.says("The network says 2")
    pad.shows_ink()
    pad.draw(DIGITS[7])
    pad.says("The network says 7")
    pad.press("Clear")
    pad.is_blank()
    pad.load(TWO)  # the same file once more
    pad.says("The network says 2")
    pad.load(TWO | {"buffer": b"not a picture"})
    pad.says("Save it as PNG or JPEG")


@pytest.mark.parametrize(("name", "kept"), [("Clear", 0), ("Undo", 1)])
def test_a_button_pressed_while_one_draws_ends_the_stroke(name, kept, pad):
    first, second = DIGITS[4]
    pad.draw([first])
    ink = kept * pad.ink()
    pad.draw([second], lift=False)
    pad.press_with_another_finger(name)
    pad.finish(250, 250)
    assert pad.ink() == ink
    pad.draw(DIGITS[4][kept:])
    pad.says("The network says 4")


def test_a_slow_file_gives_way_to_what_is_drawn_meanwhile(pad):
    pad.page.evaluate("""() => {
        const atOnce = createImageBitmap;
        window.createImageBitmap = (file) => new Promise((done) => {
            window.createImageBitmap = atOnce;
            window.fileIsHere = () => done(atOnce(file));
        });
    }""")
    pad.load(TWO)
    pad.draw(DIGITS[7], lift=False)
    pad.page.evaluate("fileIsHere()")
    pad.page.wait_for_timeout(300)
    pad.finish(90, 240)
    pad.says("The network says 7")


def test_a_picture_too_large_for_the_browser_is_explained_and_the_drawing_stays(pad):
    pad.draw(DIGITS[7])
    pad.says("The network says 7")
    ink = pad.ink()
    pad.page.evaluate("""() => {
        const canvas = HTMLCanvasElement.prototype;
        const { toBlob } = canvas;
        canvas.toBlob = (done) => { canvas.toBlob = toBlob; done(null); };
    }""")
    pad.load(TWO)
    pad.says("Save it smaller")
    assert pad.ink() == ink
    pad.load(TWO)
    pad.says("The network says 2")


def test_a_second_view_shows_the_same(pad):
    command = "command => { jupyterapp.commands.execute(command); }"
    pad.load(TWO)
    pad.says("The network says 2")
    pad.page.evaluate(command, "notebook:create-output-view")
    other = Pad(pad.page, 1)
    other.says("The network says 2")
    other.shows_ink()
    pad.press("Clear")
    other.is_blank()
    pad.draw(DIGITS[7], lift=False)
    playwright.expect(pad.root.locator(".pad-best")).to_have_count(1)  # while one draws
    other.press_with_another_finger("Clear")
    pad.finish(250, 250)
    pad.is_blank()
    pad.load(TWO)  # while the other view looks on
    other.shows_ink()
    other.press("Clear")  # and thereby go there
    pad.page.evaluate(command, "application:close")


def test_the_keyboard_draws(pad):
    pad.root.get_by_role("button", name="Undo").focus()
    for key in ["Shift+Tab", *["ArrowUp"] * 7, " ", *["ArrowDown"] * 14, " ", "ArrowLeft"]:
        pad.page.keyboard.press(key)
    pad.says("The network says 1")
    ink = pad.ink()
    pad.page.keyboard.press(" ")  # the pen goes down, and with it the page's focus elsewhere
    pad.page.keyboard.press("Tab")
    assert pad.ink() > ink
    pad.press("Undo")
    pad.press("Undo")
    pad.is_blank()


def test_the_keyboard_is_enough(pad):
    pad.page.on("filechooser", lambda chooser: chooser.set_files(TWO))
    pad.root.get_by_role("button", name="Undo").focus()
    pad.page.keyboard.press("Tab")
    pad.page.keyboard.press("Tab")
    pad.page.wait_for_timeout(500)  # Playwright has to catch the system's dialog
    pad.page.keyboard.press("Enter")
    pad.says("The network says 2")
    pad.page.keyboard.press("Shift+Tab")
    pad.page.keyboard.press("Enter")
    pad.is_blank()


def test_the_viewer_of_a_network_answers_and_explains(pad):
    viewer = pad.page.locator(".viewer")
    playwright.expect(viewer.locator(".pad-answer")).to_contain_text("The network says 7")
    maps = viewer.locator(".viewer-layer > .map > canvas").nth(1)
    assert maps.evaluate("canvas => canvas.width") == 16 * 27 - 1  # laid out for a wide page
    maps.click(position={"x": 300, "y": 20})
    explained = viewer.locator(".explain").nth(1)
    playwright.expect(explained).to_contain_text("They add up to")
    pad.page.keyboard.press("ArrowRight")  # another map, not another cell of the notebook
    playwright.expect(explained.locator(".explain-title")).to_contain_text("map ")
    pad.page.keyboard.press("Escape")
    playwright.expect(explained).to_be_hidden()


def test_a_narrow_page_shows_all(pad):
    pad.page.set_viewport_size({"width": 390, "height": 800})
    try:
        pad.draw(DIGITS[3])
        pad.says("The network says 3")
        assert pad.root.evaluate("""pad => [...pad.querySelectorAll("*")].every((node) =>
            node.getBoundingClientRect().right <= document.documentElement.clientWidth)""")
        assert pad.paper.bounding_box()["width"] > 200
    finally:
        pad.page.set_viewport_size(WIDE)


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_text_has_contrast(theme, pad):
    pad.page.evaluate(f"""
        jupyterapp.commands.execute("apputils:change-theme", {{theme: "{theme}"}})""")
    pad.page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
    colours = "pad => [getComputedStyle(pad).color, getComputedStyle(pad).backgroundColor]"
    colours = [re.findall(r"[\d.]+", css) for css in pad.root.evaluate(colours)]
    ink, paper = (np.array(numbers[:3], dtype=float) / 255 for numbers in colours)
    alpha = float([*colours[0], 1][3])  # of the text, which is laid over the paper
    both = np.stack([alpha * ink + (1 - alpha) * paper, paper])
    light = ((both + 0.055) / 1.055) ** 2.4 @ [0.2126, 0.7152, 0.0722]  # as WCAG has it
    assert (light.max() + 0.05) / (light.min() + 0.05) >= 4.5
    assert (light[1] < 0.5) == theme.endswith("Dark")


def test_the_page_opened_again_shows_the_picture(pad):
    pad.load(TWO)
    pad.says("The network says 2")
    pad.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    pad.page.reload()
    pad.says("The network says 2")
    pad.shows_ink()
