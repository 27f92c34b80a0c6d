"""An explorer of feature maps; where no widget can run, its first picture stands in for it."""

import anywidget
import numpy as np
from traitlets import Bytes, Dict

from helpers.backend import keras
from helpers.features import feature_maps
from helpers.see_inside import plots
from helpers.web import scripts
from helpers.web.layers import describe


class FeatureExplorer(anywidget.AnyWidget):
    """Two sliders above the feature maps they choose, untrained beside trained.

    The images are prepared: float32, shape (n, 28, 28, 1). Both networks have the same
    convolutions. ValueError if the browser can't compute one of their layers.
    """

    _esm = scripts.widget("../see_inside/explorer.js", "renderExplorer")
    _css = scripts.styles("../see_inside/explorer.css")
    networks = Dict().tag(sync=True)
    images = Bytes().tag(sync=True)

    def __init__(self, images: np.ndarray, untrained: keras.Model, trained: keras.Model):
        maps = [next(iter(feature_maps(m, images[0]).values())) for m in (untrained, trained)]
        self.figure = plots.explorer(images[0, :, :, 0], *maps)
        networks = {"untrained": describe(untrained), "trained": describe(trained)}
        super().__init__(networks=networks, images=images.astype("<f4").tobytes())

    def __repr__(self):  # Colab's older ipywidgets shows it, cut at 110 characters
        return self.figure.alt

    def _repr_mimebundle_(self, **kwargs):
        """Return the widget, and the first picture for readers that can't run one."""
        picture, metadata = self.figure._repr_mimebundle_()
        return super()._repr_mimebundle_(**kwargs)[0] | picture, metadata
