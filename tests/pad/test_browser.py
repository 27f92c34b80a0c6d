"""The drawing pad in a real browser: JupyterLab in a headless Chromium, drawn on with the mouse."""

import re

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.files import ROOT
from helpers.pad.strokes import render_strokes
from tests import browser

NOTEBOOK = ROOT / "notebooks" / "04_evaluate.ipynb"

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(
    browser.find_browser() is None,
    reason=f"no browser: none of {', '.join(browser.BROWSERS)} is installed",
)


def ring(x, y, width, height, start=0, end=360):
    """Return points on an ellipse; angles in degrees, 0 to the right, 90 down."""
    angles = np.radians(np.linspace(start, end, 16))
    return [[x + width * np.cos(a), y + height * np.sin(a)] for a in angles]


WIDE = {"width": 1280, "height": 900}
INK = """paper => paper.getContext("2d").getImageData(0, 0, 280, 280).data
    .filter((grey, i) => i % 4 === 0 && grey < 128).length"""
DIGITS = {
    0: [ring(140, 140, 50, 80, -90, 270)],
    1: [[[150, 60], [140, 220]]],
    2: [[*ring(90, 70, 40, 35, -160, 40), [50, 170], [140, 172]]],
    3: [[*ring(190, 110, 40, 35, -150, 80), *ring(188, 180, 45, 38, -80, 150)]],
    4: [[[90, 60], [70, 140], [170, 140]], [[150, 60], [140, 230]]],
    7: [[[60, 60], [170, 60], [100, 220]]],
}


class Pad:
    """A drawing pad on a page, and what one can do with it."""

    def __init__(self, page, number=0):
        self.page = page
        self.root = page.locator(".pad").nth(number)
        self.paper = self.root.locator(".pad-paper")
        self.answer = self.root.locator(".pad-answer")

    def move(self, x, y, steps=1):
        box = self.paper.bounding_box()
        scale = box["width"] / 280
        self.page.mouse.move(box["x"] + scale * x, box["y"] + scale * y, steps=steps)

    def draw(self, strokes, lift=True):
        self.paper.scroll_into_view_if_needed()
        for first, *others in strokes:
            self.move(*first)
            self.page.mouse.down()
            for point in others:
                self.move(*point, steps=3)
            if lift:
                self.page.mouse.up()

    def finish(self, x, y):
        """Go on to a point with the stroke that `draw` began, and lift the pen."""
        self.move(x, y, steps=3)
        self.page.mouse.up()

    def is_being_drawn_on(self):
        """Wait until the network has answered to a stroke."""
        playwright.expect(self.root.locator(".pad-best")).to_have_count(1)

    def press_with_another_finger(self, name):
        self.root.get_by_role("button", name=name).dispatch_event("click")

    def press(self, name):
        self.root.get_by_role("button", name=name).click()

    def ink(self):
        """Return how many pixels of the paper are dark."""
        return self.paper.evaluate(INK)

    def load(self, path):
        self.root.locator(".pad-file").set_input_files(path)

    def says(self, text):
        playwright.expect(self.answer).to_contain_text(text, timeout=20_000)

    def shows_ink(self):
        self.page.wait_for_function(INK, arg=self.paper.element_handle())

    def is_blank(self):
        self.says("Draw a digit")
        playwright.expect(self.root.locator(".pad-share")).to_have_text(["\u2013"] * 10)
        assert self.ink() == 0


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Open the pad's cells of notebook 4 and run them; give the page and what went wrong on it."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    wanted = ("trained_model()", "DrawingPad(")  # nbval runs all the others, without a browser
    notebook.cells = [cell for cell in notebook.cells if any(w in cell.source for w in wanted)]
    path = tmp_path_factory.mktemp("notebook") / "pad.ipynb"
    nbformat.write(notebook, path)
    lab = browser.jupyterlab(path, tmp_path_factory.mktemp("lab"))
    with lab as address, playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=browser.find_browser(), args=browser.FLAGS
        )
        page = chromium.new_page(viewport=WIDE)
        watch = browser.Watch(page, address)
        browser.run_all_cells(page, address)
        yield page, watch
        chromium.close()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Give the path of a picture of a 2, larger than what is sent of it."""
    path = tmp_path_factory.mktemp("pictures") / "two.png"
    Image.fromarray(255 - render_strokes(DIGITS[2])).resize((1500, 1500)).save(path)
    return path


@pytest.fixture
def pad(lab):
    """Give a blank pad, and see afterwards that nothing went wrong."""
    page, watch = lab
    pad = Pad(page)
    pad.press("Clear")
    pad.is_blank()
    yield pad
    assert watch.errors == []
    assert watch.outside == []


def test_every_cell_runs_without_an_error_or_a_warning(lab):
    page, _ = lab
    noise = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"
    assert page.locator(noise).all_inner_texts() == []


def test_digits_drawn_with_the_mouse(pad):
    for digit, strokes in DIGITS.items():
        pad.draw(strokes)
        pad.says(f"The network says {digit}")
        assert pad.root.locator(".pad-best .pad-digit").inner_text() == str(digit)
        pad.press("Clear")
        pad.is_blank()


def test_bars_move_while_one_draws(pad):
    pad.draw(DIGITS[1], lift=False)
    pad.is_being_drawn_on()
    pad.page.wait_for_timeout(500)  # the pen rests, so all is sent and answered when it is lifted
    pad.page.mouse.up()
    pad.says("The network says 1")


def test_undo_takes_back_one_stroke(pad):
    pad.draw(DIGITS[4])
    pad.says("The network says 4")
    pad.press("Undo")
    playwright.expect(pad.answer).not_to_contain_text("says 4")
    pad.press("Undo")
    pad.is_blank()


def test_a_picture_is_loaded_and_gives_way_to_a_drawing(pad, two):
    pad.load(two)
    pad.says("The network says 2")
    pad.shows_ink()
    pad.draw(DIGITS[7])
    pad.says("The network says 7")
    pad.press("Clear")
    pad.is_blank()
    pad.load(two)  # the same file once more
    pad.says("The network says 2")


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


def test_a_slow_file_gives_way_to_what_is_drawn_meanwhile(pad, two):
    pad.page.evaluate("""() => {
        const atOnce = createImageBitmap;
        window.createImageBitmap = (file) => new Promise((done) => {
            window.createImageBitmap = atOnce;
            window.fileIsHere = () => done(atOnce(file));
        });
    }""")
    pad.load(two)
    pad.draw(DIGITS[7], lift=False)
    pad.page.evaluate("fileIsHere()")
    pad.page.wait_for_timeout(300)
    pad.finish(90, 240)
    pad.says("The network says 7")


def test_a_picture_too_large_for_the_browser_is_explained_and_the_drawing_stays(pad, two):
    pad.draw(DIGITS[7])
    pad.says("The network says 7")
    ink = pad.ink()
    pad.page.evaluate("""() => {
        const { toBlob } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.toBlob = function (done) {
            HTMLCanvasElement.prototype.toBlob = toBlob;
            done(null);
        };
    }""")
    pad.load(two)
    pad.says("Save it smaller")
    assert pad.ink() == ink
    pad.load(two)
    pad.says("The network says 2")


def test_a_second_view_shows_the_same(pad, two):
    command = "command => { jupyterapp.commands.execute(command); }"
    pad.load(two)
    pad.says("The network says 2")
    pad.page.evaluate(command, "notebook:create-output-view")
    other = Pad(pad.page, 1)
    other.says("The network says 2")
    other.shows_ink()
    pad.press("Clear")
    other.is_blank()
    pad.draw(DIGITS[7], lift=False)
    pad.is_being_drawn_on()
    other.press_with_another_finger("Clear")
    pad.finish(250, 250)
    pad.is_blank()
    pad.load(two)  # while the other view looks on
    other.shows_ink()
    other.press("Clear")  # and thereby go there
    pad.page.evaluate(command, "application:close")


def test_a_bad_file_is_explained(pad, tmp_path):
    (tmp_path / "bad.png").write_text("not a picture")
    pad.load(tmp_path / "bad.png")
    pad.says("Save it as PNG or JPEG")
    pad.press("Clear")
    pad.is_blank()


def test_the_keyboard_is_enough(pad, two):
    pad.page.on("filechooser", lambda chooser: chooser.set_files(two))
    pad.root.get_by_role("button", name="Undo").focus()
    pad.page.keyboard.press("Tab")
    pad.page.keyboard.press("Tab")
    pad.page.wait_for_timeout(500)  # Playwright has to catch the system's dialog
    pad.page.keyboard.press("Enter")
    pad.says("The network says 2")
    pad.page.keyboard.press("Shift+Tab")
    pad.page.keyboard.press("Enter")
    pad.is_blank()


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
    text, paper = pad.root.evaluate(colours)
    assert contrast(text, paper) >= 4.5
    dark = theme.endswith("Dark")
    assert dark == (luminance([float(n) for n in re.findall(r"[\d.]+", paper)][:3]) < 0.5)


def test_the_page_opened_again_shows_the_picture(pad, two):
    pad.load(two)
    pad.says("The network says 2")
    pad.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    pad.page.reload()
    pad.says("The network says 2")
    pad.shows_ink()


def contrast(text, paper):
    """Return WCAG's ratio of two CSS colours, the first laid over the second."""
    colours = [[float(n) for n in re.findall(r"[\d.]+", colour)] for colour in (text, paper)]
    (*ink, alpha), back = [*colours[0], 1][:4], colours[1][:3]
    mixed = [alpha * i + (1 - alpha) * b for i, b in zip(ink, back, strict=True)]
    bright, dark = sorted(map(luminance, (mixed, back)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = np.asarray(colour) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
