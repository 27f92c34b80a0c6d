"""One file with a network in it, which opens in any browser, with no network and no server."""

import base64
import hashlib
import html
import json
import sys
from pathlib import Path
from string import Template

from helpers.backend import keras
from helpers.files import artifacts, replacing
from helpers.javascript import bundle
from helpers.pad.strokes import recorded_strokes
from helpers.take_home.layers import describe

HERE = Path(__file__).parent
STYLES = HERE.parent / "pad" / "pad.css", HERE / "viewer.css", HERE / "page.css"
PAGE = "my_network.html"


def write(model: keras.Model, title: str = "My network") -> Path:
    """Write `my_network.html` with a model's weights into the folder for results; return its path.

    The page has the drawing pad, all maps of all layers, and where each number comes from. Its
    content security policy allows no connection. In Colab, whose folder is lost in the end, the
    browser offers the file as a download.

    Raises:
        ValueError: the model has another layer than those that the page can compute; named.
        WriteError: the file can't be written. One that was there before is as it was.
    """
    described = describe(model)  # before anything is written
    data = json.dumps({"description": described, "strokes": recorded_strokes()})
    style = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    script = bundle(HERE / "page.js")
    text = Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        policy=f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}",
        title=html.escape(title),
        parameters=f"{model.count_params():,}",
        style=style,
        script=script,
        data=data.replace("<", "\\u003c"),  # so that no text in it can end its element
    )
    path = artifacts() / PAGE
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    if "google.colab" in sys.modules:
        from google.colab import files

        files.download(str(path))
    return path


def _digest(text: str) -> str:
    """Return what a content security policy calls the one text that it allows."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
