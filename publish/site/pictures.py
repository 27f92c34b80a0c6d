"""Put pictures of the live parts into the notebooks, for where nobody runs a cell.

    python -m publish.site && python -m publish.site.pictures

They are taken of the built site in Chromium, so what they show is what runs there. A notebook
that runs shows the live part alone; without an image in its output, the text stands there.
"""

import base64
import io

import nbformat
from PIL import Image
from playwright.sync_api import sync_playwright

from helpers.drawing.strokes import recorded_strokes
from helpers.files import ROOT, write_or_exit
from helpers.language import _, use_language
from publish import translate
from publish.browser import PadDriver, launch_browser
from tools import all_notebooks
from tools.execute import normal_text

SITE = ROOT / "build" / "site"
WIDTH, HEIGHT = 700, 1250  # of a picture at most, in pixels; about a page on GitHub
WHOLE = """(live, height) => Math.max(...[live,
    ...live.querySelectorAll(".train-row, .viewer-layer")]
    .map((part) => part.getBoundingClientRect().bottom).filter((end) => end <= height))"""
HUNDREDS = "() => document.querySelector('.train-status').textContent.match(/[0-9]+/) >= 100"


def draw(live) -> str:
    """Draw a 5; return the picture's alternative text."""
    PadDriver(live).draw(recorded_strokes())
    live.locator(".pad-best").wait_for()
    return _("The drawing pad: a drawn 5, the small image that the network sees, and ten bars.")


def look_inside(live) -> str:
    """Open a number of the first convolution; return the picture's alternative text."""
    maps = live.locator(".viewer-layer > .map > canvas").nth(1)
    maps.click(position={"x": 40, "y": 20})
    live.locator(".explain:not([hidden])").filter(has_text="Conv2D 1").wait_for()
    return _("The viewer: a 5, what the layers make of it, and where a number comes from.")


def learn(live) -> str:
    """Train for a hundred steps on 100 images; return the picture's alternative text."""
    live.locator("[data-name=source]").select_option("few")
    live.get_by_role("button", name=_("Train"), exact=True).click()
    live.page.wait_for_function(HUNDREDS, timeout=300_000)
    live.get_by_role("button", name=_("Pause"), exact=True).click()
    return _("The training view: curves that rise and fall, filters, mistakes, and a pad.")


# By tag: what is done with a live part before its picture is taken; it returns the text of it.
LIVE_PARTS = {
    "live-pad": draw,
    "live-network": look_inside,
    "live-learn": learn,
    "live-explorer": lambda live: _(
        "The explorer: a digit, and what each map of a layer makes of it."
    ),
}


def take_picture(page, output: nbformat.NotebookNode, prepare) -> None:
    """Give the output of a live cell, whose page is open, its picture, a small PNG file."""
    live = page.locator("[data-live]")
    live.locator("canvas:visible, button:visible").first.wait_for()
    live.evaluate("el => document.body.replaceChildren(el)")  # nothing lies over it
    page.wait_for_timeout(500)  # until it is laid out anew
    about = prepare(live)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    size = {"width": WIDTH, "height": live.evaluate(WHOLE, HEIGHT)}  # no part is cut
    full = Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 0, **size})))
    full.convert("RGB").quantize(128).save(small := io.BytesIO(), "PNG", optimize=True)
    output.data["image/png"] = base64.b64encode(small.getvalue()).decode() + "\n"
    output.metadata["image/png"] = {"alt": about, "width": WIDTH}


def take_all_pictures() -> None:
    """Take the pictures of all notebooks, in each language."""
    with sync_playwright() as driver:
        page = launch_browser(driver).new_page(viewport={"width": WIDTH, "height": HEIGHT})
        translated = translate.translated_notebooks()
        for path in all_notebooks():
            name, language = translated.get(path, (path.relative_to(ROOT), ""))
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                for tag in LIVE_PARTS.keys() & cell.metadata.get("tags", []):
                    page.goto((SITE / language / name).with_suffix(".html").as_uri())
                    with use_language(language or "en"):
                        take_picture(page, cell.outputs[0], LIVE_PARTS[tag])
                    write_or_exit(path, normal_text(notebook))
                    print(path.relative_to(ROOT))


if __name__ == "__main__":
    take_all_pictures()
