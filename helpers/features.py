"""Feature maps and scores: what the layers of a network put out for an image."""

import numpy as np

from helpers import expect
from helpers.backend import keras
from helpers.language import _


def convolutions(model: keras.Model) -> list[keras.layers.Layer]:
    """Return the `Conv2D` layers of a model in their order."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def feature_maps(model: keras.Model, image: np.ndarray) -> dict[str, np.ndarray]:
    """Return the feature maps of one image in each convolution of a functional model.

    The image is prepared: float32, shape (28, 28, 1). The maps, by the name of their layer and in
    the order of the network, are float32 of shape (height, width, filters).
    ValueError if the image has another shape than the model's input.
    """
    names = [layer.name for layer in convolutions(model)]
    return {name: values for name, _kind, values in _outputs(model, image) if name in names}


def layer_outputs(model: keras.Model, image: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return of each layer of a functional model its kind and what it puts out for one image.

    The image has the shape that the model takes, and so has no axis for images; nor have the
    outputs, which are float32. ValueError if the image has another shape.
    """
    return [(kind, values) for _name, kind, values in _outputs(model, image)]


def _outputs(model, image) -> list[tuple[str, str, np.ndarray]]:
    """Return of each layer its name, its kind and what it puts out for one image."""
    image = expect.numbers("image", image, model.input_shape[1:], dtype="float32")
    outputs = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(image[None])
    pairs = zip(model.layers, outputs, strict=True)
    return [(layer.name, type(layer).__name__, values.numpy()[0]) for layer, values in pairs]


def before_softmax(model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs of the last layer and its scores (logits), which are softmax's inputs.

    For prepared images, float32 of shape (n, 28, 28, 1), these are float32 of shape (n, features)
    and (n, classes). Softmax of the scores gives the model's probabilities.
    ValueError if the model doesn't end in a `Dense` layer with softmax, or the images don't fit.
    """
    images = expect.numbers("images", images, ("images", *model.input_shape[1:]), dtype="float32")
    last = model.layers[-1]
    if not isinstance(last, keras.layers.Dense) or last.activation is not keras.activations.softmax:
        text = _("model: it ends in {layer}, expected a Dense layer with softmax", layer=last.name)
        raise ValueError(text)
    inputs = keras.Model(model.inputs[0], last.input).predict(images, batch_size=500, verbose=0)
    return inputs, inputs @ last.kernel.numpy() + last.bias.numpy()
