"""An explorer of feature maps: two sliders, for the image and for the layer.

Where no widget can run, its first picture stands in for it.
"""

import anywidget
import numpy as np
from traitlets import Bytes, Dict

from helpers import plots
from helpers.backend import keras
from helpers.features import check_images, convolutions, feature_maps
from helpers.web import scripts
from helpers.web.layers import describe


class FeatureExplorer(anywidget.AnyWidget):
    """Two sliders above the feature maps they choose, untrained beside trained.

    Tab moves from slider to slider, the arrow keys move a slider. The images are prepared:
    float32, shape (n, 28, 28, 1).

    Raises:
        ValueError: there is no image, the networks' convolutions differ, or the browser can't
            compute one of their layers.
    """

    _esm = scripts.widget("explorer.js", "renderExplorer")
    _css = scripts.styles("explorer.css")
    networks = Dict().tag(sync=True)
    images = Bytes().tag(sync=True)

    def __init__(self, images: np.ndarray, untrained: keras.Model, trained: keras.Model):
        images = check_images(untrained, images)
        shapes = [[layer.output.shape for layer in convolutions(m)] for m in (untrained, trained)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"untrained, trained: got convolutions of {shapes}, expected the same")
        first = [next(iter(feature_maps(m, images[0]).values())) for m in (untrained, trained)]
        self.figure = plots.explorer(images[0, :, :, 0], *first)
        networks = {"untrained": describe(untrained), "trained": describe(trained)}
        super().__init__(networks=networks, images=images.astype("<f4").tobytes())

    def _repr_mimebundle_(self, **kwargs):
        """Return the widget, and the first picture for readers that can't run one."""
        picture, metadata = self.figure._repr_mimebundle_()
        widget_view = super()._repr_mimebundle_(**kwargs)[0]
        return widget_view | picture, metadata
