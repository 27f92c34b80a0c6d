"""The layers of Keras that a network may have to be saved and read, and their settings.

A file is not trusted. What it says of a layer becomes a layer only if the kind of layer is in
`LAYERS` and its settings are numbers, short texts, or names of activations in `ACTIVATIONS`. No
module, function or file can be named. The same rules hold for a network that is saved, so that
everything that is saved can be read.
"""

import math

import numpy as np

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _

# Both limits are far above what a lesson needs. They keep a crafted file from filling the memory.
MAX_OUTPUTS = 1_000_000  # numbers that a layer makes for one image
MAX_ALL_OUTPUTS = 20_000_000  # numbers that all layers make for one image
MAX_SETTING = 2**31  # the largest whole number of a setting
MAX_LIST = 10  # entries of a setting that is a list

CONVOLUTIONS = (
    *(f"{kind}{n}D" for kind in ("Conv", "DepthwiseConv", "SeparableConv") for n in (1, 2)),
    *("Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
)
POOLINGS = tuple(
    f"{scope}{kind}Pooling{n}D"
    for scope in ("", "Global")
    for kind in ("Max", "Average")
    for n in (1, 2, 3)
)
SHAPES = (
    *(f"{kind}{n}D" for kind in ("Cropping", "ZeroPadding", "UpSampling") for n in (1, 2, 3)),
    *("Flatten", "Reshape", "Permute", "RepeatVector", "Resizing", "CenterCrop", "Identity"),
)
# Layers that take a list of arrays.
MERGES = "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"
SIMPLE_ACTIVATIONS = "ReLU", "LeakyReLU", "ELU", "Softmax"  # these may be an activation of a layer
NORMALIZATIONS = (
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization"),
    *("UnitNormalization", "Normalization", "Rescaling"),
)
RECURRENT = "SimpleRNN", "GRU", "LSTM"
ATTENTION = "MultiHeadAttention", "Attention"
# Layers that work while one trains, and pass their numbers on as they are afterwards.
TRAINING_ONLY = (
    *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout"),
    *("GaussianDropout", "GaussianNoise", "ActivityRegularization"),
    *("RandomTranslation", "RandomRotation", "RandomZoom", "RandomFlip"),
    *("RandomBrightness", "RandomContrast"),
)
# All kinds of layers that a network may have, by their names in Keras. These are left out:
# - Lambda, TorchModuleWrapper, JaxLayer, FlaxLayer: they hold code.
# - TFSMLayer, TextVectorization, StringLookup, IntegerLookup: they read files that a network names.
# - Hashing, HashedCrossing, CategoryEncoding, Discretization, Embedding, ReversibleEmbedding: their
#   inputs are words or categories, and an image has none.
# - Masking: its mask goes along beside the numbers, and no step of the graph would show it.
# - RNN, StackedRNNCells and cells, Wrapper, TimeDistributed, SpectralNormalization, Pipeline: they
#   hold other layers, in any depth.
# - EinsumDense: its equation is a text that is computed.
# - AdditiveAttention, ConvLSTM1D, 2D and 3D: they make far more numbers inside than they give.
# - MelSpectrogram, STFTSpectrogram: they compute with sound, and make tables of any size.
# - MixUp, CutMix, RandAugment, AugMix and others that change images at random: they mix images with
#   labels, want colours, or are missing in the oldest version of Keras that the project allows.
# - AdaptiveMaxPooling, AdaptiveAveragePooling: missing in older versions of Keras, too.
LAYERS = (
    *("Dense", *CONVOLUTIONS, *POOLINGS, *SHAPES, *MERGES, "Activation", "PReLU"),
    *(*SIMPLE_ACTIVATIONS, *NORMALIZATIONS, *RECURRENT, "Bidirectional", *ATTENTION),
    *TRAINING_ONLY,
)
# The activations of layers, by their names in Keras. `glu` is left out, because it halves what it
# gets, and `threshold`, because it needs further numbers.
ACTIVATIONS = (
    *("linear", "relu", "relu6", "leaky_relu", "elu", "celu", "selu", "gelu", "silu", "swish"),
    *("sigmoid", "tanh", "softplus", "softsign", "softmax", "log_softmax", "exponential", "mish"),
    *("hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "hard_shrink", "soft_shrink"),
    *("tanh_shrink", "squareplus", "log_sigmoid", "sparsemax", "sparse_plus", "sparse_sigmoid"),
)
DTYPES = "float16", "bfloat16", "float32", "float64", "mixed_float16", "mixed_bfloat16"
# How the settings end that only a training needs, or that hold a shape for which Keras would build
# a layer at once. Keras doesn't get to see any of them.
IGNORED_SETTINGS = ("_initializer", "_regularizer", "_constraint", "compile_config", "build_config")
IGNORED_SETTINGS += ("lora_rank", "lora_alpha", "quantization_config")
# Settings that must have one value. A state or a mask beside the numbers is no output of a layer.
FIXED_SETTINGS = {"stateful": False, "unroll": False, "return_state": False}
# Settings that may be a layer, and the kinds that it may have.
KINDS_WITHIN = {
    **dict.fromkeys(("activation", "recurrent_activation"), SIMPLE_ACTIVATIONS),
    **dict.fromkeys(("layer", "backward_layer"), RECURRENT),
}
# Settings that may be lists. A list in the place of a number could make outputs larger than said.
LIST_SETTINGS = (
    *("kernel_size", "pool_size", "size", "strides", "dilation_rate", "padding", "output_padding"),
    *("cropping", "target_shape", "dims", "axis", "axes", "shared_axes", "attention_axes"),
    *("output_shape", "noise_shape", "mean", "variance"),
    *("factor", "height_factor", "width_factor", "value_range", "scale", "offset"),
)


def layer_from_description(description: dict) -> keras.layers.Layer:
    """Make a layer of Keras, without weights, from what a file says of it.

    The description has the keys `module`, `class_name`, `registered_name` and `config`, as Keras
    writes them. Raises ValueError, which names the layer, if a part of it isn't on the lists above.
    """
    settings = checked_settings(description)
    for key, value in settings.items():
        if isinstance(value, dict) and key == "dtype":
            settings[key] = _dtype_name(value)
        elif isinstance(value, dict):
            settings[key] = layer_from_description(value)
    layer_class = getattr(keras.layers, description["class_name"])
    if layer_class is keras.layers.Bidirectional:
        return layer_class(**settings)
    return layer_class.from_config(settings)


def checked_settings(description: dict) -> dict:
    """Return the settings of a described layer that Keras may get; nothing is made.

    Raises ValueError as `layer_from_description` does.
    """
    kind = described_kind(description)
    if kind == "Lambda":
        wanted = _(
            "a layer without code. A Lambda layer holds a function of your own, which can't be "
            "saved safely. Use layers of Keras instead, such as Rescaling, Activation or Reshape"
        )
        raise unknown_part("keras.layers.Lambda", wanted)
    if kind not in LAYERS or not hasattr(keras.layers, kind):
        raise unknown_part(f"keras.layers.{kind}")
    settings = {
        key: value
        for key, value in description["config"].items()
        if not key.endswith(IGNORED_SETTINGS)
    }
    if isinstance(settings.get("seed"), dict):
        del settings["seed"]  # a generator of random numbers, which only a training needs
    for key in ("scale", "offset"):  # of a Rescaling, which may have arrays
        value = settings.get(key)
        if isinstance(value, dict) and value.get("class_name") == "__numpy__":
            settings[key] = value["config"]["value"]
    for key, value in settings.items():
        _check_setting(settings.get("name"), key, value)
    return settings


def described_kind(description: dict) -> str:
    """Return the kind of a described layer of Keras, such as "Dense".

    Raises ValueError if it is of another module, or registered under another name.
    """
    module, kind = description.get("module"), description.get("class_name")
    registered = description.get("registered_name") or kind
    is_of_keras = module == "keras.layers" and registered == kind and isinstance(kind, str)
    if is_of_keras and isinstance(description.get("config"), dict):
        return kind
    is_lambda = kind == "__lambda__" or (kind is None and "value" in description)
    if kind == "function" or is_lambda:
        raise unknown_function(description.get("config"))
    raise unknown_part(f"{module}.{registered}" if module else registered)


def unknown_part(name, wanted: str | None = None) -> ValueError:
    """Return an error that says what a network holds in place of a layer of the list."""
    wanted = wanted or _(
        "one of Keras's usual layers or activations, such as Conv2D, Dense, LSTM, relu or tanh"
    )
    return ValueError(arguments.mismatch(_("its parts"), f"{name!s:.100}", wanted))


def unknown_function(name) -> ValueError:
    """Return an error that says what to write in place of a function.

    `name` is the function's, or anything else if it has none.
    """
    if not isinstance(name, str):
        name = "<lambda>"
    alike = name.removesuffix("_v2")  # as some names of TensorFlow end
    wanted = _(
        "the name of an activation of Keras, such as {relu}. A function of your own can't be "
        "saved safely",
        relu='activation="relu"',
    )
    if alike in ACTIVATIONS and hasattr(keras.activations, alike):
        wanted = _("{activation}, which names Keras's own", activation=f'activation="{alike}"')
    is_lambda = name == "<lambda>"
    got = _("a lambda function") if is_lambda else _("the function {name}", name=f"{name:.80}")
    return unknown_part(got, wanted)


def _check_setting(name: str, key: str, value) -> None:
    """Raise ValueError, which names the layer and the setting, unless Keras may get it."""
    if isinstance(value, dict) and key in KINDS_WITHIN:
        if described_kind(value) not in KINDS_WITHIN[key]:
            raise unknown_part(value["class_name"])
        checked_settings(value)
        return
    if key == "dtype":
        is_right, wanted = _dtype_name(value) in DTYPES, " / ".join(DTYPES)
    elif key in ("activation", "recurrent_activation"):
        is_right = value is None or (value in ACTIVATIONS and hasattr(keras.activations, value))
        wanted = ", ".join(ACTIVATIONS)
    elif key in FIXED_SETTINGS:
        is_right, wanted = value == FIXED_SETTINGS[key], FIXED_SETTINGS[key]
    else:
        is_right = _is_simple(value, depth=2 if key in LIST_SETTINGS else 0)
        wanted = _("a number or a short text")
        if key in LIST_SETTINGS:
            wanted = _("a number or a list of at most {n} numbers", n=MAX_LIST)
    if not is_right:
        label = _("layer {layer}, setting {key}", layer=f"{name!s:.50}", key=f"{key:.50}")
        raise ValueError(arguments.mismatch(label, f"{value!r:.100}", wanted))


def _dtype_name(value) -> str:
    """Return the name of a described dtype or policy of dtypes."""
    if isinstance(value, dict):
        is_policy = value.get("module") == "keras" and value.get("class_name") == "DTypePolicy"
        value = value["config"].get("name") if is_policy else value.get("class_name")
    return str(value)


def _is_simple(value, depth: int) -> bool:
    """Return whether a setting is a number, a short text or None, or lists of these to a depth."""
    if isinstance(value, list | tuple):
        return depth > 0 and len(value) <= MAX_LIST and all(_is_simple(v, depth - 1) for v in value)
    if isinstance(value, str):
        return len(value) <= 200
    return value is None or (isinstance(value, int | float) and abs(value) < MAX_SETTING)


def output_of(layer: keras.layers.Layer, args, kwargs) -> keras.KerasTensor:
    """Return what a layer would give, with its shape but no numbers; nothing is built.

    `args` and `kwargs` are those of its call, with a KerasTensor for each array. Raises ValueError,
    which names the layer, if it gives several arrays, or more than `MAX_OUTPUTS` numbers for an
    image, or makes as many inside.
    """
    output = layer.compute_output_spec(*args, **kwargs)
    if not isinstance(output, keras.KerasTensor):
        raise unexpected(layer, _("several outputs"), _("one output"))
    shape = output.shape[1:]
    is_whole = all(isinstance(side, int) and side > 0 for side in shape)
    if isinstance(layer, keras.layers.Rescaling):
        _check_scales(layer, shape)
    inputs = [t for t in keras.tree.flatten((args, kwargs)) if isinstance(t, keras.KerasTensor)]
    if not is_whole or math.prod(shape) + _inner_numbers(layer, inputs, shape) > MAX_OUTPUTS:
        raise unexpected(layer, shape, _("at most {n} numbers for an image", n=MAX_OUTPUTS))
    return output


def _check_scales(layer: keras.layers.Rescaling, shape: tuple[int, ...]) -> None:
    """Raise ValueError if a Rescaling would make more numbers of an image than it says."""
    try:
        sides = np.broadcast_shapes(np.shape(layer.scale), np.shape(layer.offset), (1, *shape))
    except ValueError:  # the lists have unequal lengths, or don't fit
        sides = None
    if sides != (1, *shape):
        got = f"scale={layer.scale!s:.50}, offset={layer.offset!s:.50}"
        wanted = _(
            "one number each, or a list with one for each map in numbers of shape {shape}",
            shape=shape,
        )
        raise unexpected(layer, got, wanted)


def _inner_numbers(layer: keras.layers.Layer, inputs: list[keras.KerasTensor], shape) -> int:
    """Return how many numbers a layer makes for one image before those that it gives."""
    kind = type(layer).__name__
    if kind.startswith("SeparableConv"):
        return math.prod(shape[:-1]) * inputs[0].shape[-1] * layer.depth_multiplier
    if kind in ATTENTION:
        heads = getattr(layer, "num_heads", 1)
        queries, keys = (math.prod(tensor.shape[1:-1]) for tensor in inputs[:2])
        width = max(getattr(layer, "key_dim", 0), getattr(layer, "value_dim", 0) or 0)
        return heads * max(queries * keys, (queries + keys) * width)
    if kind == "Bidirectional":
        return 2 * _inner_numbers(layer.forward_layer, inputs, shape)
    if kind in RECURRENT:
        return inputs[0].shape[1] * 4 * layer.units  # for the four gates of an LSTM
    return 0


def unexpected(layer: keras.layers.Layer, got, wanted: str) -> ValueError:
    """Return an error that names a layer, what it is and what it should be."""
    return ValueError(arguments.mismatch(_("model, layer {layer}", layer=layer.name), got, wanted))
