"""The activations that the page knows: from Keras into a description, and back."""

from helpers.common.backend import keras
from helpers.saved.layers import SIMPLE_ACTIVATIONS
from helpers.saved.unsupported import unsupported

# The activations that the page knows, as Keras and activations.js call them.
ACTIVATIONS = "linear relu softmax elu selu exponential tanh sigmoid softplus softsign silu gelu "
ACTIVATIONS += "mish hard_sigmoid hard_silu"
ACTIVATIONS = {keras.activations.get(name): name for name in ACTIVATIONS.split()}
# For the page, these two are a ReLU with another setting.
RELU_VARIANTS = {
    keras.activations.relu6: {"max_value": 6},
    keras.activations.leaky_relu: {"negative_slope": 0.2},
}
# The settings of activations, by their names. Where a description has some of them, the activation
# is a layer of Keras.
SETTINGS = {"relu": ("max_value", "negative_slope", "threshold"), "elu": ("alpha",)}
CLASS_NAMES = {"relu": "ReLU", "elu": "ELU"}


def describe_activation(layer: keras.layers.Layer) -> dict:
    """Describe the activation of a layer, with its settings. It may be a layer, such as ReLU().

    Raises UnsupportedLayerError for an activation that the page doesn't know.
    """
    if isinstance(layer, keras.layers.ReLU):
        settings = {name: getattr(layer, name) for name in SETTINGS["relu"]}
        return {"activation": "relu"} | {
            name: float(value) for name, value in settings.items() if value
        }
    if isinstance(layer, keras.layers.LeakyReLU):
        return {"activation": "relu", "negative_slope": float(layer.negative_slope)}
    if isinstance(layer, keras.layers.ELU):
        return {"activation": "elu", "alpha": float(layer.alpha)}
    if isinstance(layer, keras.layers.Softmax):
        if layer.axis not in (-1, 1):
            raise unsupported(layer, f"axis={layer.axis}", "axis=-1")
        return {"activation": "softmax"}
    function = getattr(layer, "activation", keras.activations.linear)
    if type(function).__name__ in SIMPLE_ACTIVATIONS:
        return describe_activation(function)
    if function in RELU_VARIANTS:
        return {"activation": "relu", **RELU_VARIANTS[function]}
    if function not in ACTIVATIONS:
        name = getattr(function, "__name__", function)
        raise unsupported(layer, f"activation={name}", ", ".join(ACTIVATIONS.values()))
    return {"activation": ACTIVATIONS[function]}


def read_activation(described: dict) -> str | dict:
    """Return a described activation as Keras describes it: its name, or a layer with settings."""
    name = described["activation"]
    settings = {key: described[key] for key in SETTINGS.get(name, ()) if key in described}
    if not settings:
        return name
    parts = {"module": "keras.layers", "class_name": CLASS_NAMES[name]}
    return parts | {"registered_name": None, "config": settings}
