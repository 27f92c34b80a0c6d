"""Layers without windows, and activations: from Keras into a description for the page, and back.

`Kind` in layers.py says what these functions get and return.
"""

from collections.abc import Callable

import numpy as np

from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved import window_kinds
from helpers.saved.layer_call import LayerCall, unexpected

LEAKY_SLOPE = 0.2  # of Keras's activation "leaky_relu"


def check_last_axis(call: LayerCall) -> None:
    """Raise ValueError, which names the layer, unless it works along the last axis."""
    axes = np.ravel(call.layer.axis).tolist()
    if axes not in ([-1], [len(call.output_shape)]):
        raise unexpected(call.layer, f"axis={call.layer.axis}", "axis=-1")


def check_equal_shapes(call: LayerCall) -> None:
    """Raise ValueError, which names the layer, unless all that it takes has one shape."""
    if len(set(call.input_shapes)) > 1:
        shapes = " + ".join(map(str, call.input_shapes))
        wanted = _(
            "inputs of one shape. A Conv2D with kernel_size=1 changes the number of maps, and its "
            "strides change their size"
        )
        raise unexpected(call.layer, shapes, wanted)


def describe_alone(call: LayerCall) -> list[dict]:
    """Describe a layer of which the page needs to know nothing but its kind and its shape."""
    return [{"kind": type(call.layer).__name__}]


def read_settings(**keys: str) -> Callable:
    """Return a function that reads a kind whose settings stand under these keys."""

    def read(described, _shapes, _weights):
        return described["kind"], {name: described[key] for name, key in keys.items()}, []

    return read


def describe_dense(call: LayerCall) -> list[dict]:
    """Describe a dense layer."""
    return [{"kind": "Dense", "arrays": window_kinds.kernel_and_bias(call.layer)}]


def read_dense(described: dict, shapes: list[tuple], weights: dict) -> tuple:
    """Return what Keras needs for a described dense layer."""
    units = described["shape"][-1]
    kernel = weights["kernel"].reshape(shapes[0][-1], units)
    return "Dense", {"units": units}, [kernel, weights["bias"].reshape(units)]


def describe_batch_normalization(call: LayerCall) -> list[dict]:
    """Describe what a batch normalization does after training: a factor and an offset."""
    layer = call.layer
    deviation = np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
    factor = (layer.gamma.numpy() if layer.scale else 1) / deviation
    offset = (layer.beta.numpy() if layer.center else 0) - factor * layer.moving_mean.numpy()
    return [{"kind": "BatchNormalization", "arrays": {"factor": factor, "offset": offset}}]


def read_batch_normalization(_described: dict, shapes: list[tuple], weights: dict) -> tuple:
    """Return a normalization whose mean is 0, and whose variance and epsilon add up to 1."""
    channels = shapes[0][-1]
    factor, offset = (weights[name].reshape(channels) for name in ("factor", "offset"))
    epsilon = 0.001
    arrays = [factor, offset, np.zeros(channels), np.full(channels, 1 - epsilon)]
    return "BatchNormalization", {"epsilon": epsilon}, arrays


def describe_layer_normalization(call: LayerCall) -> list[dict]:
    """Describe a layer normalization."""
    layer = call.layer
    channels = call.output_shape[-1]
    factor = layer.gamma.numpy() if layer.gamma is not None else np.ones(channels)
    offset = layer.beta.numpy() if layer.beta is not None else np.zeros(channels)
    arrays = {"factor": factor, "offset": offset}
    return [{"kind": "LayerNormalization", "epsilon": float(layer.epsilon), "arrays": arrays}]


def read_layer_normalization(described: dict, shapes: list[tuple], weights: dict) -> tuple:
    """Return what Keras needs for a described layer normalization."""
    arrays = [weights[name].reshape(shapes[0][-1]) for name in ("factor", "offset")]
    return "LayerNormalization", {"epsilon": described["epsilon"]}, arrays


def describe_rescaling(call: LayerCall) -> list[dict]:
    """Describe a rescaling by one scale and one offset."""
    scale, offset = float(call.layer.scale), float(call.layer.offset)
    return [{"kind": "Rescaling", "scale": scale, "offset": offset}]


def describe_for_training(_call: LayerCall) -> list[dict]:
    """Describe a layer that works in a training alone. The page calls all of them Dropout."""
    return [{"kind": "Dropout"}]


def read_for_training(_described: dict, _shapes: list[tuple], _weights: dict) -> tuple:
    """Return a layer that passes its numbers on. The page doesn't know what a training needs."""
    return "Activation", {"activation": "linear"}, []


def describe_activation_layer(_call: LayerCall) -> list[dict]:
    """Describe a layer that is an activation, such as ReLU; `describe_activation` says which."""
    return [{"kind": "Activation"}]


def describe_activation(layer: keras.layers.Layer) -> dict:
    """Describe the activation of a layer. For the page, a leaky ReLU is a ReLU with a slope."""
    if isinstance(layer, keras.layers.ReLU | keras.layers.LeakyReLU):
        slope = float(layer.negative_slope)
        return {"activation": "relu"} | ({"negative_slope": slope} if slope else {})
    if isinstance(layer, keras.layers.Softmax):
        return {"activation": "softmax"}
    function = getattr(layer, "activation", keras.activations.linear)
    name = getattr(function, "__name__", "")
    if name == "leaky_relu":
        return {"activation": "relu", "negative_slope": LEAKY_SLOPE}
    return {"activation": name}


def read_activation_layer(described: dict, _shapes: list[tuple], _weights: dict) -> tuple:
    """Return what Keras needs for a described activation that is a layer of its own."""
    if "negative_slope" in described:
        return "LeakyReLU", {"negative_slope": described["negative_slope"]}, []
    return "Activation", {"activation": described["activation"]}, []
