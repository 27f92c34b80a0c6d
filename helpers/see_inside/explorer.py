"""An explorer of feature maps: two sliders, for the image and for the layer.

Where no widget can run, as on a web page, its first picture stands in for it.
"""

import base64
import html

import ipywidgets
import numpy as np

from helpers import plots
from helpers.backend import keras
from helpers.features import check_images, convolutions, feature_maps
from helpers.plots.canvas import LessonFigure

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class FeatureExplorer(ipywidgets.VBox):
    """Two sliders above the feature maps they choose, untrained beside trained.

    Tab moves from slider to slider, the arrow keys move a slider. The images are prepared:
    float32, shape (n, 28, 28, 1).

    Raises:
        ValueError: there is no image, or the networks' convolutions differ.
    """

    def __init__(self, images: np.ndarray, untrained: keras.Model, trained: keras.Model):
        images = check_images(untrained, images)
        shapes = [[layer.output.shape for layer in convolutions(m)] for m in (untrained, trained)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"untrained, trained: got convolutions of {shapes}, expected the same")
        self._images, self._models = images, (untrained, trained)
        wide = {"layout": {"width": "420px", "max_width": "100%"}, "continuous_update": False}
        self.image = ipywidgets.IntSlider(0, 0, len(images) - 1, description="image", **wide)
        self.layer = ipywidgets.IntSlider(1, 1, len(shapes[0]), description="convolution", **wide)
        self.picture = ipywidgets.HTML()
        self.figure = self._show()
        for slider in (self.image, self.layer):
            slider.observe(self._show, "value")
        super().__init__([self.image, self.layer, self.picture])

    def _show(self, change=None) -> LessonFigure:
        image = self._images[self.image.value]
        maps = [list(feature_maps(model, image).values()) for model in self._models]
        untrained, trained = (layers[self.layer.value - 1] for layers in maps)
        figure = plots.explorer(image[..., 0], untrained, trained)
        self.picture.value = _as_html(figure)
        return figure

    _ipython_display_ = None  # Colab's older ipywidgets would show words in place of the bundle

    def _repr_mimebundle_(self, **kwargs):
        """Return the widget, and the first picture for readers that can't run one."""
        data, metadata = self.figure._repr_mimebundle_()
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return data | {WIDGET_VIEW: view}, metadata


def _as_html(figure: LessonFigure) -> str:
    """Return a figure as an HTML image with its alternative text."""
    data, metadata = figure._repr_mimebundle_()
    picture = base64.b64encode(data["image/png"]).decode()
    return (
        f'<img alt="{html.escape(figure.alt)}" width="{metadata["image/png"]["width"]}" '
        f'style="max-width: 100%" src="data:image/png;base64,{picture}">'
    )
