"""What a network of this lesson may consist of: saving, loading and the page all read it here."""

import numpy as np

from helpers import classes, expect
from helpers.backend import keras
from helpers.language import _

ONES, LAST = (1, 1), "channels_last"
POOLING = {"padding": "valid", "data_format": LAST}  # and strides of the window's size
GLOBAL_POOLING = {"keepdims": False, "data_format": LAST}
# Layers that work while one trains, and pass their numbers on as they are afterwards.
TRAINING_ONLY = "Dropout", "SpatialDropout2D", "GaussianNoise"
TRAINING_ONLY += "RandomTranslation", "RandomRotation", "RandomZoom"
# The kinds of layers, and the settings that they must have, as Keras names both.
PARTS = {
    "InputLayer": {},
    "Conv2D": {"strides": ONES, "dilation_rate": ONES, "groups": 1, "data_format": LAST},
    "MaxPooling2D": POOLING,
    "AveragePooling2D": POOLING,
    "GlobalMaxPooling2D": GLOBAL_POOLING,
    "GlobalAveragePooling2D": GLOBAL_POOLING,
    "Flatten": {"data_format": LAST},
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

    The shapes are those of one image. Raises ValueError, which names the layer, if the
    network doesn't lead from images of shape (28, 28, 1) to the probabilities of 2 to 26
    classes through one layer after another, has a layer or a setting that is not in `PARTS`,
    or weights that are not finite.
    """
    tensors = [getattr(model, end, None) or () for end in ("inputs", "outputs")]
    is_ours = isinstance(model, keras.Model) and type(model).__module__.startswith("keras.")
    if not is_ours or list(map(len, tensors)) != [1, 1]:
        wanted = _("keras.Sequential or keras.Model(inputs, outputs) with one input and one output")
        raise ValueError(expect.unexpected("model", type(model).__name__, wanted))
    last = model.layers[-1] if model.layers else model
    output = model.output_shape
    count = output[1] if len(output) == 2 and 2 <= output[1] <= classes.MOST else 10
    ends = model.input_shape, output, activation(last)
    wanted = (None, 28, 28, 1), (None, count), "softmax"  # from images to their probabilities
    if ends != wanted:
        raise _unexpected(last, " → ".join(map(str, ends)), " → ".join(map(str, wanted)))
    classes.of(model)
    steps, output_shape = [], model.input_shape[1:]
    for layer in model.layers:
        input_shape = output_shape
        _check(layer, input_shape)
        if type(layer).__name__ != "InputLayer":
            output_shape = layer.compute_output_shape((None, *input_shape))[1:]
            steps.append((layer, input_shape, output_shape))
    if not _is_a_chain(model, [layer for layer, *_shapes in steps]):
        got, wanted = _("a sum, a branch or a layer used twice"), _("one layer after another")
        raise ValueError(expect.unexpected("model", got, wanted))
    return steps


def _is_a_chain(model: keras.Model, layers: list[keras.layers.Layer]) -> bool:
    """Try with random images whether a network is its layers one after another."""
    images = outputs = np.random.default_rng(0).random((3, *model.input_shape[1:]), "float32")
    for layer in layers:
        outputs = layer(outputs, training=False)
    same = np.allclose(outputs, model(images, training=False), atol=1e-6, equal_nan=True)
    return same and len(layers) == len(set(map(id, layers)))


def activation(layer: keras.layers.Layer) -> str | None:
    """Return the name of a layer's activation, "linear" if it has none; None for an unknown one."""
    kind = type(layer).__name__
    if kind in ("ReLU", "Softmax"):
        return kind.lower()
    return ACTIVATIONS.get(getattr(layer, "activation", keras.activations.linear))


def weights(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
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
    return {key: expect.numbers(name, a, a.shape, dtype="<f4") for key, a in arrays.items()}


def _check(layer: keras.layers.Layer, input_shape: tuple) -> None:
    """Raise ValueError unless a layer, its settings and its weights are as they must be."""
    kind = type(layer).__name__
    known = type(layer) is getattr(keras.layers, kind, None)
    if not known or kind not in PARTS:
        kind = kind if known else f"{type(layer).__module__}.{kind}"
        raise _unexpected(layer, kind, ", ".join(PARTS))
    wanted = PARTS[kind]
    if wanted is POOLING:
        wanted = POOLING | {"strides": layer.pool_size}
    for setting, value in wanted.items():
        if (got := getattr(layer, setting)) != value:
            raise _unexpected(layer, f"{setting}={got!r}", f"{setting}={value!r}")
    if activation(layer) is None:
        name = getattr(layer.activation, "__name__", layer.activation)
        raise _unexpected(layer, f"activation={name}", ", ".join(ACTIVATIONS.values()))
    if (kind == "Dense" or activation(layer) == "softmax") and len(input_shape) != 1:
        raise _unexpected(layer, _("maps"), _("Flatten before it"))
    weights(layer)


def _unexpected(layer, got: str, wanted: str) -> ValueError:
    return ValueError(expect.unexpected(_("model, layer {layer}", layer=layer.name), got, wanted))
