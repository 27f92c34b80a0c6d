"""Convolutions and poolings: from Keras into a description for the page, and back.

`Kind` in layers.py says what these functions get and return.
"""

import math

import numpy as np

from helpers.common.backend import keras
from helpers.saved.layer_call import LayerCall


def describe_convolution(call: LayerCall) -> list[dict]:
    """Describe a convolution."""
    layer = call.layer
    windows = _describe_windows(layer, call.input_shapes[0], layer.kernel_size)
    return [{"kind": "Conv2D", **windows, "arrays": kernel_and_bias(layer)}]


def read_convolution(described: dict, shapes: list[tuple], weights: dict) -> tuple:
    """Return what Keras needs for a described convolution."""
    (shape,), filters = shapes, described["shape"][-1]
    settings = {"filters": filters, "kernel_size": described["size"]}
    settings |= _read_windows(described, shape)
    kernel = weights["kernel"].reshape(*described["size"], shape[-1], filters)
    return "Conv2D", settings, [kernel, weights["bias"].reshape(filters)]


def describe_depthwise_convolution(call: LayerCall) -> list[dict]:
    """Describe a depthwise convolution, whose kernel has a filter or more for each map before."""
    layer = call.layer
    windows = _describe_windows(layer, call.input_shapes[0], layer.kernel_size)
    kernel = layer.kernel.numpy()
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[2] * kernel.shape[3])
    return [{"kind": "DepthwiseConv2D", **windows, "arrays": {"kernel": kernel, "bias": bias}}]


def read_depthwise_convolution(described: dict, shapes: list[tuple], weights: dict) -> tuple:
    """Return what Keras needs for a described depthwise convolution."""
    (shape,), channels = shapes, described["shape"][-1]
    multiplier = channels // shape[-1]
    settings = {"kernel_size": described["size"], "depth_multiplier": multiplier}
    settings |= _read_windows(described, shape)
    kernel = weights["kernel"].reshape(*described["size"], shape[-1], multiplier)
    return "DepthwiseConv2D", settings, [kernel, weights["bias"].reshape(channels)]


def describe_separable_convolution(call: LayerCall) -> list[dict]:
    """Describe a separable convolution: a depthwise one, and one with kernels of 1x1."""
    layer = call.layer
    windows = _describe_windows(layer, call.input_shapes[0], layer.kernel_size)
    depthwise = layer.depthwise_kernel.numpy()
    pointwise = layer.pointwise_kernel.numpy()
    channels = pointwise.shape[2]
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(pointwise.shape[3])
    return [
        {
            "kind": "DepthwiseConv2D",
            "shape": [*call.output_shape[:2], channels],
            **windows,
            "arrays": {"kernel": depthwise, "bias": np.zeros(channels)},
            "constants": ["bias"],
        },
        {
            "kind": "Conv2D",
            "size": [1, 1],
            "padding_before": [0, 0],
            "arrays": {"kernel": pointwise, "bias": bias},
        },
    ]


def describe_pooling(call: LayerCall) -> list[dict]:
    """Describe a pooling. The window of a global pooling is the whole map."""
    layer, shape = call.layer, call.input_shapes[0]
    kind = type(layer).__name__
    if hasattr(layer, "pool_size"):
        return [{"kind": kind, **_describe_windows(layer, shape, layer.pool_size)}]
    return [{"kind": kind.removeprefix("Global"), "size": list(shape[:2])}]


def read_pooling(described: dict, shapes: list[tuple], _weights: dict) -> tuple:
    """Return what Keras needs for a described pooling, which may be a global one."""
    kind = f"Global{described['kind']}"
    if described["name"] == kind:
        return kind, {"keepdims": len(described["shape"]) > 1}, []
    return described["kind"], _read_windows(described, shapes[0], is_pooling=True), []


def kernel_and_bias(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    """Return the kernel and the bias of a layer. A bias that it doesn't have is 0."""
    kernel = layer.kernel.numpy()
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[-1])
    return {"kernel": kernel, "bias": bias}


def _describe_windows(layer, input_shape: tuple, size: tuple) -> dict:
    """Describe the windows of a convolution or a pooling, and the zeros around the maps."""
    is_pooling = "Pooling" in type(layer).__name__
    strides = tuple(layer.strides)
    dilation = (1, 1) if is_pooling else tuple(layer.dilation_rate)
    before = [0, 0]
    if layer.padding == "same":
        for axis, length in enumerate(input_shape[:2]):
            windows = math.ceil(length / strides[axis])
            reach = (windows - 1) * strides[axis] + (size[axis] - 1) * dilation[axis] + 1
            before[axis] = max(reach - length, 0) // 2
    described = {"size": list(size)}
    if strides != (size if is_pooling else (1, 1)):
        described["strides"] = list(strides)
    if dilation != (1, 1):
        described["dilation"] = list(dilation)
    if before != [0, 0] or not is_pooling:
        described["padding_before"] = before
    return described


def _read_windows(described: dict, shape: tuple, is_pooling: bool = False) -> dict:
    """Return the settings of windows over maps of a shape."""
    size = described["size"]
    strides = described.get("strides", size if is_pooling else [1, 1])
    dilation = described.get("dilation", [1, 1])
    valid = [
        (length - (side - 1) * gap - 1) // stride + 1
        for length, side, gap, stride in zip(shape[:2], size, dilation, strides, strict=True)
    ]
    is_valid = valid == list(described["shape"][:2]) and not any(
        described.get("padding_before", [0, 0])
    )
    settings = {"strides": strides, "padding": "valid" if is_valid else "same"}
    return settings | ({"pool_size": size} if is_pooling else {"dilation_rate": dilation})
