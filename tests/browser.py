"""A headless browser for tests, and what they do and want to know on a page in it."""

import base64
import io
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from helpers.common.files import ROOT
from helpers.drawing.strokes import render_strokes
from helpers.widgets import scripts
from tools.browser import BrowserMissingError, PadDriver, launch_browser

COUNT_INK = """paper => paper.getContext("2d").getImageData(0, 0, 280, 280).data
    .filter((grey, i) => i % 4 === 0 && grey < 128).length"""
# So many milliseconds have gone by in which nothing scrolled the page or changed its size.
STILL = """(quiet) => new Promise((resolve) => {
    let timer;
    const changed = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, quiet);
    };
    for (const event of ["resize", "scroll"]) addEventListener(event, changed);
    new ResizeObserver(changed).observe(document.body);
    changed();
})"""
NO_MEMORY = "() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }"
ONE, SEVEN = [[[150, 60], [140, 220]]], [[[60, 60], [170, 60], [100, 220]]]


def map_pictures(page) -> list[str]:
    """Return the pictures of all layers of a network, when those out of sight are drawn too."""
    page.wait_for_timeout(400)
    shown = page.locator(".viewer-layer > .map > canvas")
    return shown.evaluate_all("canvases => canvases.map(canvas => canvas.toDataURL())")


def turn_phone(page, width, height):
    """Give a page another width. The times are a little longer than those of scroll_position.js."""
    page.evaluate(STILL, 150)  # it has noted its place
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(STILL, 450)  # it has found its place again


def picture_file(grey) -> dict:
    """Return a picture file of greys, as Playwright gives it to a page."""
    data = io.BytesIO()
    Image.fromarray(grey).save(data, "PNG")
    return {"name": "picture.png", "mimeType": "image/png", "buffer": data.getvalue()}


TWO = render_strokes([[[50, 60], [85, 35], [125, 50], [125, 85], [50, 170], [140, 172]]])
TWO = picture_file((255 - TWO).repeat(5, axis=0).repeat(5, axis=1))  # larger than what a page sends


def launch(driver):
    """Start the browser that is installed, by Playwright's `driver`; skip the test if none is.

    In CI nobody would see that it was skipped, so there it fails.
    """
    try:
        return launch_browser(driver)
    except BrowserMissingError as error:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse(str(error))


def watch_requests(page, *allowed: str) -> list[str]:
    """Return a list that grows with each error on a page, and each request that leads elsewhere.

    Only what begins with one of `allowed`, or lies in the page itself, is answered.
    """
    wrong = []

    def let_pass(route):
        if route.request.url.startswith((*allowed, "data:", "blob:", "about:")):
            route.continue_()
        else:
            wrong.append(f"asked for {route.request.url}")
            route.abort()

    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/*", let_pass)
    return wrong


def page_with(browser, *modules):
    """Return a new page with modules of the lesson, and what in_page.js asks of them."""
    page = browser.new_page()
    page.add_script_tag(content=scripts.bundle(*modules))
    page.add_script_tag(path=ROOT / "tests" / "in_page.js")
    return page


def show_widget(page, widget):
    """Show an anywidget on a page, without a kernel."""
    state = {name: value for name, value in widget.get_state().items() if value is not None}
    for name, value in state.items():
        if isinstance(value, bytes):
            state[name] = {"base64": base64.b64encode(value).decode()}
    page.add_script_tag(path=ROOT / "tests" / "show_widget.js")
    page.evaluate("state => show(state)", state)
    page.add_style_tag(content=widget.get_state()["_css"])


def axe_violations(page, selector=None, rules=None) -> list[tuple[str, str, str]]:
    """Return what axe finds on a page: the impact, the rule, and the first such element.

    `rules` switches rules of axe on or off. Axe doesn't describe each element that is right, which
    takes longer than finding those that are wrong.
    """
    options = {"resultTypes": ["violations"], "rules": rules or {}}
    found = Axe().run(page, selector, options).response["violations"]
    return [(rule["impact"], rule["id"], rule["nodes"][0]["html"]) for rule in found]


def read_step(page):
    """Return a weight as it was, its derivative and what it became, as they are told last."""
    shown = page.locator(".explain-step", has=page.locator("[data-value=after]")).last
    expect(shown.locator("p [data-value=sum]")).to_be_attached(timeout=120_000)

    def values(selector):
        texts = shown.locator(selector).all_inner_texts()
        return [text.replace("\u2212", "-") for text in texts]

    products = values(".pad-button [data-value=result]")
    derivative = values("p [data-value=derivative]")[0]
    [rest], [whole] = values("[data-value=rest]"), values("[data-value=sum]")
    *_told, before = values("p [data-value=before]")
    *_told, change = values("p [data-value=change]")
    [after] = values("[data-value=after]")
    assert sum(map(float, [*products, rest])) == pytest.approx(float(whole), abs=5e-6)
    assert whole == derivative and len(products) == (5 if float(whole) else 0)
    assert float(before) + float(change) == pytest.approx(float(after), abs=2e-6)
    chosen = shown.locator(".number-chosen").inner_text().replace("\u2212", "-")
    assert float(chosen.split()[1]) == pytest.approx(float(before), abs=6e-5)
    return before, derivative, after


class Pad(PadDriver):
    """A drawing pad on a page, what one can do with it, and what it should show."""

    def touch(self, strokes):
        self.paper.scroll_into_view_if_needed()
        session = self.page.context.new_cdp_session(self.page)
        for stroke in strokes:
            for kind, points in ("Start", stroke[:1]), ("Move", stroke[1:]), ("End", []):
                for point in points or [None]:
                    at = [self.place(*point)] if point else []
                    event = {"type": f"touch{kind}", "touchPoints": at}
                    session.send("Input.dispatchTouchEvent", event)

    def press(self, name):
        self.root.get_by_role("button", name=name).click()

    def press_with_another_finger(self, name):
        self.root.get_by_role("button", name=name).dispatch_event("click")

    def finish(self, x, y):
        """Go on to a point with the stroke that `draw` began, and lift the pen."""
        self.page.mouse.move(**self.place(x, y), steps=3)
        self.page.mouse.up()

    def load(self, file):
        self.root.locator(".pad-file").set_input_files(file)

    def says(self, text):
        expect(self.root.locator(".pad-answer")).to_contain_text(text, timeout=20_000)

    def ink(self):
        return self.paper.evaluate(COUNT_INK)

    def shows_ink(self):
        self.page.wait_for_function(COUNT_INK, arg=self.paper.element_handle())

    def is_blank(self):
        self.says("Draw one digit")
        self.has_no_answer()
        assert self.ink() == 0

    def has_no_answer(self):
        assert self.root.locator(".pad-share").all_inner_texts() == ["\N{EN DASH}"] * 10
