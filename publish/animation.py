"""Record the READMEs' pictures, docs/pad.gif: a digit is drawn on the site's front page, and read.

    python -m publish.animation

It needs Playwright, of the group `test`, and Chromium.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from helpers.drawing.preparation import CANVAS
from helpers.drawing.strokes import recorded_strokes
from helpers.files import ROOT, replacing
from publish import site
from tools import place

SIZE, MARGIN = {"width": 720, "height": 900}, 8  # pixels
SHOWN, LAST = 120, 3500  # milliseconds of each picture, and of the last one


def record(folder: Path) -> list[Image.Image]:
    """Return pictures of the site's front page in `folder`: a hand draws, the network answers."""
    frames = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        page.goto((folder / "index.html").as_uri())
        live = page.locator("[data-live=front]")
        paper = live.locator(".pad-paper")
        page.evaluate("live => live.scrollIntoView()", live.element_handle())
        left, top, side, _height = paper.bounding_box().values()
        *_, last = live.locator(".viewer-layer:visible").all()
        area = live.bounding_box() | {"height": last.bounding_box()["height"]}
        area["height"] += last.bounding_box()["y"] - area["y"] + MARGIN

        def show(seconds: float = 0.2) -> None:
            page.wait_for_timeout(1000 * seconds)  # until the maps are drawn
            frames.append(Image.open(io.BytesIO(page.screenshot(clip=area))).convert("RGB"))

        for stroke in recorded_strokes():
            for number, (x, y) in enumerate([*stroke[::2], stroke[-1]]):
                page.mouse.move(left + x * side / CANVAS, top + y * side / CANVAS)
                page.mouse.down() if number == 0 else show()
            page.mouse.up()
        show(1)
        browser.close()
    return frames


def main() -> None:
    """Build the site, record, and write the pictures, one a language."""
    with tempfile.TemporaryDirectory() as folder:
        site.build(Path(folder))
        for language in ["", *site.languages()]:
            frames = record(Path(folder, language))
            colours = frames[-1].quantize(64)
            frames = [one.quantize(palette=colours, dither=Image.Dither.NONE) for one in frames]
            times = {"duration": [*[SHOWN] * (len(frames) - 1), LAST], "loop": 0}
            options = {"save_all": True, "append_images": frames[1:], "optimize": True}
            with replacing(ROOT / place("docs/pad.gif", language)) as path:
                frames[0].save(path, **options, **times)


if __name__ == "__main__":
    main()
