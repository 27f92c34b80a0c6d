"""Make the committed pictures that a program draws, where nobody runs a cell.

    python -m publish.site && python -m publish.site.pictures [live_parts] [pad] [edges] ...

Without a name, all of them: the live parts of notebooks, docs/pad.gif, docs/edges.png and
docs/journey.png, each in every language, and docs/step_1.png to docs/step_4.png, which have no
words. The others are called journey and steps. The pictures of live
parts and of the pad are taken of the built site in Chromium, so what they show is what runs there.
A notebook that runs shows the live part alone; without an image in its output, the text stands
there. `make pictures` builds the site, and then calls this.
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
from helpers.plots import canvas
from helpers.records import validation_curve
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
COLOURS = 64  # of docs/pad.gif, docs/edges.png, and docs/step_1.png to docs/step_4.png
CARD = 1.4, 2.6  # the height and the width in inches of a picture on a card of the front page
DOUBTFUL = 883  # a test image: a 3 of which the shipped network is not quite sure
WHOLE = """(live, height) => Math.max(...[live,
    ...live.querySelectorAll(".train-row, .viewer-layer, .explain-step > *")]
    .map((part) => part.getBoundingClientRect().bottom).filter((end) => end <= height))"""
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


def take_live_parts() -> None:
    """Take the pictures of the live parts in all notebooks, in each language."""
    with sync_playwright() as driver:
        size = {"width": MAX_WIDTH, "height": MAX_HEIGHT}
        page = launch_browser(driver).new_page(viewport=size, reduced_motion="reduce")
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
        save_small_picture(data["image/png"], translated_path("docs/edges.png", language))


def save_small_picture(png: bytes, name: str) -> None:
    """Write a picture into a file of the project, in few colours."""
    small_file = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS)
    picture.save(small_file, "PNG", optimize=True)
    with atomic_write(ROOT / name) as path:
        path.write_bytes(small_file.getvalue())
    print(name)


def save_journey() -> None:
    """Draw docs/journey.png in each language: the way of a digit through the shipped network."""
    from helpers.features import layer_outputs  # for which TensorFlow starts
    from helpers.saved.models import SHIPPED_MODEL, load_model

    image = mnist.prepare(mnist.load_data()[1][0][DOUBTFUL:][:1])[0]
    outputs = layer_outputs(load_model(SHIPPED_MODEL), image)
    maps = [values for kind, values in outputs if kind == "Conv2D"]
    for language in ["", *translate.languages()]:
        with use_language(language or "en"):
            figure = draw_journey(image[..., 0], maps, outputs[-1][1])
            data, _metadata = figure._repr_mimebundle_()
        with atomic_write(ROOT / translated_path("docs/journey.png", language)) as path:
            path.write_bytes(data["image/png"])
        print(translated_path("docs/journey.png", language))


@canvas.figure(2.9, 9)
def draw_journey(figure, image, maps, probabilities) -> str:
    """Draw an image, three maps of each convolution, and ten bars.

    The image is 0 to 1, of shape (28, 28); maps have the shape (height, width, filters), and
    there are ten probabilities.
    """
    grid = figure.add_gridspec(3, 2 + len(maps), width_ratios=[2.2, *[1] * len(maps), 2.2])
    title = canvas.format_shape((*image.shape, 1))
    canvas.show_image(figure.add_subplot(grid[:, 0]), image, title, limits=(0, 1))
    for column, layer in enumerate(maps, start=1):
        for row in range(3):
            axes = figure.add_subplot(grid[row, column])
            title = "" if row else canvas.format_shape(layer.shape)
            canvas.show_image(axes, layer[..., row], title, cmap=canvas.STRENGTH)
    canvas.probability_bars(figure.add_subplot(grid[:, -1]), probabilities)
    return "The way of a digit through the network."  # pages say it in their own words


def save_steps() -> None:
    """Draw docs/step_1.png to docs/step_4.png: what each of the four notebooks is about."""
    from helpers.features import layer_outputs
    from helpers.saved.models import SHIPPED_MODEL, load_model

    (known, _known_labels), (images, labels) = mnist.load_data()
    model = load_model(SHIPPED_MODEL)
    outputs = layer_outputs(model, mnist.prepare(images[DOUBTFUL:][:1])[0])
    maps = [values for kind, values in outputs if kind == "Conv2D"]
    answers = model.predict(mnist.prepare(images), verbose=0).argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)[:6]
    recorded = validation_curve()
    figures = [
        draw_digits(known[:18]),
        draw_maps(images[DOUBTFUL], maps),
        draw_losses(recorded["loss"], recorded["val_loss"]),
        draw_mistakes(images[wrong], answers[wrong]),
    ]
    for number, figure in enumerate(figures, start=1):
        data, _metadata = figure._repr_mimebundle_()
        save_small_picture(data["image/png"], f"docs/step_{number}.png")


@canvas.figure(*CARD)
def draw_digits(figure, images) -> str:
    """Draw 18 images, uint8 of shape (18, 28, 28), in three rows."""
    grid = figure.add_gridspec(3, 6)
    for number, image in enumerate(images):
        canvas.show_image(figure.add_subplot(grid[number]), image)
    return "Handwritten digits."


@canvas.figure(*CARD)
def draw_maps(figure, image, maps) -> str:
    """Draw an image, uint8 of shape (28, 28), and three maps of each of three layers."""
    grid = figure.add_gridspec(3, 6)
    canvas.show_image(figure.add_subplot(grid[:, :3]), image)
    for column, layer in enumerate(maps, start=3):
        for row in range(3):
            axes = figure.add_subplot(grid[row, column])
            canvas.show_image(axes, layer[..., row], cmap=canvas.STRENGTH)
    return "A digit and maps of three layers."


@canvas.figure(*CARD)
def draw_losses(figure, training, validation) -> str:
    """Draw the losses of the training images and of new images after each epoch."""
    axes = figure.subplots()
    axes.plot(training, color=canvas.BLUE, linewidth=2.5)
    axes.plot(validation, color=canvas.GREEN, linewidth=2.5, linestyle="dashed")
    axes.set(xticks=[], yticks=[], ylim=(0, 0.1))
    return "Two curves of the loss."


@canvas.figure(*CARD)
def draw_mistakes(figure, images, answers) -> str:
    """Draw six images, uint8 of shape (6, 28, 28), each above the digit that it was read as."""
    grid = figure.add_gridspec(2, 3)
    for number, (image, answer) in enumerate(zip(images, answers, strict=True)):
        axes = figure.add_subplot(grid[number])
        canvas.show_image(axes, image)
        axes.text(30, 14, str(answer), color=canvas.ORANGE, fontsize=20, va="center")
    return "Misread digits."


PICTURES = {
    "live_parts": take_live_parts,
    "pad": record_pad,
    "edges": save_edges,
    "journey": save_journey,
    "steps": save_steps,
}


if __name__ == "__main__":
    call_named(PICTURES, "publish.site.pictures", __doc__.splitlines()[0])
