"""What the layers of a network make of an image."""

import numpy as np

from helpers.startup import keras


def feature_maps(model: keras.Model, image: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each convolution of a model puts out for one image.

    Args:
        model: a functional Keras model with `Conv2D` layers.
        image: one prepared image, float32, shape (28, 28, 1).

    Returns:
        For each convolution, by its name and in the order of the network, float32 feature maps
        of shape (height, width, filters).

    Raises:
        ValueError: the image has another shape than the model's input, or there is no convolution.
    """
    expected = model.input_shape[1:]
    if np.shape(image) != expected:
        raise ValueError(f"image: got shape {np.shape(image)}, expected {expected}")
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    if not convolutions:
        raise ValueError("model: it has no Conv2D layer, so there are no feature maps to show")
    outputs = keras.Model(model.inputs[0], [layer.output for layer in convolutions])(image[None])
    outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
    return {
        layer.name: np.asarray(output)[0]
        for layer, output in zip(convolutions, outputs, strict=True)
    }
