"""The drawing pad in a real browser: JupyterLab in a headless Chromium, drawn on with the mouse."""

import re

import numpy as np
import pytest
from PIL import Image

from helpers.files import ROOT
from helpers.pad.strokes import recorded_strokes, render_strokes
from tests import browser

NOTEBOOK = ROOT / "notebooks" / "04_evaluate.ipynb"

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(
    browser.find_browser() is None,
    reason=f"no browser: none of {', '.join(browser.BROWSERS)} is installed",
)


def ring(x, y, width, height, start=0, end=360):
    """Return points on an ellipse; angles in degrees, 0 to the right, 90 down."""
    angles = np.radians(np.linspace(start, end, 24))
    return [[x + width * np.cos(a), y + height * np.sin(a)] for a in angles]


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

    def draw(self, strokes):
        self.paper.scroll_into_view_if_needed()
        box = self.paper.bounding_box()
        scale = box["width"] / 280
        for stroke in strokes:
            points = [(box["x"] + scale * x, box["y"] + scale * y) for x, y in stroke]
            self.page.mouse.move(*points[0])
            self.page.mouse.down()
            for point in points[1:]:
                self.page.mouse.move(*point, steps=3)
            self.page.mouse.up()

    def press(self, name):
        self.root.get_by_role("button", name=name).click()

    def load(self, path):
        self.root.locator(".pad-file").set_input_files(path)

    def says(self, text):
        playwright.expect(self.answer).to_contain_text(text, timeout=20_000)

    def is_blank(self):
        self.says("Draw a digit")
        assert self.root.locator(".pad-share").all_inner_texts() == ["\u2013"] * 10


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Open the notebook and run its cells; give the page and what went wrong on it."""
    folder = tmp_path_factory.mktemp("lab")
    with (
        browser.jupyterlab(NOTEBOOK, folder) as address,
        playwright.sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(
            executable_path=browser.find_browser(), args=browser.FLAGS
        )
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        watch = browser.Watch(page, address)
        browser.run_all_cells(page, address)
        yield page, watch
        chromium.close()


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
    pad.paper.scroll_into_view_if_needed()
    box = pad.paper.bounding_box()
    pad.page.mouse.move(box["x"] + 100, box["y"] + 50)
    pad.page.mouse.down()
    pad.page.mouse.move(box["x"] + 90, box["y"] + 200, steps=10)
    playwright.expect(pad.root.locator(".pad-best")).to_have_count(1)
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


def test_a_picture_is_loaded_and_gives_way_to_a_drawing(pad, tmp_path):
    picture = Image.fromarray(255 - render_strokes(recorded_strokes())).resize((1500, 1500))
    picture.save(tmp_path / "five.png")
    pad.load(tmp_path / "five.png")
    pad.says("The network says 5")
    pad.draw(DIGITS[7])
    pad.says("The network says 7")
    pad.press("Clear")
    pad.is_blank()
    pad.load(tmp_path / "five.png")  # the same file once more
    pad.says("The network says 5")


def test_a_bad_file_is_explained(pad, tmp_path):
    (tmp_path / "bad.png").write_text("not a picture")
    pad.load(tmp_path / "bad.png")
    pad.says("Save it as PNG or JPEG")
    pad.press("Clear")
    pad.is_blank()


def test_the_keyboard_is_enough(pad, tmp_path):
    Image.fromarray(255 - render_strokes(DIGITS[2])).save(tmp_path / "two.png")
    pad.page.on("filechooser", lambda chooser: chooser.set_files(tmp_path / "two.png"))
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
        pad.page.set_viewport_size({"width": 1280, "height": 900})


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
