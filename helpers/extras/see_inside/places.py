"""The places in an image on which an answer depends."""

import numpy as np

from helpers.common.backend import keras, tf


def occlusion(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """Return the occlusion map of an image: the fall of the digit's probability by place.

    For a network of `score_network`, it is the fall of the digit's score. The image is prepared,
    float32 of shape (height, width, 1), and the map is float32 of shape (height, width). A number
    of the map is the fall when a square of blank paper, 5 pixels wide, covers the image around
    that pixel. At the edges, the square is cut off. Where covering makes the digit likelier, the
    number is below 0. Source: M. D. Zeiler and R. Fergus, "Visualizing and Understanding
    Convolutional Networks", 2014.
    """
    height, width = image.shape[:2]
    covered = np.repeat(image[None], height * width, axis=0)
    for number, (row, column) in enumerate(np.ndindex(height, width)):
        covered[number, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 0
    uncovered_output = model(image[None]).numpy()[0, digit]
    outputs = model(covered).numpy()[:, digit]
    return uncovered_output - outputs.reshape(height, width)


def score_network(model: keras.Model) -> keras.Model:
    """Return a network that ends in the scores (logits) of a model, less the mean of the scores.

    The model ends in `Dense` with softmax. The new network shares all layers before it. It takes
    prepared images, float32 of shape (n, height, width, 1), to float32 of shape (n, classes).
    """
    last = model.layers[-1]
    without_softmax = keras.layers.Dense(last.units)
    scores = without_softmax(last.input)
    without_softmax.set_weights(last.get_weights())
    less_mean = scores - keras.ops.mean(scores, axis=-1, keepdims=True)
    return keras.Model(model.inputs[0], less_mean)


def hires_cam(model: keras.Model, image: np.ndarray, digit: int, layer: str) -> np.ndarray:
    """Return the HiResCAM of an image: where the maps of a layer speak for a digit.

    Each map of the layer is multiplied by its gradient, number by number, and the products are
    added up. The gradient is the one of the score that `score_network` puts out. The image is
    prepared, float32 of shape (height, width, 1), and the result, 0 or more, is float32 of the
    shape of one map. Source: R. L. Draelos and L. Carin, "Use HiResCAM instead of Grad-CAM for
    faithful explanations of convolutional neural networks", 2020.
    """
    outputs = [model.get_layer(layer).output, score_network(model).output]
    with tf.GradientTape() as tape:
        maps, scores = keras.Model(model.inputs[0], outputs)(image[None])
        score = scores[0, digit]
    gradient = tape.gradient(score, maps)
    return np.maximum((maps * gradient).numpy()[0].sum(axis=-1), 0)
