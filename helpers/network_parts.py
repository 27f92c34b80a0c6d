"""The parts of a network of this lesson, as saving, loading and the page know them."""

import math

import numpy as np

from helpers import arguments, classes
from helpers.backend import keras
from helpers.language import _

IMAGE = (28, 28, 1)  # height, width and channels of an image that a network reads
# Both limits are far above what a lesson needs. They keep a crafted file from filling the memory.
MAX_LAYERS = 100
MAX_OUTPUTS = 1_000_000  # a layer's numbers for one image
ONES = (1, 1)
CHANNELS_LAST = "channels_last"
POOLING = {"padding": "valid", "data_format": CHANNELS_LAST}  # and strides of the window's size
GLOBAL_POOLING = {"keepdims": False, "data_format": CHANNELS_LAST}
# Layers that work while one trains, and pass their numbers on as they are afterwards.
TRAINING_ONLY = "Dropout", "SpatialDropout2D", "GaussianNoise"
TRAINING_ONLY += "RandomTranslation", "RandomRotation", "RandomZoom"
# The kinds of layers, and the settings that they must have, as Keras names both.
PARTS = {
    "InputLayer": {},
    "Conv2D": {"strides": ONES, "dilation_rate": ONES, "groups": 1, "data_format": CHANNELS_LAST},
    "MaxPooling2D": POOLING,
    "AveragePooling2D": POOLING,
    "GlobalMaxPooling2D": GLOBAL_POOLING,
    "GlobalAveragePooling2D": GLOBAL_POOLING,
    "Flatten": {"data_format": CHANNELS_LAST},
    "Dense": {},
    "BatchNormalization": {"axis": -1},
    "Activation": {},
    "ReLU": {"max_value": None, "negative_slope": 0, "threshold": 0},
    "Softmax": {"axis": -1},
    **{kind: {} for kind in TRAINING_ONLY},
}
ACTIVATIONS = {keras.activations.get(name): name for name in ("linear", "relu", "softmax")}


def topology(model: keras.Model) -> list[tuple[keras.layers.Layer, tuple, tuple]]:
    """Return the layers of a network in their order, each with its input and output shape.

    The shapes have no axis for a batch; a batch size that the model was built with is no property
    of the network. Raises ValueError, which names the layer, if the network doesn't lead from
    images of shape (28, 28, 1) to the probabilities of 2 to 26 classes through one layer after
    another, has a layer or a setting that is not in `PARTS`, or weights that are not finite.
    """
    _check_kind(model)
    _check_ends(model)
    classes.names_of_model(model)
    steps = check_layers(_chain(model))
    for layer, *_shapes in steps:
        layer_weights(layer)
    return steps


def _check_kind(model: keras.Model) -> None:
    """Raise ValueError unless a model is one of Keras's own, with one input and one output."""
    is_of_keras = isinstance(model, keras.Model) and type(model).__module__.startswith("keras.")
    inputs = getattr(model, "inputs", None) or ()
    outputs = getattr(model, "outputs", None) or ()
    if is_of_keras and isinstance(model, keras.Sequential) and not inputs:
        got = _("a keras.Sequential that doesn't know yet how large its images are")
        wanted = _("keras.Input((28, 28, 1)) before its first layer")
        raise ValueError(arguments.mismatch("model", got, wanted))
    if not is_of_keras or len(inputs) != 1 or len(outputs) != 1:
        wanted = _("keras.Sequential or keras.Model(inputs, outputs) with one input and one output")
        raise ValueError(arguments.mismatch("model", type(model).__name__, wanted))


def _check_ends(model: keras.Model) -> None:
    """Raise ValueError unless a model leads from images to the probabilities of 2 to 26 classes."""
    dtype = model.inputs[0].dtype
    if "float" not in dtype:
        raise ValueError(arguments.mismatch(_("model, dtype of its input"), dtype, "float32"))
    last = model.layers[-1]
    input_shape = model.inputs[0].shape[1:]
    output_shape = model.output_shape[1:]
    has_classes = len(output_shape) == 1 and 2 <= output_shape[0] <= classes.MAX_CLASSES
    count = output_shape[0] if has_classes else 10
    got = input_shape, output_shape, activation_name(last)
    wanted = IMAGE, (count,), "softmax"
    if got != wanted:
        raise _unexpected(last, " → ".join(map(str, got)), " → ".join(map(str, wanted)))


def _chain(model: keras.Model) -> list[keras.layers.Layer]:
    """Return the layers from the input of a network to its output, as its graph leads.

    Each call of a layer is a node of Keras's graph, and each tensor knows the node that gave it.
    Raises ValueError if a node takes several tensors, or a layer has more than one node.
    """
    layers = []
    tensor = model.outputs[0]
    while tensor is not model.inputs[0]:
        layer, node_index, _output_index = tensor._keras_history
        node = layer._inbound_nodes[node_index]
        if len(node.input_tensors) != 1 or layer in layers:
            raise not_a_chain()
        layers.insert(0, layer)
        (tensor,) = node.input_tensors
    return layers


def not_a_chain() -> ValueError:
    """Return the error for a network whose layers don't follow one another."""
    got, wanted = _("a sum, a branch or a layer used twice"), _("one layer after another")
    return ValueError(arguments.mismatch("model", got, wanted))


def check_layers(
    layers: list[keras.layers.Layer],
) -> list[tuple[keras.layers.Layer, tuple, tuple]]:
    """Return layers that follow one another, each with its input and output shape for one image.

    They may be built or not, and nothing is built. Raises ValueError, which names the layer, if
    there are more than `MAX_LAYERS`, a layer or a setting is not in `PARTS`, or a layer gives
    more than `MAX_OUTPUTS` numbers.
    """
    if len(layers) > MAX_LAYERS:
        got, wanted = _("{n} layers", n=len(layers)), _("at most {n}", n=MAX_LAYERS)
        raise ValueError(arguments.mismatch("model", got, wanted))
    steps = []
    output_shape = IMAGE
    for layer in layers:
        input_shape = output_shape
        _check(layer, input_shape)
        output_shape = layer.compute_output_shape((None, *input_shape))[1:]
        if math.prod(output_shape) > MAX_OUTPUTS:
            wanted = _("at most {n} numbers for an image", n=MAX_OUTPUTS)
            raise _unexpected(layer, output_shape, wanted)
        steps.append((layer, input_shape, output_shape))
    return steps


def weight_shapes(layer: keras.layers.Layer, input_shape: tuple) -> list[tuple[int, ...]]:
    """Return the shapes of the weights that a layer has once it is built for an input shape."""
    channels = input_shape[-1]
    if type(layer).__name__ == "Conv2D":
        kernel = *layer.kernel_size, channels, layer.filters
    elif type(layer).__name__ == "Dense":
        kernel = channels, layer.units
    elif (
        type(layer).__name__ == "BatchNormalization"
    ):  # a mean, a variance, and what it has learned
        return [(channels,)] * (2 + bool(layer.scale) + bool(layer.center))
    else:
        return []
    return [kernel, kernel[-1:]] if layer.use_bias else [kernel]


def activation_name(layer: keras.layers.Layer) -> str | None:
    """Return the name of a layer's activation, "linear" if it has none; None for an unknown one."""
    kind = type(layer).__name__
    if kind in ("ReLU", "Softmax"):
        return kind.lower()
    return ACTIVATIONS.get(getattr(layer, "activation", keras.activations.linear))


def layer_weights(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    """Return the weights with which a layer computes after training, float32, by their names.

    They are a `kernel` and a `bias`, or the `factor` and the `offset` of a normalization.
    Raises ValueError if any of them is not finite.
    """
    arrays = {}
    if type(layer).__name__ in ("Conv2D", "Dense"):
        kernel = layer.kernel.numpy()
        bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[-1])
        arrays = {"kernel": kernel, "bias": bias}
    if type(layer).__name__ == "BatchNormalization":
        deviation = np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
        factor = (layer.gamma.numpy() if layer.scale else 1) / deviation
        offset = (layer.beta.numpy() if layer.center else 0) - factor * layer.moving_mean.numpy()
        arrays = {"factor": factor, "offset": offset}
    name = _("model, the weights of layer {layer}", layer=layer.name)
    return {
        key: arguments.check_numbers(name, a, a.shape, dtype="<f4") for key, a in arrays.items()
    }


def _check(layer: keras.layers.Layer, input_shape: tuple) -> None:
    """Raise ValueError unless a layer and its settings are as they must be."""
    kind = type(layer).__name__
    is_of_keras = type(layer) is getattr(keras.layers, kind, None)
    if not is_of_keras or kind not in PARTS:
        kind = kind if is_of_keras else f"{type(layer).__module__}.{kind}"
        raise _unexpected(layer, kind, ", ".join(PARTS))
    settings = PARTS[kind]
    if settings is POOLING:
        settings = POOLING | {"strides": layer.pool_size}
    mode = getattr(layer, "quantization_mode", None)
    if mode:  # its weights are not those of its kernel
        raise _unexpected(layer, f"quantization_mode={mode}", "quantization_mode=None")
    for setting, value in settings.items():
        got = getattr(layer, setting)
        if got != value:
            raise _unexpected(layer, f"{setting}={got!r}", f"{setting}={value!r}")
    if activation_name(layer) is None:
        name = getattr(layer.activation, "__name__", layer.activation)
        raise _unexpected(layer, f"activation={name}", ", ".join(ACTIVATIONS.values()))
    if (kind == "Dense" or activation_name(layer) == "softmax") and len(input_shape) != 1:
        raise _unexpected(layer, _("maps"), _("Flatten before it"))


def _unexpected(layer, got: str, wanted: str) -> ValueError:
    return ValueError(arguments.mismatch(_("model, layer {layer}", layer=layer.name), got, wanted))
