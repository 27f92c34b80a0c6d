"""The finished network in a notebook, computed by the browser: it needs no TensorFlow."""

import json

import anywidget
from traitlets import Dict

from helpers.common.files import DATA
from helpers.common.language import _
from helpers.widgets import scripts

NETWORK_FILE = DATA / "mnist_cnn.json"  # the shipped model, as `describe` describes it


class DigitReader(anywidget.AnyWidget):
    """A drawing pad with the network that comes with the lesson, for mouse, pen or finger."""

    _esm = scripts.widget_script("pad/pad.js", "renderReader")
    _css = scripts.bundle_styles()
    network = Dict().tag(sync=True)

    def __init__(self):
        super().__init__(network=json.loads(NETWORK_FILE.read_bytes()))

    def __repr__(self):
        return _("A drawing pad: run this cell to draw a digit with mouse, pen or finger.")
