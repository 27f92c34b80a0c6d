"""Errors about layers that the page can't compute."""

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _


class UnsupportedLayerError(ValueError):
    """The page can't compute a network that can be saved.

    The text has a line for each layer that the page can't compute, with the layer's name and why.
    """


def unsupported(layer: keras.layers.Layer, got, wanted: str) -> UnsupportedLayerError:
    """Return an error that names a layer, what it is, and what the page can compute."""
    name = _("layer {layer}", layer=layer.name)
    return UnsupportedLayerError(arguments.mismatch(name, got, wanted))


def require_settings(layer: keras.layers.Layer, **settings) -> None:
    """Raise UnsupportedLayerError unless a layer has these settings, if it has them at all."""
    for setting, value in settings.items():
        got = getattr(layer, setting, value)
        if got != value:
            raise unsupported(layer, f"{setting}={got!r}", f"{setting}={value!r}")
