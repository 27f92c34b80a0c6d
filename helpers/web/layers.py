"""A network of Keras as plain data, from which JavaScript computes the same."""

import base64

from helpers import classes
from helpers.backend import keras
from helpers.network_parts import TRAINING_ONLY, activation_name, layer_weights, topology

# What network.js calls what a layer does, where that isn't the layer's own name.
COMPUTED_AS = {
    "GlobalMaxPooling2D": "MaxPooling2D",
    "GlobalAveragePooling2D": "AveragePooling2D",
    "ReLU": "Activation",
    "Softmax": "Activation",
} | dict.fromkeys(TRAINING_ONLY, "Dropout")


def describe(model: keras.Model) -> dict:
    """Describe a network built of the lesson's layers, as network.js wants it; it fits into JSON.

    The keys are `shape`, that of an image, and `layers`, in each of which are the `name` of the
    kind of layer in Keras and the `kind` of what it does in network.js, the `shape` of what it
    makes of one image, its `activation` and `weights`: float32, the lowest byte first, in base64.
    Names of `classes` are there where they aren't digits. A convolution or a pooling also has
    the `size` of its window, and a convolution how many rows and columns of zeros it adds before
    the first (`padding_before`). Raises ValueError, which names the layer, for other networks.
    """
    described = {"shape": [28, 28, 1], "layers": [_describe(*step) for step in topology(model)]}
    if (names := classes.names_of_model(model)) != classes.DIGITS:
        described["classes"] = names
    return described


def _describe(layer: keras.layers.Layer, input_shape: tuple, output_shape: tuple) -> dict:
    name = type(layer).__name__
    arrays = layer_weights(layer).items()
    described = {
        "kind": COMPUTED_AS.get(name, name),
        "name": name,
        "shape": list(output_shape),
        "activation": activation_name(layer),
        "weights": {key: base64.b64encode(array.tobytes()).decode() for key, array in arrays},
    }
    if name == "Conv2D":
        described["size"] = list(layer.kernel_size)
        pads = layer.padding == "same"
        described["padding_before"] = [(side - 1) // 2 if pads else 0 for side in layer.kernel_size]
    elif described["kind"].endswith("Pooling2D"):
        described["size"] = list(getattr(layer, "pool_size", input_shape[:2]))  # or all
    return described
