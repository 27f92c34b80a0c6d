"""The viewer of a network in a notebook; the browser computes it."""

import anywidget
import numpy as np
from traitlets import Bytes, Dict

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.widgets import scripts
from helpers.widgets.described_network import describe


class NetworkViewer(anywidget.AnyWidget):
    """A network to draw for and to look into: all maps, and where each of their numbers comes from.

    It shows the weights as they are now. It begins with `image`, uint8 of shape (28, 28). Raises
    ValueError if the model is none that could be saved, or for an image of another shape or dtype.
    """

    _esm = scripts.widget_script("viewer/viewer.js", "renderNetwork")
    _css = scripts.bundle_styles()
    network = Dict().tag(sync=True)
    image = Bytes().tag(sync=True)

    def __init__(self, model: keras.Model, image: np.ndarray):
        image = arguments.check_pixels("image", image, (28, 28))
        super().__init__(network=describe(model), image=image.tobytes())

    def __repr__(self):
        return _("A viewer of the network: run this cell to draw and to look at every number.")
