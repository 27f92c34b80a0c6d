"""Read the network of a page that was taken home. The file is not trusted.

Nothing in the page runs. One element of it holds JSON, and only what `describe` of layers.py writes
is taken from there. Each layer is made by the rules of keras_layers.py. The sizes that the page
states are compared with its weights before a layer is built.
"""

import base64
import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from helpers import arguments, classes
from helpers.backend import keras
from helpers.drawing import to_mnist
from helpers.drawing.strokes import render_strokes
from helpers.keras_layers import layer_from_description, output_of
from helpers.language import _
from helpers.network_parts import IMAGE, check_size, topology

MAX_BYTES = 200_000_000  # of a page
MAX_DRAWINGS = 600
DATA = re.compile(r'<script type="application/json" id="data">([^<]*)</script>')
WITH_ACTIVATION = "Conv2D", "DepthwiseConv2D", "Dense"


def read_page(path: Path | str) -> tuple[keras.Model, np.ndarray, np.ndarray]:
    """Read a network that was taken home as a page, such as `my_network.html`.

    Return the model, which is not compiled, and the drawings that somebody has kept in the page:
    uint8 of shape (n, 28, 28), prepared as MNIST's digits are, with their labels, int of shape
    (n,). The model's `classes` are there if the page has names for them. The page may have been
    trained since. Layers that work only in a training, such as Dropout, are left out. Raises
    OSError where the file is missing, is no such page, or was changed by hand.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(_("it has more than {n} bytes", n=MAX_BYTES))
        found = DATA.search(path.read_text(encoding="utf-8"))
        if not found:
            raise ValueError(_("it holds no network"))
        data = json.loads(found[1])
        model = _build(data["description"]["layers"])
        if data["description"].get("classes"):
            model.classes = classes.check_names(data["description"]["classes"])
        topology(model)
        return model, *_drawings(data.get("drawings") or [], classes.names_of_model(model))
    except Exception as error:  # a page that was changed by hand can raise any
        cause = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        problem = _(
            "{path} is not read ({cause}). It has to be a page that the lesson has written, or "
            "that such a page has saved.",
            path=path,
            cause=cause[:400],
        )
        raise OSError(problem) from error


def _build(described_layers: list[dict]) -> keras.Model:
    """Build the network that a page describes, with its weights."""
    values = [keras.Input(IMAGE)]
    outputs = 0
    for place, described in enumerate(described_layers):
        sources = [values[k] for k in described.get("inputs", [place])]
        shapes = [tuple(tensor.shape[1:]) for tensor in sources]
        kind, settings, arrays = _layer_and_arrays(described, shapes)
        parts = {"module": "keras.layers", "class_name": kind, "registered_name": None}
        layer = layer_from_description(parts | {"config": settings})
        args = [sources] if kind in MERGES else sources
        shape = tuple(output_of(layer, args, {}).shape[1:])
        outputs += math.prod(shape)
        check_size(place + 1, outputs)
        if shape != tuple(described["shape"]):
            name = _("layer {n}, its shape", n=place + 1)
            raise ValueError(arguments.mismatch(name, described["shape"], shape))
        values.append(layer(*args))
        if arrays:
            layer.set_weights(arrays)
    return keras.Model(values[0], values[-1])


def _layer_and_arrays(described: dict, shapes: list[tuple]) -> tuple[str, dict, list[np.ndarray]]:
    """Return the kind of a described layer in Keras, its settings, and its weights in their order.

    The settings make weights of exactly these shapes.
    """
    weights = {
        name: np.frombuffer(base64.b64decode(text, validate=True), "<f4")
        for name, text in described["weights"].items()
    }
    kind, settings, arrays = KINDS[described["kind"]](described, shapes, weights)
    activation = _activation(described)
    if kind in WITH_ACTIVATION:
        settings["activation"] = activation
    elif kind == "Activation":
        is_layer = isinstance(activation, dict)
        kind = activation["class_name"] if is_layer else kind
        settings = activation["config"] if is_layer else {"activation": activation}
    return kind, settings, arrays


def _activation(described: dict) -> str | dict:
    """Return an activation as Keras describes it: its name, or a layer with settings."""
    name = described["activation"]
    names = {"relu": ("max_value", "negative_slope", "threshold"), "elu": ("alpha",)}
    settings = {key: described[key] for key in names.get(name, ()) if key in described}
    if not settings:
        return name
    parts = {"module": "keras.layers", "class_name": {"relu": "ReLU", "elu": "ELU"}[name]}
    return parts | {"registered_name": None, "config": settings}


def _windows(described: dict, shape: tuple, is_pooling: bool = False) -> dict:
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


def _convolution(described, shapes, weights):
    (shape,), filters = shapes, described["shape"][-1]
    settings = {"filters": filters, "kernel_size": described["size"]}
    kernel = weights["kernel"].reshape(*described["size"], shape[-1], filters)
    return (
        "Conv2D",
        settings | _windows(described, shape),
        [kernel, weights["bias"].reshape(filters)],
    )


def _depthwise_convolution(described, shapes, weights):
    (shape,), channels = shapes, described["shape"][-1]
    multiplier = channels // shape[-1]
    settings = {"kernel_size": described["size"], "depth_multiplier": multiplier}
    kernel = weights["kernel"].reshape(*described["size"], shape[-1], multiplier)
    settings |= _windows(described, shape)
    return "DepthwiseConv2D", settings, [kernel, weights["bias"].reshape(channels)]


def _dense(described, shapes, weights):
    units = described["shape"][-1]
    kernel = weights["kernel"].reshape(shapes[0][-1], units)
    return "Dense", {"units": units}, [kernel, weights["bias"].reshape(units)]


def _pooling(described, shapes, _weights):
    kind = f"Global{described['kind']}"
    if described["name"] == kind:
        return kind, {}, []
    return described["kind"], _windows(described, shapes[0], is_pooling=True), []


def _batch_normalization(_described, shapes, weights):
    """Return a normalization whose mean is 0, and whose variance and epsilon add up to 1."""
    channels = shapes[0][-1]
    factor, offset = (weights[name].reshape(channels) for name in ("factor", "offset"))
    epsilon = 0.001
    arrays = [factor, offset, np.zeros(channels), np.full(channels, 1 - epsilon)]
    return "BatchNormalization", {"epsilon": epsilon}, arrays


def _layer_normalization(described, shapes, weights):
    shape, size = shapes[0], weights["factor"].size
    axes = [-axis for axis in range(1, len(shape) + 1) if math.prod(shape[-axis:]) <= size]
    arrays = [weights[name].reshape(shape[-len(axes) :]) for name in ("factor", "offset")]
    settings = {"axis": axes[::-1], "epsilon": described["epsilon"]}
    return "LayerNormalization", settings, arrays


def _prelu(_described, shapes, weights):
    shape, alpha = shapes[0], weights["alpha"]
    shared = list(range(1, len(shape))) if alpha.size == shape[-1] else []
    alpha_shape = (*[1] * len(shared), *shape[len(shared) :])
    return "PReLU", {"shared_axes": shared or None}, [alpha.reshape(alpha_shape)]


def _edges(described, shapes, _weights):
    """Return a layer that adds zeros around maps, or takes some edges away."""
    before = described["padding_before"]
    after = [described["shape"][k] - shapes[0][k] - before[k] for k in range(2)]
    sides = [[abs(b), abs(a)] for b, a in zip(before, after, strict=True)]
    key = "padding" if described["kind"] == "ZeroPadding2D" else "cropping"
    return described["kind"], {key: sides}, []


def _with(**settings: Callable) -> Callable:
    """Return a function for a kind whose settings are computed from its description."""

    def layer(described, _shapes, _weights):
        return described["kind"], {key: value(described) for key, value in settings.items()}, []

    return layer


MERGES = "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"
# The kinds of layers that `describe` writes. A function gets the description of a layer, the shapes
# of what it takes, and its weights. It returns its kind in Keras, its settings, and its weights.
KINDS = {
    "Conv2D": _convolution,
    "DepthwiseConv2D": _depthwise_convolution,
    "Dense": _dense,
    "MaxPooling2D": _pooling,
    "AveragePooling2D": _pooling,
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _layer_normalization,
    "PReLU": _prelu,
    "ZeroPadding2D": _edges,
    "Cropping2D": _edges,
    "Flatten": _with(),
    "Activation": _with(),
    "Reshape": _with(target_shape=lambda described: described["shape"]),
    "Permute": _with(dims=lambda described: [axis + 1 for axis in described["axes"]]),
    "UpSampling2D": _with(size=lambda described: described["size"]),
    "Rescaling": _with(
        scale=lambda described: described["scale"], offset=lambda described: described["offset"]
    ),
    **{kind: _with() for kind in MERGES},
    "Concatenate": _with(axis=lambda described: described["axis"] + 1),
    "Dropout": lambda *_described: ("Identity", {}, []),
}


def _drawings(kept: list[dict], names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the drawings that somebody has kept in a page, prepared, and their labels."""
    if len(kept) > MAX_DRAWINGS:
        got, wanted = _("{n} drawings", n=len(kept)), _("at most {n} drawings", n=MAX_DRAWINGS)
        raise ValueError(arguments.mismatch(_("its drawings"), got, wanted))
    labels = [drawing["label"] for drawing in kept]
    if any(label not in range(len(names)) for label in labels):
        raise ValueError(arguments.mismatch(_("its labels"), labels, names))
    images = [to_mnist(render_strokes(drawing["strokes"])) for drawing in kept]
    return np.array(images, np.uint8).reshape(-1, 28, 28), np.array(labels, int)
