"""A network of Keras as plain data, from which JavaScript computes the same."""

import base64

import numpy as np

from helpers import expect
from helpers.backend import keras
from helpers.language import _

ACTIVATIONS = {
    keras.activations.linear: "linear",
    keras.activations.relu: "relu",
    keras.activations.softmax: "softmax",
}
# The kinds of layers that network.js computes, and with which settings, as Keras names them.
ONES, LAST = (1, 1), "channels_last"
SETTINGS = {
    "Conv2D": {"strides": ONES, "dilation_rate": ONES, "groups": 1, "data_format": LAST},
    "MaxPooling2D": {"padding": "valid", "data_format": LAST},
    "Flatten": {"data_format": LAST},
    "Dense": {},
    "BatchNormalization": {"axis": -1},
    "Activation": {},
    "ReLU": {"max_value": None, "negative_slope": 0, "threshold": 0},
    "Softmax": {"axis": -1},
    "Dropout": {},
}


def describe(model: keras.Model) -> dict:
    """Describe a network built of the lesson's layers, as network.js wants it; it fits into JSON.

    The keys are `shape`, that of an image, and `layers`, in each of which are `kind`, the `shape`
    of what it makes of one image, its `activation` and `weights`: float32 in base64. A convolution
    or a pooling also has the `size` of its window, and a convolution how many rows and columns of
    zeros it adds before the first (`padding_before`).

    Raises:
        ValueError: the network isn't one chain of layers from images of shape (28, 28, 1) to ten
            probabilities, or has a layer or a setting that network.js doesn't know, or weights
            that are not finite. The message names the layer.
    """
    if not isinstance(model, keras.Model) or len(getattr(model, "inputs", None) or ()) != 1:
        came = type(model).__name__
        raise ValueError(_("model: got {came}, expected a Keras model with one input", came=came))
    end, described = model.inputs[0], []
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        _check(layer)
        if layer.input is not end:
            message = _(
                "model: {layer} doesn't follow the layer before it alone, "
                "or was first used in another network",
                layer=layer.name,
            )
            raise ValueError(message)
        end = layer.output
        described.append(_describe(layer))
    if end is not model.outputs[0]:
        raise ValueError(_("model: {layer} is used more than once", layer=model.layers[-1].name))
    shapes = model.input_shape, model.output_shape
    if shapes != ((None, 28, 28, 1), (None, 10)) or described[-1]["activation"] != "softmax":
        message = _(
            "model: got a network from {came} to {given} that ends in {layer}, "
            "expected (None, 28, 28, 1) to (None, 10) with softmax at the end",
            came=shapes[0],
            given=shapes[1],
            layer=model.layers[-1].name,
        )
        raise ValueError(message)
    return {"shape": [28, 28, 1], "layers": described}


def _check(layer: keras.layers.Layer) -> None:
    """Raise ValueError unless network.js computes what this layer does."""
    kind = type(layer).__name__
    if type(layer) is not getattr(keras.layers, kind, None) or kind not in SETTINGS:
        message = _(
            "model: {layer} is a layer of the kind {kind}, expected {known}",
            layer=layer.name,
            kind=kind,
            known=", ".join(SETTINGS),
        )
        raise ValueError(message)
    wanted = dict(SETTINGS[kind])
    if kind == "MaxPooling2D":
        wanted["strides"] = layer.pool_size
    if kind == "BatchNormalization" and layer.axis == len(layer.output.shape) - 1:
        wanted = {}  # the last axis by its number
    for setting, value in wanted.items():
        if (got := getattr(layer, setting)) != value:
            message = _(
                "model: {layer} has {setting}={came!r}, expected {value!r}",
                layer=layer.name,
                setting=setting,
                came=got,
                value=value,
            )
            raise ValueError(message)
    if getattr(layer, "activation", keras.activations.linear) not in ACTIVATIONS:
        message = _(
            "model: {layer} has the activation {activation}, expected {known}",
            layer=layer.name,
            activation=getattr(layer.activation, "__name__", layer.activation),
            known=", ".join(ACTIVATIONS.values()),
        )
        raise ValueError(message)
    softmax = kind == "Softmax" or getattr(layer, "activation", None) is keras.activations.softmax
    if (kind == "Dense" or softmax) and len(layer.output.shape) != 2:
        message = _("model: {layer} has maps before it, expected Flatten", layer=layer.name)
        raise ValueError(message)


def _describe(layer: keras.layers.Layer) -> dict:
    kind = type(layer).__name__
    activation = ACTIVATIONS[getattr(layer, "activation", keras.activations.linear)]
    if kind in ("ReLU", "Softmax"):
        kind, activation = "Activation", kind.lower()
    shape = list(layer.output.shape[1:])
    described = {"kind": kind, "shape": shape, "activation": activation}
    weights = {}
    if kind == "Conv2D":
        same = layer.padding == "same"
        described["size"] = list(layer.kernel_size)
        described["padding_before"] = [same * ((side - 1) // 2) for side in layer.kernel_size]
    if kind == "MaxPooling2D":
        described["size"] = list(layer.pool_size)
    if kind in ("Conv2D", "Dense"):
        bias = layer.bias.numpy() if layer.use_bias else np.zeros(shape[-1])
        weights = {"kernel": layer.kernel.numpy(), "bias": bias}
    if kind == "BatchNormalization":
        spread = np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
        factor = (layer.gamma.numpy() if layer.scale else 1) / spread
        offset = (layer.beta.numpy() if layer.center else 0) - factor * layer.moving_mean.numpy()
        weights = {"factor": factor, "offset": offset}
    return described | {"weights": {k: _text(layer.name, v) for k, v in weights.items()}}


def _text(name: str, weights: np.ndarray) -> str:
    """Return weights as float32, the lowest byte first, in base64."""
    about = _("model: the weights of {layer}", layer=name)
    weights = expect.numbers(about, weights, weights.shape, dtype="<f4")
    return base64.b64encode(weights.tobytes()).decode()
