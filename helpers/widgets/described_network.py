"""A network of Keras as plain data, from which JavaScript computes the same."""

import base64
from typing import NotRequired, TypedDict

import numpy as np

from helpers.common import classes
from helpers.common.backend import keras
from helpers.saved.layer_call import LayerCall
from helpers.saved.layer_kinds import describe_activation
from helpers.saved.layers import KINDS
from helpers.saved.topology import IMAGE, topology


class DescribedLayer(TypedDict):
    """A layer as network.js wants it. All shapes are for one image."""

    name: str  # its kind in Keras
    kind: str  # its operation in operations.js
    shape: list[int]  # of its output
    # 0 is the image, and k is the output of layer k. Without this key, a layer takes the output of
    # the layer before.
    inputs: NotRequired[list[int]]
    activation: str  # a name of activations.js
    negative_slope: NotRequired[float]  # of a leaky ReLU
    weights: dict[str, str]  # float32, the lowest byte first, in base64
    constants: NotRequired[list[str]]  # the names of weights that a training doesn't change
    is_shared: NotRequired[bool]  # the network uses the same layer more than once
    # Windows, as [rows, columns]: of the window, from one to the next, between its cells, and how
    # many zeros stand before the first number.
    size: NotRequired[list[int]]
    strides: NotRequired[list[int]]
    dilation: NotRequired[list[int]]
    padding_before: NotRequired[list[int]]
    epsilon: NotRequired[float]  # of a layer normalization
    scale: NotRequired[float]  # of a rescaling, with its offset
    offset: NotRequired[float]


class DescribedNetwork(TypedDict):
    """A network as network.js wants it; it fits into JSON."""

    shape: list[int]  # of an image
    layers: list[DescribedLayer]
    classes: NotRequired[list[str]]  # the names of the classes, where they aren't digits


def describe(model: keras.Model) -> DescribedNetwork:
    """Describe a network with the weights that it has now.

    Raises ValueError if the model is none that could be saved; see topology.py.
    """
    calls = topology(model)
    layers = []
    places = [0]  # of the output of each call in the description; first comes the image
    for call in calls:
        parts = _describe(call)
        inputs = [places[source] for source in call.sources]
        if inputs != [len(layers)]:
            parts[0]["inputs"] = inputs
        if parts[0]["weights"] and sum(other.layer is call.layer for other in calls) > 1:
            for part in parts:
                part["is_shared"] = True
        layers += parts
        places.append(len(layers))
    described = {"shape": [*IMAGE], "layers": layers}
    if (names := classes.names_of_model(model)) != classes.DIGITS:
        described["classes"] = names
    return described


def _describe(call: LayerCall) -> list[DescribedLayer]:
    """Describe a call as one layer of the page, or as two, one after the other."""
    name = type(call.layer).__name__
    parts = KINDS[name].describe(call)
    for part in parts[:-1]:
        part |= {"activation": "linear"}
    parts[-1] |= {"shape": list(call.output_shape), **describe_activation(call.layer)}
    for part in parts:
        part["name"] = name
        arrays = part.pop("arrays", {})
        part["weights"] = {
            key: base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()
            for key, array in arrays.items()
        }
        constants = part.get("constants", []) + _constants(call.layer, arrays)
        if constants:
            part["constants"] = sorted(set(constants))
    return parts


def _constants(layer: keras.layers.Layer, names) -> list[str]:
    """Return the names of those weights of a layer that Keras doesn't train, or doesn't have."""
    if not layer.trainable:
        return list(names)
    is_trained = {
        "bias": getattr(layer, "use_bias", True),
        "factor": getattr(layer, "scale", True) is not False,
        "offset": getattr(layer, "center", True),
    }
    return [name for name in names if not is_trained.get(name, True)]
