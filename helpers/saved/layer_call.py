"""A call of a layer in a network, and the error that says what is wrong with a layer."""

from typing import NamedTuple

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _


class LayerCall(NamedTuple):
    """A call of a layer in a network. All shapes are for one image.

    `sources` say what the layer takes. Source 0 is the image, and source k is the output of the
    k-th call.
    """

    layer: keras.layers.Layer
    sources: tuple[int, ...]
    input_shapes: tuple[tuple[int, ...], ...]
    output_shape: tuple[int, ...]


def unexpected(layer: keras.layers.Layer, got, wanted) -> ValueError:
    """Return an error that names a layer, what it is and what it should be."""
    return ValueError(arguments.mismatch(_("model, layer {layer}", layer=layer.name), got, wanted))
