"""The layers that a network of the lesson may have: one list for file, viewer, training and page.

What has a record in `KINDS` can be saved and read back, opened in the viewer, trained in the page
and taken home. Keras itself saves any other network, by `model.save`.
docs/maintain/layers.md says how to add a kind, and which other places have to know it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.saved import layer_kinds, window_kinds
from helpers.saved.layer_call import LayerCall


@dataclass(frozen=True)
class Kind:
    """What the lesson has to know of a kind of layer. Its key in `KINDS` is its name in Keras.

    - `describe` returns what the page has to know of a call of the layer: one description or two,
      which follow one another. They are a `DescribedLayer` of helpers/widgets/described_network.py,
      but the activation, the shape and the name are missing, and the weights are `arrays`.
    - `read` is the way back. It gets the description of a layer, the shapes of its inputs, and its
      weights by their names, float32 of shape (n,). It returns the name of the kind, the settings
      and the weights in Keras's order. It is None if `describe` gives only descriptions of other
      kinds.
    - `lists` names the settings that may be lists of numbers. Any other setting is a number or a
      short text.
    - `fixed` has the settings that must have one value.
    - `check` raises ValueError, which names the layer, if its settings don't fit its shapes.
    - A kind that `takes_several` is called with a list of arrays.
    - A kind that is `for_training` alone passes its numbers on as they are afterwards.
    """

    describe: Callable[[LayerCall], list[dict]]
    read: Callable[[dict, list[tuple], dict], tuple[str, dict, list[np.ndarray]]] | None = None
    lists: tuple[str, ...] = ()
    fixed: dict = field(default_factory=dict)
    check: Callable[[LayerCall], None] | None = None
    takes_several: bool = False
    for_training: bool = False


CHANNELS_LAST = {"data_format": "channels_last"}
KERNEL = "kernel_size", "strides", "dilation_rate"
POOLING = Kind(
    window_kinds.describe_pooling,
    window_kinds.read_pooling,
    lists=("pool_size", "strides"),
    fixed=CHANNELS_LAST,
)
GLOBAL_POOLING = Kind(window_kinds.describe_pooling, fixed=CHANNELS_LAST)
MOVING = Kind(
    layer_kinds.describe_for_training,
    lists=("height_factor", "width_factor"),
    fixed=CHANNELS_LAST,
    for_training=True,
)

KINDS = {
    "Conv2D": Kind(
        window_kinds.describe_convolution,
        window_kinds.read_convolution,
        lists=KERNEL,
        fixed=CHANNELS_LAST | {"groups": 1},
    ),
    "DepthwiseConv2D": Kind(
        window_kinds.describe_depthwise_convolution,
        window_kinds.read_depthwise_convolution,
        lists=KERNEL,
        fixed=CHANNELS_LAST,
    ),
    "SeparableConv2D": Kind(
        window_kinds.describe_separable_convolution, lists=KERNEL, fixed=CHANNELS_LAST
    ),
    "Dense": Kind(layer_kinds.describe_dense, layer_kinds.read_dense),
    "MaxPooling2D": POOLING,
    "AveragePooling2D": POOLING,
    "GlobalMaxPooling2D": GLOBAL_POOLING,
    "GlobalAveragePooling2D": GLOBAL_POOLING,
    "Flatten": Kind(layer_kinds.describe_alone, layer_kinds.read_settings(), fixed=CHANNELS_LAST),
    "Reshape": Kind(
        layer_kinds.describe_alone,
        layer_kinds.read_settings(target_shape="shape"),
        lists=("target_shape",),
    ),
    "Activation": Kind(layer_kinds.describe_activation_layer, layer_kinds.read_activation_layer),
    "ReLU": Kind(layer_kinds.describe_activation_layer, fixed={"max_value": None, "threshold": 0}),
    "LeakyReLU": Kind(layer_kinds.describe_activation_layer),
    "Softmax": Kind(layer_kinds.describe_activation_layer, check=layer_kinds.check_last_axis),
    "BatchNormalization": Kind(
        layer_kinds.describe_batch_normalization,
        layer_kinds.read_batch_normalization,
        check=layer_kinds.check_last_axis,
    ),
    "LayerNormalization": Kind(
        layer_kinds.describe_layer_normalization,
        layer_kinds.read_layer_normalization,
        lists=("axis",),
        fixed={"rms_scaling": False},  # newer versions of Keras don't have this setting
        check=layer_kinds.check_last_axis,
    ),
    "Rescaling": Kind(
        layer_kinds.describe_rescaling,
        layer_kinds.read_settings(scale="scale", offset="offset"),
    ),
    "Add": Kind(
        layer_kinds.describe_alone,
        layer_kinds.read_settings(),
        check=layer_kinds.check_equal_shapes,
        takes_several=True,
    ),
    "Concatenate": Kind(
        layer_kinds.describe_alone,
        layer_kinds.read_settings(),
        check=layer_kinds.check_last_axis,
        takes_several=True,
    ),
    "Dropout": Kind(
        layer_kinds.describe_for_training, layer_kinds.read_for_training, for_training=True
    ),
    "RandomTranslation": MOVING,
    "RandomZoom": MOVING,
    "RandomRotation": Kind(
        layer_kinds.describe_for_training,
        lists=("factor",),
        fixed=CHANNELS_LAST,
        for_training=True,
    ),
}
# The activations of layers, by their names in Keras.
ACTIVATIONS = "linear", "relu", "leaky_relu", "gelu", "sigmoid", "tanh", "softmax"

# What to use in place of layers and operations of Keras that a newcomer is likely to try.
SUBSTITUTES = {
    "keras.layers.LeakyReLU()": "ELU PReLU Elu Selu Silu",
    "keras.layers.Add() / keras.layers.Concatenate()": "Average Maximum Minimum Dot",
    "keras.layers.Add() / keras.layers.Rescaling(scale, offset)": "Add Subtract Multiply",
    "keras.layers.Rescaling(scale, offset)": "TrueDivide Divide Negative Normalization",
    'keras.layers.Conv2D(..., padding="same")': "ZeroPadding2D Pad",
    "keras.layers.Conv2D(...)": "Conv1D Conv3D Conv2DTranspose",
    "keras.layers.MaxPooling2D(...)": "MaxPooling1D MaxPooling3D",
    "keras.layers.AveragePooling2D(...)": "AveragePooling1D AveragePooling3D Resizing",
    "keras.layers.GlobalMaxPooling2D()": "GlobalMaxPooling1D GlobalMaxPooling3D Max",
    "keras.layers.GlobalAveragePooling2D()": "GlobalAveragePooling1D GlobalAveragePooling3D Mean",
    "keras.layers.LayerNormalization() / keras.layers.BatchNormalization()": (
        "GroupNormalization RMSNormalization UnitNormalization"
    ),
    "keras.layers.Dropout(rate)": (
        "SpatialDropout1D SpatialDropout2D AlphaDropout GaussianDropout GaussianNoise"
    ),
    "keras.layers.RandomTranslation(...) / RandomRotation(...) / RandomZoom(...)": (
        "RandomFlip RandomBrightness RandomContrast RandomCrop"
    ),
    "keras.layers.ReLU()": "Relu ReLU",
    "keras.layers.Activation(...)": "Sigmoid Tanh Gelu",
    "keras.layers.Softmax()": "Softmax",
    "keras.layers.Concatenate()": "Concatenate",
    "keras.layers.Reshape(...)": "Reshape",
}
INSTEAD = {name: layer for layer, names in SUBSTITUTES.items() for name in names.split()}
