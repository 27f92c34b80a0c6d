"""One file with a network in it, which opens in any browser, with no network and no server."""

import base64
import hashlib
import html
import json
import sys
from string import Template

import numpy as np

from helpers import mnist
from helpers.common import arguments, classes
from helpers.common.backend import keras
from helpers.common.files import Link, artifacts, atomic_write
from helpers.common.language import _, current_language
from helpers.drawing.strokes import recorded_strokes
from helpers.widgets import scripts, train
from helpers.widgets.described_network import describe

PAGE_NAME = "my_network.html"
NO_IMAGES = np.zeros((0, 28, 28), np.uint8)
# Test images that the page shows to the network. All digits are among them, and the shipped network
# misreads every third image and the last. After publish.record has trained another network, choose
# others by eye among those that it misreads; tests/page/home/test_page.py says if you have to.
EXAMPLES = [0, 1, 449, 2, 3, 1039, 4, 7, 2035, 8, 11, 2118, 18, 61, 3727, 33, 115, 3941, 124, 9664]


def write_page(
    model: keras.Model, title: str | None = None, images: np.ndarray = NO_IMAGES
) -> Link:
    """Write `my_network.html` with a model's weights into the folder for results; return its link.

    A model of other classes than digits becomes `my_signs.html`. Its page shows the `images`, uint8
    of shape (n, 28, 28), one after the other. In Colab, whose folder is lost in the end, the
    browser offers the file as a download.

    Raises:
        ValueError: the model is none that could be saved, see topology.py, or the images have
            another shape or dtype.
        WriteError: the file can't be written. One that was there before is as it was.
    """
    text = page_text(model, title or _("My network"), images)
    reads_digits = classes.names_of_model(model) == classes.DIGITS
    path = artifacts() / (PAGE_NAME if reads_digits else "my_signs.html")
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    if "google.colab" in sys.modules:
        from google.colab import files

        files.download(str(path))
    return Link(path)


def page_text(
    model: keras.Model,
    title: str | None = None,
    images: np.ndarray = NO_IMAGES,
    quiz: str = "",
) -> str:
    """Return the text of a page with the drawing pad, all maps, and where each number comes from.

    Its content security policy allows no connection, and only the script and the style within it.
    The script makes workers and compiles WebAssembly. `quiz` is HTML with the forms of a quiz,
    which the page shows below the network.
    """
    description = describe(model)
    data = {"strokes": []}
    if classes.names_of_model(model) == classes.DIGITS:
        known, (test_images, _labels) = mnist.load_data()
        data = {"strokes": recorded_strokes(), "rehearsal": train.pack_digits(*known, 300)}
        images = test_images[EXAMPLES]
    data["description"] = description | {"examples": encode_images(images)}
    return fill_template(data, title, quiz)


def fill_template(data: dict, title: str | None = None, quiz: str = "") -> str:
    """Return the text of a page, with what page.js wants to know of its network, and a quiz."""
    parts = ["training/training", "path/path", "home/page"]
    if quiz:
        parts.append("quiz/quiz")
    style = scripts.bundle_styles(*[f"{part}.css" for part in parts])
    script = scripts.bundle(*[f"{part}.js" for part in parts])
    template = (scripts.FOLDER / "home" / "page.html").read_text(encoding="utf-8")
    about = _(
        "Draw with a mouse, a pen or a finger. The page says what it reads, and how sure it is."
    )
    offline = _("This page works without the internet. Nothing that you draw leaves it.")
    missing = _("The network is written in JavaScript, which is switched off here.")
    incomplete = _(
        "This file is damaged or incomplete, so its network can't be shown. Copy or download it "
        "again."
    )
    # 'wasm-unsafe-eval' allows the page to compile WebAssembly. It doesn't allow JavaScript's eval.
    allowed = (
        f"script-src {_policy_hash(script)} 'wasm-unsafe-eval'; style-src {_policy_hash(style)}; "
        "worker-src blob:"
    )
    return Template(template).substitute(
        policy=f"default-src 'none'; base-uri 'none'; form-action 'none'; {allowed}",
        lang=current_language().replace("_", "-"),
        title=html.escape(title or _("A network that reads digits")),
        about=html.escape(about),
        offline=html.escape(offline),
        missing=html.escape(missing),
        incomplete=html.escape(incomplete),
        quiz=quiz,
        style=style,
        script=script,
        data=json.dumps(data).replace("<", "\\u003c"),  # so that no text in it can end its element
    )


def encode_images(images: np.ndarray) -> str:
    """Return images for *Another example*, as a network's description has them.

    The images are uint8 of shape (n, 28, 28). Raises ValueError for another shape or dtype.
    """
    images = arguments.check_pixels("images", images, ("n", 28, 28))
    return base64.b64encode(images.tobytes()).decode()


def _policy_hash(text: str) -> str:
    """Return what a content security policy calls the one text that it allows."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
