"""Feature maps and scores: what the layers of a network put out for an image."""

import numpy as np

from helpers import expect
from helpers.backend import keras
from helpers.language import _


def check_image(model: keras.Model, image: np.ndarray) -> np.ndarray:
    """Return one image as float32; ValueError if it isn't of the shape the model takes."""
    return expect.numbers("image", image, model.input_shape[1:], dtype="float32")


def check_images(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return one or more images as float32; ValueError as `check_image`."""
    return expect.numbers("images", images, ("images", *model.input_shape[1:]), dtype="float32")


def check_layer(model: keras.Model, layer: str) -> None:
    """Raise ValueError unless the model has a layer of that name."""
    if layer not in [known.name for known in model.layers]:
        raise ValueError(_("layer: the model has no layer named {layer!r}", layer=layer))


def convolutions(model: keras.Model) -> list[keras.layers.Layer]:
    """Return the `Conv2D` layers of a model in their order; `ValueError` if it has none."""
    found = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    if not found:
        raise ValueError(_("model: it has no Conv2D layer, so there are no feature maps to show"))
    return found


def feature_maps(model: keras.Model, image: np.ndarray) -> dict[str, np.ndarray]:
    """Return the feature maps of one image in each convolution of a functional model.

    The image is prepared: float32, shape (28, 28, 1). The maps, by the name of their layer and in
    the order of the network, are float32 of shape (height, width, filters).

    Raises:
        ValueError: the image has another shape than the model's input, or there is no convolution.
    """
    image = check_image(model, image)
    found = convolutions(model)
    maps = keras.Model(model.inputs[0], {layer.name: layer.output for layer in found})(image[None])
    return {layer.name: maps[layer.name].numpy()[0] for layer in found}


def before_softmax(model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs of the last layer and its scores (logits), which are softmax's inputs.

    For prepared images, float32 of shape (n, 28, 28, 1), these are float32 of shape (n, features)
    and (n, classes). Softmax of the scores gives the model's probabilities.

    Raises:
        ValueError: the model doesn't end in a `Dense` layer with softmax, or the images don't fit.
    """
    images = check_images(model, images)
    last = model.layers[-1]
    if not isinstance(last, keras.layers.Dense) or last.activation is not keras.activations.softmax:
        text = _("model: it ends in {layer}, expected a Dense layer with softmax", layer=last.name)
        raise ValueError(text)
    inputs = keras.Model(model.inputs[0], last.input).predict(images, batch_size=500, verbose=0)
    return inputs, inputs @ last.kernel.numpy() + last.bias.numpy()
