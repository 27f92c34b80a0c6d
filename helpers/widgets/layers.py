"""A network of Keras as plain data, from which JavaScript computes the same."""

import base64

import numpy as np

from helpers.common import classes
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.layer_kinds import KINDS
from helpers.saved.layers import TRAINING_ONLY
from helpers.saved.page_activations import describe_activation
from helpers.saved.topology import Step, topology
from helpers.saved.unsupported import UnsupportedLayerError, require_settings, unsupported

CHANNELS_LAST = "channels_last"


def describe(model: keras.Model) -> dict:
    """Describe a network, as network.js wants it; the description fits into JSON.

    The description has the `shape` of an image, and the `layers`. A layer has

    - its `name`, which is its kind in Keras, and its `kind`, which is its operation in
      operations.js
    - the `shape` of its output for one image
    - its `inputs`: 0 is the image, and k is the output of layer k. A layer whose only input is the
      output of the layer before has no such key.
    - its `activation`, beside which stand the activation's settings
    - its `weights`: float32, the lowest byte first, in base64
    - the settings of its kind. Windows have a `size`, and may have `strides`, a `dilation`, and the
      rows and columns of zeros before the first number, `padding_before`.
    - `constants`, the names of weights that training doesn't change, if there are any
    - `is_shared` if the network uses the same layer more than once

    Names of `classes` are there where they aren't digits.

    Raises:
        UnsupportedLayerError: the page can't compute some of the layers.
        ValueError: the model is none that could be saved; see topology.py.
    """
    steps = topology(model)
    layers = []
    places = [0]  # of the output of each step in the description; first comes the image
    for step, parts in zip(steps, _describe_steps(steps), strict=True):
        inputs = [places[source] for source in step.sources]
        if inputs != [len(layers)]:
            parts[0]["inputs"] = inputs
        if parts[0]["weights"] and sum(other.layer is step.layer for other in steps) > 1:
            for part in parts:
                part["is_shared"] = True
        layers += parts
        places.append(len(layers))
    described = {"shape": [28, 28, 1], "layers": layers}
    if (names := classes.names_of_model(model)) != classes.DIGITS:
        described["classes"] = names
    return described


def _describe_steps(steps: list[Step]) -> list[list[dict]]:
    """Describe each step. An error names all layers that the page can't compute, each once."""
    described = []
    problems = {}
    has_unknown_kind = any(type(step.layer).__name__ not in KINDS for step in steps)
    for step in steps:
        # A Reshape before an LSTM gives no maps only because the LSTM wants none. It isn't named.
        is_for_other = type(step.layer).__name__ in KINDS and len(step.output_shape) not in (1, 3)
        if has_unknown_kind and is_for_other:
            continue
        try:
            described.append(_describe(step))
        except UnsupportedLayerError as error:
            problems[step.layer] = str(error)
    lines = list(problems.values())
    if has_unknown_kind:
        kinds = ", ".join(kind for kind in KINDS if kind not in TRAINING_ONLY)
        lines.append(_("The page can compute these kinds of layers: {kinds}.", kinds=kinds))
    if problems:
        raise UnsupportedLayerError("\n".join(lines))
    return described


def _describe(step: Step) -> list[dict]:
    """Describe a step as one layer of the page, or as two, one after the other."""
    layer, shape = step.layer, step.output_shape
    name = type(layer).__name__
    if name not in KINDS:
        raise unsupported(layer, name, _("a kind of layer that the page can compute"))
    require_settings(layer, data_format=CHANNELS_LAST)
    if len(shape) not in (1, 3):
        raise unsupported(layer, shape, _("a vector, or maps"))
    activation = describe_activation(layer)
    if activation["activation"] == "softmax" and len(shape) != 1:
        raise unsupported(layer, _("softmax of maps"), _("Flatten before it"))
    parts = KINDS[name].describe(step)
    for part in parts[:-1]:
        part |= {"activation": "linear"}
    parts[-1] |= {"shape": list(shape), **activation}
    for part in parts:
        part["name"] = name
        arrays = part.pop("arrays", {})
        part["weights"] = {
            key: base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()
            for key, array in arrays.items()
        }
        constants = part.get("constants", []) + _constants(layer, arrays)
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
