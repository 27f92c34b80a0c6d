"""The viewer of a network in a notebook; the browser computes it."""

import anywidget
import numpy as np
from traitlets import Bytes, Dict

from helpers.backend import keras
from helpers.language import _
from helpers.model import SHIPPED_MODEL, load_model
from helpers.network_parts import topology
from helpers.web import scripts
from helpers.web.layers import describe


class NetworkViewer(anywidget.AnyWidget):
    """A network to draw for and to look into: all maps, and where each of their numbers comes from.

    It shows the weights as they are now. It begins with `image`, uint8 of shape (28, 28). If it
    can't compute the model, a sentence names the layer, and it shows the model that comes with the
    lesson instead. Raises ValueError if the model is none that could be saved.
    """

    _esm, _css = scripts.widget("viewer/viewer.js", "renderNetwork"), scripts.styles()
    network = Dict().tag(sync=True)
    image = Bytes().tag(sync=True)

    def __init__(self, model: keras.Model, image: np.ndarray):
        topology(model)
        try:
            network = describe(model)
        except ValueError as error:
            sentence = _(
                "The viewer can't compute this network ({problem}), so it shows the model that "
                "comes with the lesson.",
                problem=error,
            )
            print(sentence)
            network = describe(load_model(SHIPPED_MODEL))
        super().__init__(network=network, image=image.tobytes())

    def __repr__(self):
        return _("A viewer of the network: run this cell to draw and to look at every number.")
