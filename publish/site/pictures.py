"""Make the committed pictures that follow the lesson, where nobody runs a cell.

    python -m publish.site && python -m publish.site.pictures [live_parts] [pad] [edges]

Without a name, all of them: the live parts of notebooks, docs/pad.gif and docs/edges.png, each in
every language. The pictures of live parts and of the pad are taken of the built site in Chromium,
so what they show is what runs there. A notebook that runs shows the live part alone; without an
image in its output, the text stands there. `make pictures` builds the site, and then calls this.

No program makes docs/journey.png and docs/step_1.png to docs/step_4.png again. They show what
doesn't change.
"""

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from helpers import mnist, plots
from helpers.common.files import ROOT, atomic_write
from helpers.common.language import _, use_language
from helpers.drawing.strokes import recorded_strokes
from publish import translate
from publish.named import call_named
from tools import all_notebooks, translated_path
from tools.browser import PadDriver, launch_browser
from tools.commands import write_or_exit
from tools.execute import normal_text

SITE = ROOT / "build" / "site"
# The largest size of a picture, in pixels. It is about a page on GitHub.
MAX_WIDTH = 700
MAX_HEIGHT = 1250
PAD_PAGE = {"width": 720, "height": 900}  # pixels of the page on which docs/pad.gif is recorded
MARGIN = 8  # pixels below the maps in docs/pad.gif
FRAME_DURATION = 120  # milliseconds for which a picture of docs/pad.gif is shown
LAST_FRAME_DURATION = 3500  # milliseconds for the last one
COLOURS = 64  # of docs/pad.gif and docs/edges.png
WHOLE = """(live, height) => Math.max(...[live,
    ...live.querySelectorAll(".train-row, .viewer-layer, .explain-step > *")]
    .map((part) => part.getBoundingClientRect().bottom).filter((end) => end <= height))"""
LOOK_ALIKE = """(signs) => {
    const [one, other] = signs.map((sign) => {
        const canvas = document.createElement("canvas");
        const paint = canvas.getContext("2d");
        paint.font = "40px sans-serif";
        paint.fillText(sign, 10, 50);
        return canvas.toDataURL();
    });
    return one === other;
}"""
HIDE_ALL_BUT_STEP = """(live) => {
    for (let node = live.querySelector(".explain-step").closest(".explain"); node !== live;
        node = node.parentElement)
        for (const other of node.parentElement.children)
            if (other !== node) other.style.display = "none";
    const [, ...others] = live.querySelectorAll(".explain-step");
    for (const other of others) other.style.display = "none";
}"""


def draw_digit(live) -> str:
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


def show_step(live) -> str:
    """Show only the step that the notebook asks for; return the picture's alternative text."""
    live.locator(".explain-step").last.wait_for(timeout=300_000)
    live.get_by_text(_("Adding up ...")).wait_for(state="detached")
    live.evaluate(HIDE_ALL_BUT_STEP)
    return _("The training view after one step: how a weight of the first kernel has changed.")


# By the tag of a live part, the function that prepares it for its picture. The function returns the
# alternative text of the picture.
LIVE_PARTS = {
    "live-pad": draw_digit,
    "live-network": look_inside,
    "live-learn": show_step,
    "live-explorer": lambda live: _(
        "The explorer: a digit, and what each map of a layer makes of it."
    ),
}


def take_picture(page, output: nbformat.NotebookNode, prepare) -> None:
    """Give the output of a live cell, whose page is open, its picture, a small PNG file."""
    live = page.locator("[data-live]")
    live.scroll_into_view_if_needed()  # where it begins to live
    live.locator("canvas:visible, button:visible").first.wait_for()
    live.evaluate("el => document.body.replaceChildren(el)")  # nothing lies over it
    page.wait_for_timeout(500)  # until it is laid out anew
    about = prepare(live)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    size = {"width": MAX_WIDTH, "height": live.evaluate(WHOLE, MAX_HEIGHT)}  # no part is cut
    screenshot = Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 0, **size})))
    small_file = io.BytesIO()
    screenshot.convert("RGB").quantize(128).save(small_file, "PNG", optimize=True)
    output.data["image/png"] = base64.b64encode(small_file.getvalue()).decode() + "\n"
    output.metadata["image/png"] = {"alt": about, "width": MAX_WIDTH}


def check_fonts(browser) -> None:
    """Raise SystemExit if the browser has no font for a language of the pictures.

    It then draws one box for whatever sign, so two signs of the language's own name look alike.
    """
    page = browser.new_page()
    for language in translate.languages():
        with use_language(language):
            name = _("English")  # the language's own, as that is translated
        if page.evaluate(LOOK_ALIKE, [*name[:2]]):
            raise SystemExit(
                f"No font of this machine has the signs of {name}, so the pictures would show "
                "boxes. Install such a font, then type `make pictures` again. For Chinese, Debian "
                "and Ubuntu have the package fonts-noto-cjk."
            )
    page.close()


def take_live_parts() -> None:
    """Take the pictures of the live parts in all notebooks, in each language."""
    with sync_playwright() as driver:
        size = {"width": MAX_WIDTH, "height": MAX_HEIGHT}
        browser = launch_browser(driver)
        check_fonts(browser)
        page = browser.new_page(viewport=size, reduced_motion="reduce")
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


def record_pad() -> None:
    """Record docs/pad.gif in each language: a hand draws a 5 on the front page of the site."""
    with sync_playwright() as driver:
        browser = launch_browser(driver)
        check_fonts(browser)
        for language in ["", *translate.languages()]:
            frames = record_drawing(browser, SITE / language / "index.html")
            colours = frames[-1].quantize(COLOURS)
            frames = [frame.quantize(palette=colours, dither=0) for frame in frames]
            times = [FRAME_DURATION] * (len(frames) - 1) + [LAST_FRAME_DURATION]
            with atomic_write(ROOT / translated_path("docs/pad.gif", language)) as path:
                frames[0].save(
                    path,
                    save_all=True,
                    append_images=frames[1:],
                    duration=times,
                    loop=0,
                    optimize=True,
                )
            print(translated_path("docs/pad.gif", language))


def record_drawing(browser, front_page: Path) -> list[Image.Image]:
    """Return pictures of the pad and of the layers below it, one for each second point drawn."""
    # Who asks for less motion is shown no example, so the paper is blank.
    page = browser.new_page(viewport=PAD_PAGE, reduced_motion="reduce")
    page.goto(front_page.as_uri())
    live = page.locator("[data-live=front]")
    # The picture is about the pad and the maps, so what trains the network is left out.
    page.add_style_tag(content=".train { display: none }")
    live.locator(".viewer-layer:visible").last.wait_for()
    live.evaluate("live => live.scrollIntoView()")
    area = live.bounding_box()
    last_layer = live.locator(".viewer-layer:visible").last.bounding_box()
    bottom = min(last_layer["y"] + last_layer["height"] + MARGIN, PAD_PAGE["height"])
    area["height"] = bottom - area["y"]
    frames = []
    paper = PadDriver(live)
    for first, *others in recorded_strokes():
        page.mouse.move(**paper.place(*first))
        page.mouse.down()
        for point in [*others[1::2], others[-1]]:
            page.mouse.move(**paper.place(*point))
            frames.append(settled_screenshot(page, area))
        page.mouse.up()
    live.locator(".pad-best").wait_for()
    frames.append(settled_screenshot(page, area))
    page.close()
    return frames


def settled_screenshot(page, area: dict[str, float]) -> Image.Image:
    """Return a picture of a part of a page when it no longer changes: all maps are drawn."""
    earlier = None
    screenshot = b""
    while screenshot != earlier:
        page.wait_for_timeout(200)
        earlier = screenshot
        screenshot = page.screenshot(clip=area)
    return Image.open(io.BytesIO(screenshot)).convert("RGB")


def save_edges() -> None:
    """Draw docs/edges.png in each language, for README: the figure of notebook 2 with the edges."""
    digit = mnist.load_data()[0][0][0] / 255
    kernel = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])  # finds upper edges
    windows = np.lib.stride_tricks.sliding_window_view(digit, kernel.shape)
    edges = (windows * kernel).sum(axis=(2, 3))
    for language in ["", *translate.languages()]:
        with use_language(language or "en"):
            figure = plots.convolution(digit, kernel, edges)
            data, _metadata = figure._repr_mimebundle_()
        picture = Image.open(io.BytesIO(data["image/png"])).convert("RGB").quantize(COLOURS)
        name = translated_path("docs/edges.png", language)
        with atomic_write(ROOT / name) as path:
            picture.save(path, "PNG", optimize=True)
        print(name)


PICTURES = {
    "live_parts": take_live_parts,
    "pad": record_pad,
    "edges": save_edges,
}


if __name__ == "__main__":
    call_named(PICTURES, "publish.site.pictures", __doc__.splitlines()[0])
