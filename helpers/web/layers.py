"""A network of Keras as plain data, from which JavaScript computes the same."""

import base64
import math

import numpy as np

from helpers import arguments, classes
from helpers.backend import keras
from helpers.keras_layers import SIMPLE_ACTIVATIONS, TRAINING_ONLY
from helpers.language import _
from helpers.network_parts import Step, topology

CHANNELS_LAST = "channels_last"
# The activations that the page knows, as Keras and activations.js call them.
ACTIVATIONS = "linear relu softmax elu selu exponential tanh sigmoid softplus softsign silu gelu "
ACTIVATIONS += "mish hard_sigmoid hard_silu"
ACTIVATIONS = {keras.activations.get(name): name for name in ACTIVATIONS.split()}
# For the page, these two are a ReLU with another setting.
RELU_VARIANTS = {
    keras.activations.relu6: {"max_value": 6},
    keras.activations.leaky_relu: {"negative_slope": 0.2},
}


class UnsupportedLayerError(ValueError):
    """The page can't compute a network that can be saved.

    The text has a line for each layer that the page can't compute, with the layer's name and why.
    """


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
        ValueError: the model is none that could be saved; see network_parts.py.
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


def activation_name(layer: keras.layers.Layer) -> str | None:
    """Return the name of a layer's activation, or "linear" if it has none.

    It is None for an activation that the page doesn't know, or that has settings.
    """
    try:
        described = _activation(layer)
    except UnsupportedLayerError:
        return None
    return described["activation"] if len(described) == 1 else None


def _describe_steps(steps: list[Step]) -> list[list[dict]]:
    """Describe each step. An error names all layers that the page can't compute, each once."""
    described = []
    problems = {}
    for step in steps:
        try:
            described.append(_describe(step))
        except UnsupportedLayerError as error:
            problems[step.layer] = str(error)
    lines = list(problems.values())
    if any(type(layer).__name__ not in KINDS for layer in problems):
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
        raise _unsupported(layer, name, _("a kind of layer that the page can compute"))
    _require(layer, data_format=CHANNELS_LAST)
    if len(shape) not in (1, 3):
        raise _unsupported(layer, shape, _("a vector, or maps"))
    activation = _activation(layer)
    if activation["activation"] == "softmax" and len(shape) != 1:
        raise _unsupported(layer, _("softmax of maps"), _("Flatten before it"))
    parts = KINDS[name](step)
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


def _unsupported(layer: keras.layers.Layer, got, wanted: str) -> UnsupportedLayerError:
    """Return an error that names a layer, what it is, and what the page can compute."""
    name = _("layer {layer}", layer=layer.name)
    return UnsupportedLayerError(arguments.mismatch(name, got, wanted))


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


def _require(layer: keras.layers.Layer, **settings) -> None:
    """Raise an error unless a layer has these settings, if it has them at all."""
    for setting, value in settings.items():
        got = getattr(layer, setting, value)
        if got != value:
            raise _unsupported(layer, f"{setting}={got!r}", f"{setting}={value!r}")


def _activation(layer: keras.layers.Layer) -> dict:
    """Describe the activation of a layer, with its settings. It may be a layer, such as ReLU()."""
    if isinstance(layer, keras.layers.ReLU):
        settings = {
            "max_value": layer.max_value,
            "negative_slope": layer.negative_slope,
            "threshold": layer.threshold,
        }
        return {"activation": "relu"} | {
            key: float(value) for key, value in settings.items() if value
        }
    if isinstance(layer, keras.layers.LeakyReLU):
        return {"activation": "relu", "negative_slope": float(layer.negative_slope)}
    if isinstance(layer, keras.layers.ELU):
        return {"activation": "elu", "alpha": float(layer.alpha)}
    if isinstance(layer, keras.layers.Softmax):
        if layer.axis not in (-1, 1):
            raise _unsupported(layer, f"axis={layer.axis}", "axis=-1")
        return {"activation": "softmax"}
    function = getattr(layer, "activation", keras.activations.linear)
    if type(function).__name__ in SIMPLE_ACTIVATIONS:
        return _activation(function)
    if function in RELU_VARIANTS:
        return {"activation": "relu", **RELU_VARIANTS[function]}
    if function not in ACTIVATIONS:
        name = getattr(function, "__name__", function)
        raise _unsupported(layer, f"activation={name}", ", ".join(ACTIVATIONS.values()))
    return {"activation": ACTIVATIONS[function]}


def _windows(layer, input_shape: tuple, size: tuple) -> dict:
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


def _convolution(step: Step) -> list[dict]:
    layer = step.layer
    _require(layer, groups=1)
    windows = _windows(layer, step.input_shapes[0], layer.kernel_size)
    return [{"kind": "Conv2D", **windows, "arrays": _kernel_and_bias(layer)}]


def _depthwise_convolution(step: Step) -> list[dict]:
    layer = step.layer
    windows = _windows(layer, step.input_shapes[0], layer.kernel_size)
    kernel = layer.kernel.numpy()
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[2] * kernel.shape[3])
    return [{"kind": "DepthwiseConv2D", **windows, "arrays": {"kernel": kernel, "bias": bias}}]


def _separable_convolution(step: Step) -> list[dict]:
    """Describe a separable convolution: a depthwise one, and one with kernels of 1x1."""
    layer = step.layer
    windows = _windows(layer, step.input_shapes[0], layer.kernel_size)
    depthwise = layer.depthwise_kernel.numpy()
    pointwise = layer.pointwise_kernel.numpy()
    channels = pointwise.shape[2]
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(pointwise.shape[3])
    return [
        {
            "kind": "DepthwiseConv2D",
            "shape": [*step.output_shape[:2], channels],
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


def _dense(step: Step) -> list[dict]:
    return [{"kind": "Dense", "arrays": _kernel_and_bias(step.layer)}]


def _kernel_and_bias(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    kernel = layer.kernel.numpy()
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[-1])
    return {"kernel": kernel, "bias": bias}


def _pooling(step: Step) -> list[dict]:
    kind = type(step.layer).__name__.removeprefix("Global")
    if hasattr(step.layer, "pool_size"):
        return [{"kind": kind, **_windows(step.layer, step.input_shapes[0], step.layer.pool_size)}]
    return [{"kind": kind, "size": list(step.input_shapes[0][:2])}]  # a window is the whole map


def _batch_normalization(step: Step) -> list[dict]:
    """Describe what a batch normalization does after training: a factor and an offset."""
    layer = step.layer
    if layer.axis % (len(step.output_shape) + 1) != len(step.output_shape):
        raise _unsupported(layer, f"axis={layer.axis}", "axis=-1")
    deviation = np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
    factor = (layer.gamma.numpy() if layer.scale else 1) / deviation
    offset = (layer.beta.numpy() if layer.center else 0) - factor * layer.moving_mean.numpy()
    arrays = {"factor": factor, "offset": offset}
    return [{"kind": "BatchNormalization", "arrays": arrays}]


def _layer_normalization(step: Step) -> list[dict]:
    layer = step.layer
    _require(layer, rms_scaling=False)
    rank = len(step.output_shape)
    axes = sorted(axis % (rank + 1) for axis in np.ravel(layer.axis).tolist())
    if axes != list(range(rank + 1 - len(axes), rank + 1)):
        raise _unsupported(layer, f"axis={layer.axis}", _("axis=-1, or the last axes"))
    count = math.prod(step.output_shape[-len(axes) :])
    factor = layer.gamma.numpy() if layer.gamma is not None else np.ones(count)
    offset = layer.beta.numpy() if layer.beta is not None else np.zeros(count)
    arrays = {"factor": factor, "offset": offset}
    return [{"kind": "LayerNormalization", "epsilon": float(layer.epsilon), "arrays": arrays}]


def _rescaling(step: Step) -> list[dict]:
    layer = step.layer
    if np.size(layer.scale) != 1 or np.size(layer.offset) != 1:
        raise _unsupported(layer, _("several scales or offsets"), _("one scale and one offset"))
    scale, offset = (np.asarray(value).item() for value in (layer.scale, layer.offset))
    return [{"kind": "Rescaling", "scale": float(scale), "offset": float(offset)}]


def _normalization(step: Step) -> list[dict]:
    layer = step.layer
    _require(layer, invert=False)
    mean, variance = (np.asarray(array) for array in (layer.mean, layer.variance))
    if mean.size != 1:
        raise _unsupported(layer, _("several means"), _("axis=None, or a single channel"))
    scale = 1 / max(math.sqrt(variance.item()), keras.config.epsilon())
    return [{"kind": "Rescaling", "scale": scale, "offset": -mean.item() * scale}]


def _prelu(step: Step) -> list[dict]:
    alpha = step.layer.alpha.numpy()
    is_of_channels = alpha.size == alpha.shape[-1]
    if not is_of_channels and alpha.shape != step.output_shape:
        raise _unsupported(
            step.layer, f"shared_axes={step.layer.shared_axes}", "shared_axes=[1, 2]"
        )
    return [{"kind": "PReLU", "arrays": {"alpha": alpha}}]


def _zero_padding(step: Step) -> list[dict]:
    (top, _bottom), (left, _right) = step.layer.padding
    return [{"kind": "ZeroPadding2D", "padding_before": [top, left]}]


def _cropping(step: Step) -> list[dict]:
    (top, _bottom), (left, _right) = step.layer.cropping
    return [{"kind": "Cropping2D", "padding_before": [-top, -left]}]


def _up_sampling(step: Step) -> list[dict]:
    _require(step.layer, interpolation="nearest")
    return [{"kind": "UpSampling2D", "size": list(step.layer.size)}]


def _permutation(step: Step) -> list[dict]:
    return [{"kind": "Permute", "axes": [axis - 1 for axis in step.layer.dims]}]


def _activation_layer(_step: Step) -> list[dict]:
    return [{"kind": "Activation"}]


def _merge(step: Step) -> list[dict]:
    if len({len(shape) for shape in step.input_shapes}) > 1:
        shapes = " + ".join(map(str, step.input_shapes))
        raise _unsupported(step.layer, shapes, _("inputs with equally many axes"))
    return [{"kind": type(step.layer).__name__}]


def _concatenation(step: Step) -> list[dict]:
    axis = step.layer.axis
    axis = axis - 1 if axis > 0 else axis + len(step.output_shape)
    if not 0 <= axis < len(step.output_shape):
        raise _unsupported(step.layer, f"axis={step.layer.axis}", "axis=-1")
    return [{"kind": "Concatenate", "axis": axis}]


def _same_kind(step: Step) -> list[dict]:
    return [{"kind": type(step.layer).__name__}]


def _training_only(_step: Step) -> list[dict]:
    return [{"kind": "Dropout"}]


# The kinds of layers that the page can compute, by their names in Keras. A function gets a step,
# and returns one description or two. They have no names yet, and the weights are still arrays.
KINDS = {
    "Conv2D": _convolution,
    "DepthwiseConv2D": _depthwise_convolution,
    "SeparableConv2D": _separable_convolution,
    "Dense": _dense,
    **dict.fromkeys(["MaxPooling2D", "AveragePooling2D"], _pooling),
    **dict.fromkeys(["GlobalMaxPooling2D", "GlobalAveragePooling2D"], _pooling),
    **dict.fromkeys(["Flatten", "Reshape"], _same_kind),
    "Permute": _permutation,
    "ZeroPadding2D": _zero_padding,
    "Cropping2D": _cropping,
    "UpSampling2D": _up_sampling,
    **dict.fromkeys(["Activation", "Identity", *SIMPLE_ACTIVATIONS], _activation_layer),
    "PReLU": _prelu,
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _layer_normalization,
    "Rescaling": _rescaling,
    "Normalization": _normalization,
    **dict.fromkeys(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"], _merge),
    "Concatenate": _concatenation,
    **dict.fromkeys(TRAINING_ONLY, _training_only),
}
