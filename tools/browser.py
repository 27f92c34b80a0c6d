"""A headless browser, and a drawing pad on a page in it, for pictures and for the tests.

No command for learners needs it, and so Playwright isn't among the packages of the lesson.
"""

import shutil
from contextlib import suppress

from playwright.sync_api import Browser, Error, Playwright

from helpers.drawing.preparation import CANVAS_SIDE

# The first is Chromium without windows, which needs half of the processor's time.
COMMANDS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


class BrowserMissingError(RuntimeError):
    """No browser is installed; the message says which ones will do."""


def launch_browser(driver: Playwright) -> Browser:
    """Start the browser that is installed. Raises BrowserMissingError if none is."""
    for command in COMMANDS:
        path = shutil.which(command)
        if path:
            return driver.chromium.launch(executable_path=path)
    for channel in ("chrome", "msedge", None):  # None is Playwright's own, if it has been fetched
        with suppress(Error):
            return driver.chromium.launch(channel=channel)
    raise BrowserMissingError("no browser: install Chromium, Chrome or Edge")


class PadDriver:
    """A drawing pad on a page, and a mouse that draws on it.

    `root` is a Playwright locator of an element that holds the pad.
    """

    def __init__(self, root):
        self.root = root
        self.page = root.page
        self.paper = root.locator(".pad-paper")

    def place(self, x: float, y: float) -> dict[str, float]:
        """Return where on the page a point of the paper lies."""
        box = self.paper.bounding_box()
        scale = box["width"] / CANVAS_SIDE  # the paper may be shown larger or smaller
        return {"x": box["x"] + scale * x, "y": box["y"] + scale * y}

    def draw(self, strokes: list, lift: bool = True) -> None:
        """Draw strokes, as `render_strokes` takes them, and lift the pen after each of them."""
        self.paper.hover()  # waits until it stands still and nothing covers it
        mouse = self.page.mouse
        for first, *others in strokes:
            mouse.move(**self.place(*first))
            mouse.down()
            for point in others:
                mouse.move(**self.place(*point), steps=3)
            if lift:
                mouse.up()
