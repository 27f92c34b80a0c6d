"""The kinds of layers that the page can compute: from Keras into a description, and back."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved import window_kinds
from helpers.saved.layers import SIMPLE_ACTIVATIONS, TRAINING_ONLY
from helpers.saved.topology import Step
from helpers.saved.unsupported import require_settings, unsupported


class Kind(NamedTuple):
    """A kind of layer of Keras that the page can compute, in both directions.

    - `describe` gets a step. It returns one description or two, which follow one another. They have
      no names and no activation yet, and the weights are still `arrays`. Raises
      UnsupportedLayerError for settings that the page lacks.
    - `read` gets the description of a layer, the shapes of its inputs, and its weights: float32 of
      shape (n,) by their names. It returns the kind in Keras, the settings and the weights in
      Keras's order. It is None if `describe` writes only descriptions of other kinds.
    """

    describe: Callable[[Step], list[dict]]
    read: Callable[[dict, list[tuple], dict], tuple[str, dict, list[np.ndarray]]] | None = None


def _describe_without_settings(step: Step) -> list[dict]:
    return [{"kind": type(step.layer).__name__}]


def _read_settings(**settings: Callable) -> Callable:
    """Return a function that reads a kind whose settings are computed from its description."""

    def read(described, _shapes, _weights):
        return described["kind"], {key: value(described) for key, value in settings.items()}, []

    return read


def _describe_dense(step: Step) -> list[dict]:
    return [{"kind": "Dense", "arrays": window_kinds.kernel_and_bias(step.layer)}]


def _read_dense(described, shapes, weights):
    units = described["shape"][-1]
    kernel = weights["kernel"].reshape(shapes[0][-1], units)
    return "Dense", {"units": units}, [kernel, weights["bias"].reshape(units)]


def _describe_batch_normalization(step: Step) -> list[dict]:
    """Describe what a batch normalization does after training: a factor and an offset."""
    layer = step.layer
    if layer.axis % (len(step.output_shape) + 1) != len(step.output_shape):
        raise unsupported(layer, f"axis={layer.axis}", "axis=-1")
    deviation = np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
    factor = (layer.gamma.numpy() if layer.scale else 1) / deviation
    offset = (layer.beta.numpy() if layer.center else 0) - factor * layer.moving_mean.numpy()
    arrays = {"factor": factor, "offset": offset}
    return [{"kind": "BatchNormalization", "arrays": arrays}]


def _read_batch_normalization(_described, shapes, weights):
    """Return a normalization whose mean is 0, and whose variance and epsilon add up to 1."""
    channels = shapes[0][-1]
    factor, offset = (weights[name].reshape(channels) for name in ("factor", "offset"))
    epsilon = 0.001
    arrays = [factor, offset, np.zeros(channels), np.full(channels, 1 - epsilon)]
    return "BatchNormalization", {"epsilon": epsilon}, arrays


def _describe_layer_normalization(step: Step) -> list[dict]:
    layer = step.layer
    require_settings(layer, rms_scaling=False)
    rank = len(step.output_shape)
    axes = sorted(axis % (rank + 1) for axis in np.ravel(layer.axis).tolist())
    if axes != list(range(rank + 1 - len(axes), rank + 1)):
        raise unsupported(layer, f"axis={layer.axis}", _("axis=-1, or the last axes"))
    count = math.prod(step.output_shape[-len(axes) :])
    factor = layer.gamma.numpy() if layer.gamma is not None else np.ones(count)
    offset = layer.beta.numpy() if layer.beta is not None else np.zeros(count)
    arrays = {"factor": factor, "offset": offset}
    return [{"kind": "LayerNormalization", "epsilon": float(layer.epsilon), "arrays": arrays}]


def _read_layer_normalization(described, shapes, weights):
    shape, size = shapes[0], weights["factor"].size
    axes = [-axis for axis in range(1, len(shape) + 1) if math.prod(shape[-axis:]) <= size]
    arrays = [weights[name].reshape(shape[-len(axes) :]) for name in ("factor", "offset")]
    settings = {"axis": axes[::-1], "epsilon": described["epsilon"]}
    return "LayerNormalization", settings, arrays


def _describe_rescaling(step: Step) -> list[dict]:
    layer = step.layer
    if np.size(layer.scale) != 1 or np.size(layer.offset) != 1:
        raise unsupported(layer, _("several scales or offsets"), _("one scale and one offset"))
    scale, offset = (np.asarray(value).item() for value in (layer.scale, layer.offset))
    return [{"kind": "Rescaling", "scale": float(scale), "offset": float(offset)}]


def _describe_normalization(step: Step) -> list[dict]:
    layer = step.layer
    require_settings(layer, invert=False)
    mean, variance = (np.asarray(array) for array in (layer.mean, layer.variance))
    if mean.size != 1:
        raise unsupported(layer, _("several means"), _("axis=None, or a single channel"))
    scale = 1 / max(math.sqrt(variance.item()), keras.config.epsilon())
    return [{"kind": "Rescaling", "scale": scale, "offset": -mean.item() * scale}]


def _describe_prelu(step: Step) -> list[dict]:
    alpha = step.layer.alpha.numpy()
    is_of_channels = alpha.size == alpha.shape[-1]
    if not is_of_channels and alpha.shape != step.output_shape:
        raise unsupported(step.layer, f"shared_axes={step.layer.shared_axes}", "shared_axes=[1, 2]")
    return [{"kind": "PReLU", "arrays": {"alpha": alpha}}]


def _read_prelu(_described, shapes, weights):
    shape, alpha = shapes[0], weights["alpha"]
    shared = list(range(1, len(shape))) if alpha.size == shape[-1] else []
    alpha_shape = (*[1] * len(shared), *shape[len(shared) :])
    return "PReLU", {"shared_axes": shared or None}, [alpha.reshape(alpha_shape)]


def _describe_zero_padding(step: Step) -> list[dict]:
    (top, _bottom), (left, _right) = step.layer.padding
    return [{"kind": "ZeroPadding2D", "padding_before": [top, left]}]


def _describe_cropping(step: Step) -> list[dict]:
    (top, _bottom), (left, _right) = step.layer.cropping
    return [{"kind": "Cropping2D", "padding_before": [-top, -left]}]


def _read_edges(described, shapes, _weights):
    """Return a layer that adds zeros around maps, or takes some edges away."""
    before = described["padding_before"]
    after = [described["shape"][k] - shapes[0][k] - before[k] for k in range(2)]
    sides = [[abs(b), abs(a)] for b, a in zip(before, after, strict=True)]
    key = "padding" if described["kind"] == "ZeroPadding2D" else "cropping"
    return described["kind"], {key: sides}, []


def _describe_up_sampling(step: Step) -> list[dict]:
    require_settings(step.layer, interpolation="nearest")
    return [{"kind": "UpSampling2D", "size": list(step.layer.size)}]


def _describe_permutation(step: Step) -> list[dict]:
    return [{"kind": "Permute", "axes": [axis - 1 for axis in step.layer.dims]}]


def _describe_activation_layer(_step: Step) -> list[dict]:
    return [{"kind": "Activation"}]


def _describe_arithmetic(step: Step) -> list[dict]:
    if len({len(shape) for shape in step.input_shapes}) > 1:
        shapes = " + ".join(map(str, step.input_shapes))
        raise unsupported(step.layer, shapes, _("inputs with equally many axes"))
    return _describe_without_settings(step)


def _describe_concatenation(step: Step) -> list[dict]:
    axis = step.layer.axis
    axis = axis - 1 if axis > 0 else axis + len(step.output_shape)
    if not 0 <= axis < len(step.output_shape):
        raise unsupported(step.layer, f"axis={step.layer.axis}", "axis=-1")
    return [{"kind": "Concatenate", "axis": axis}]


def _describe_training_only(_step: Step) -> list[dict]:
    return [{"kind": "Dropout"}]


def _read_training_only(_described, _shapes, _weights):
    return "Identity", {}, []


POOLING = Kind(window_kinds.describe_pooling, window_kinds.read_pooling)
ARITHMETIC = Kind(_describe_arithmetic, _read_settings())
# The kinds by their names in Keras. Each kind also has an entry in
# - `LAYERS` in helpers/saved/layers.py, so that a network with it can be saved and read,
# - network/operations.js and network/backward_operations.js, which compute it in both directions,
# - viewer/explanation.js, which says how one of its numbers is computed.
# Some kinds have an entry in other places, too:
# - `ORIGINS` in network/windows.js, if each output copies one input,
# - `keepOrder` in viewer/layer_graph.js, if it leaves the numbers in their order,
# - `passesOn` in viewer/layer_view.js, if scores are still scores behind it,
# - `_constants` in layers.py, if Keras doesn't train some of its arrays,
# - `NONLINEAR` in training/factors.js, if its outputs aren't weighted sums of its inputs,
# - `WEIGHTS_SHOWN` in training/one_step.js, if its arrays have other names than those there,
# - `USUAL_KINDS` in training/one_step.js, if the lesson's own network has it,
# - `UNLIKE_IN_TRAINING` in training/training.js, if it computes otherwise while a network trains.
KINDS = {
    "Conv2D": Kind(window_kinds.describe_convolution, window_kinds.read_convolution),
    "DepthwiseConv2D": Kind(
        window_kinds.describe_depthwise_convolution, window_kinds.read_depthwise_convolution
    ),
    "SeparableConv2D": Kind(window_kinds.describe_separable_convolution),
    "Dense": Kind(_describe_dense, _read_dense),
    "MaxPooling2D": POOLING,
    "AveragePooling2D": POOLING,
    "GlobalMaxPooling2D": Kind(window_kinds.describe_pooling),
    "GlobalAveragePooling2D": Kind(window_kinds.describe_pooling),
    "Flatten": Kind(_describe_without_settings, _read_settings()),
    "Reshape": Kind(
        _describe_without_settings,
        _read_settings(target_shape=lambda described: described["shape"]),
    ),
    "Permute": Kind(
        _describe_permutation,
        _read_settings(dims=lambda described: [axis + 1 for axis in described["axes"]]),
    ),
    "ZeroPadding2D": Kind(_describe_zero_padding, _read_edges),
    "Cropping2D": Kind(_describe_cropping, _read_edges),
    "UpSampling2D": Kind(
        _describe_up_sampling, _read_settings(size=lambda described: described["size"])
    ),
    "Activation": Kind(_describe_activation_layer, _read_settings()),
    **dict.fromkeys(["Identity", *SIMPLE_ACTIVATIONS], Kind(_describe_activation_layer)),
    "PReLU": Kind(_describe_prelu, _read_prelu),
    "BatchNormalization": Kind(_describe_batch_normalization, _read_batch_normalization),
    "LayerNormalization": Kind(_describe_layer_normalization, _read_layer_normalization),
    "Rescaling": Kind(
        _describe_rescaling,
        _read_settings(
            scale=lambda described: described["scale"], offset=lambda described: described["offset"]
        ),
    ),
    "Normalization": Kind(_describe_normalization),
    **dict.fromkeys(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"], ARITHMETIC),
    "Concatenate": Kind(
        _describe_concatenation, _read_settings(axis=lambda described: described["axis"] + 1)
    ),
    **dict.fromkeys(TRAINING_ONLY, Kind(_describe_training_only)),
    "Dropout": Kind(_describe_training_only, _read_training_only),
}
