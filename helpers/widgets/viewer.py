"""The viewer of a network in a notebook; the browser computes it."""

import anywidget
import numpy as np
from traitlets import Bytes, Dict

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.models import SHIPPED_MODEL, load_model
from helpers.widgets import scripts
from helpers.widgets.layers import UnsupportedLayerError, describe


class NetworkViewer(anywidget.AnyWidget):
    """A network to draw for and to look into: all maps, and where each of their numbers comes from.

    It shows the weights as they are now. It begins with `image`, uint8 of shape (28, 28). If it
    can't compute the model, a text names all layers that it can't compute, and it shows the model
    that comes with the lesson instead. Raises ValueError if the model is none that could be saved,
    or for an image of another shape or dtype.
    """

    _esm = scripts.widget_script("viewer/viewer.js", "renderNetwork")
    _css = scripts.bundle_styles()
    network = Dict().tag(sync=True)
    image = Bytes().tag(sync=True)

    def __init__(self, model: keras.Model, image: np.ndarray):
        image = arguments.check_pixels("image", image, (28, 28))
        try:
            network = describe(model)
        except UnsupportedLayerError as error:
            text = _(
                "The viewer can't compute this network, so it shows the model that comes with the "
                "lesson.\n{problems}",
                problems=error,
            )
            print(text)
            network = describe(load_model(SHIPPED_MODEL))
        super().__init__(network=network, image=image.tobytes())

    def __repr__(self):
        return _("A viewer of the network: run this cell to draw and to look at every number.")
