"""A page of build/ for weak eyes and without a mouse, in a real browser."""

import re

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.browser import BROWSERS, FLAGS, find_browser
from tools.page import page

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
SUMMARY = '<pre style="overflow-x:auto">a <span style="color: #00d7ff">summary</span></pre>'
TEXTS = [".jp-CodeCell .jp-InputPrompt", ".jp-RenderedHTML span", "p a"]
TEXTS += ["pre .s2", "pre .mi", "pre .ow", "pre .c1"]
# From an element to its colour, its opacity and the colour of the paper below it.
LOOK = """element => {
    const style = getComputedStyle(element);
    const paper = element.closest(".jp-InputArea-editor, body");
    return [style.color, style.opacity, getComputedStyle(paper).backgroundColor];
}"""


@pytest.mark.skipif(find_browser() is None, reason=f"none of {', '.join(BROWSERS)} is installed")
def test_text_has_contrast_links_a_line_and_what_scrolls_the_focus():
    summary = new_output("display_data", data={"text/html": SUMMARY})
    code = new_code_cell('"a" in 1  # why', execution_count=2, outputs=[summary])
    notebook = new_notebook(cells=[new_markdown_cell("# A\n\nIt goes [on](b.ipynb)."), code])
    notebook.metadata["language_info"] = nbformat.from_dict({"name": "python"})
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        shown = chromium.new_page()
        shown.set_content(page(notebook, ["b"]))
        contrasts = {text: contrast(*shown.locator(text).evaluate(LOOK)) for text in TEXTS}
        line = "link => getComputedStyle(link).textDecorationLine"
        assert shown.locator("p a").evaluate(line) == "underline"
        assert shown.locator(".jp-RenderedHTML pre").evaluate("pre => pre.tabIndex") == 0
        chromium.close()
    assert {text: value for text, value in contrasts.items() if value < 4.5} == {}


def contrast(color, opacity, paper):
    """Return WCAG's ratio of the light of a text and of its paper, given as CSS has them."""
    ink, paper = (np.array(re.findall(r"\d+", css)[:3], dtype=float) for css in (color, paper))
    both = np.stack([float(opacity) * ink + (1 - float(opacity)) * paper, paper]) / 255
    light = ((both + 0.055) / 1.055) ** 2.4 @ [0.2126, 0.7152, 0.0722]
    return (light.max() + 0.05) / (light.min() + 0.05)
