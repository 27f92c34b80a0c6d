"""A network of Keras as plain data, from which JavaScript computes the same."""

import base64

import numpy as np

from helpers import arguments, classes
from helpers.backend import keras
from helpers.language import _
from helpers.network_parts import Step, topology, unexpected

ONES = (1, 1)
CHANNELS_LAST = "channels_last"
POOLING = {"padding": "valid", "data_format": CHANNELS_LAST}  # and strides of the window's size
GLOBAL_POOLING = {"keepdims": False, "data_format": CHANNELS_LAST}
# Layers that work while one trains, and pass their numbers on as they are afterwards.
TRAINING_ONLY = "Dropout", "SpatialDropout2D", "GaussianNoise"
TRAINING_ONLY += "RandomTranslation", "RandomRotation", "RandomZoom"
# The kinds of layers that the page can compute, and the settings that they must have, as Keras
# names both.
PARTS = {
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
# What network.js calls what a layer does, where that isn't the layer's own name.
COMPUTED_AS = {
    "GlobalMaxPooling2D": "MaxPooling2D",
    "GlobalAveragePooling2D": "AveragePooling2D",
    "ReLU": "Activation",
    "Softmax": "Activation",
} | dict.fromkeys(TRAINING_ONLY, "Dropout")


def describe(model: keras.Model) -> dict:
    """Describe a network built of the page's layers, as network.js wants it; it fits into JSON.

    The keys are `shape`, that of an image, and `layers`, in each of which are the `name` of the
    kind of layer in Keras and the `kind` of what it does in network.js, the `shape` of what it
    makes of one image, its `activation` and `weights`: float32, the lowest byte first, in base64.
    Names of `classes` are there where they aren't digits. A convolution or a pooling also has
    the `size` of its window, and a convolution how many rows and columns of zeros it adds before
    the first (`padding_before`). Raises ValueError, which names the layer, for other networks.
    """
    described = {"shape": [28, 28, 1], "layers": [_describe(step) for step in page_steps(model)]}
    if (names := classes.names_of_model(model)) != classes.DIGITS:
        described["classes"] = names
    return described


def page_steps(model: keras.Model) -> list[Step]:
    """Return the steps of a network that the page can compute.

    Raises ValueError, which names the layer, if `topology` refuses the network, its layers don't
    follow one another, or a layer or a setting is not in `PARTS`.
    """
    steps = topology(model)
    layers = {step.layer for step in steps}
    if len(layers) < len(steps) or any(s.sources != (k,) for k, s in enumerate(steps)):
        raise not_a_chain()
    for step in steps:
        if step.always_training:
            raise unexpected(step.layer, "training=True", "training=None")
        check_layer(step.layer, step.input_shapes[0])
    return steps


def not_a_chain() -> ValueError:
    """Return the error for a network whose layers don't follow one another."""
    got, wanted = _("a sum, a branch or a layer used twice"), _("one layer after another")
    return ValueError(arguments.mismatch("model", got, wanted))


def check_layer(layer: keras.layers.Layer, input_shape: tuple) -> None:
    """Raise ValueError, which names the layer, unless the page can compute it."""
    kind = type(layer).__name__
    if kind not in PARTS:
        raise unexpected(layer, kind, ", ".join(PARTS))
    settings = PARTS[kind]
    if settings is POOLING:
        settings = POOLING | {"strides": layer.pool_size}
    for setting, value in settings.items():
        got = getattr(layer, setting)
        if got != value:
            raise unexpected(layer, f"{setting}={got!r}", f"{setting}={value!r}")
    if activation_name(layer) is None:
        name = getattr(layer.activation, "__name__", layer.activation)
        raise unexpected(layer, f"activation={name}", ", ".join(ACTIVATIONS.values()))
    if (kind == "Dense" or activation_name(layer) == "softmax") and len(input_shape) != 1:
        raise unexpected(layer, _("maps"), _("Flatten before it"))


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


def _describe(step: Step) -> dict:
    layer = step.layer
    name = type(layer).__name__
    arrays = layer_weights(layer).items()
    described = {
        "kind": COMPUTED_AS.get(name, name),
        "name": name,
        "shape": list(step.output_shape),
        "activation": activation_name(layer),
        "weights": {key: base64.b64encode(array.tobytes()).decode() for key, array in arrays},
    }
    if name == "Conv2D":
        described["size"] = list(layer.kernel_size)
        pads = layer.padding == "same"
        described["padding_before"] = [(side - 1) // 2 if pads else 0 for side in layer.kernel_size]
    elif described["kind"].endswith("Pooling2D"):
        described["size"] = list(getattr(layer, "pool_size", step.input_shapes[0][:2]))  # or all
    return described
