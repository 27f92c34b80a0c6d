"""What a page of build/ looks like to weak eyes and without a mouse, in a real browser."""

import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.browser import BROWSERS, FLAGS, find_browser
from tools.page import page

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(
    find_browser() is None, reason=f"no browser: none of {', '.join(BROWSERS)} is installed"
)
SUMMARY = '<pre style="overflow-x:auto">a <span style="color: #00d7ff">summary</span></pre>'
# From an element to its colour, its opacity and the colour of the paper that it is printed on.
LOOK = """selector => {
    let node = document.querySelector(selector);
    const {color, opacity} = getComputedStyle(node);
    while (node && getComputedStyle(node).backgroundColor === "rgba(0, 0, 0, 0)")
        node = node.parentElement;
    return [color, opacity, node ? getComputedStyle(node).backgroundColor : "rgb(255, 255, 255)"];
}"""


@pytest.fixture(scope="module")
def shown():
    """The page of a notebook with a link, all kinds of code, and a summary as Keras prints it."""
    summary = new_output("display_data", data={"text/html": SUMMARY})
    code = new_code_cell('"a" in 1 + 2  # why', execution_count=2, outputs=[summary])
    notebook = new_notebook(cells=[new_markdown_cell("# A\n\nIt goes [on](b.ipynb)."), code])
    notebook.metadata["language_info"] = nbformat.from_dict({"name": "python"})
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        one = chromium.new_page()
        one.set_content(page(notebook, {"b"}))
        yield one
        chromium.close()


@pytest.mark.parametrize(
    "selector",
    [".jp-InputPrompt", "pre .s2", "pre .ow", "pre .mi", "pre .c1", "p a", ".jp-RenderedHTML span"],
)
def test_text_has_contrast(shown, selector):
    color, opacity, paper = shown.evaluate(LOOK, selector)
    ink, paper = (np.array([float(n) for n in re.findall(r"\d+", c)[:3]]) for c in (color, paper))
    ink = float(opacity) * ink + (1 - float(opacity)) * paper
    bright, dark = sorted(map(luminance, (ink, paper)), reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def luminance(color):
    """Return WCAG's relative luminance of red, green and blue, 0 to 255."""
    linear = np.where(color <= 10, color / 3294.6, ((color / 255 + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_a_link_is_underlined_and_the_keyboard_reaches_what_scrolls(shown):
    line = "link => getComputedStyle(link).textDecorationLine"
    assert shown.locator("p a").evaluate(line) == "underline"
    assert shown.locator(".jp-RenderedHTML pre").evaluate("pre => pre.tabIndex") == 0
