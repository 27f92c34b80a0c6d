"""An explorer of feature maps; the browser computes them."""

import anywidget
import numpy as np
from traitlets import Bytes, Dict

from helpers.common.backend import keras
from helpers.common.language import _
from helpers.widgets import scripts
from helpers.widgets.described_network import describe


class FeatureExplorer(anywidget.AnyWidget):
    """Feature maps of an untrained network beside the maps of a trained one, under two sliders.

    One slider chooses the image, and the other one the convolution. The images are prepared,
    float32 of shape (n, 28, 28, 1). Both networks have the same convolutions. Raises ValueError if
    one of the networks is none that could be saved.
    """

    _esm = scripts.widget_script("../extras/see_inside/explorer.js", "renderExplorer")
    _css = scripts.bundle_styles("../extras/see_inside/explorer.css")
    networks = Dict().tag(sync=True)
    images = Bytes().tag(sync=True)

    def __init__(self, images: np.ndarray, untrained: keras.Model, trained: keras.Model):
        networks = {"untrained": describe(untrained), "trained": describe(trained)}
        super().__init__(networks=networks, images=np.uint8(255 * images + 0.5).tobytes())

    def __repr__(self):
        return _("A digit beside the maps that a layer makes of it, untrained and trained.")
