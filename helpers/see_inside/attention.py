"""Which parts of an image an answer depends on: occlusion and Grad-CAM."""

import numpy as np

from helpers import expect
from helpers.backend import keras, tf


def occlusion(model: keras.Model, image: np.ndarray, digit: int) -> np.ndarray:
    """Return the occlusion map of an image: how far the digit's probability falls at each place.

    M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", 2014. From a
    prepared image, float32 of shape (height, width, 1), to float32 of shape (height, width): the
    fall when the middle of a square of blank paper, 5 pixels wide, lies on that pixel. At the edges
    the square is cut off. Where covering makes the digit likelier, it is below 0. ValueError if the
    image doesn't fit the model, or there is no such class.
    """
    image = expect.numbers("image", image, model.input_shape[1:], dtype="float32")
    digit = expect.integer("digit", digit, 0, model.output_shape[-1] - 1)
    height, width = image.shape[:2]
    covered = np.repeat(image[None], height * width, axis=0)
    for place, (row, column) in enumerate(np.ndindex(height, width)):
        covered[place, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 0
    before = model(image[None]).numpy()[0, digit]
    return before - model(covered).numpy()[:, digit].reshape(height, width)


def grad_cam(model: keras.Model, image: np.ndarray, digit: int, layer: str) -> np.ndarray:
    """Return the Grad-CAM of a layer: its feature maps weighted by a digit's gradients.

    R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
    Localization", 2017: the weight of a map is the mean of the score's gradient over the map; the
    weighted maps are added up and ReLU keeps what speaks for the digit. The score is taken before
    softmax, as the authors do, in the `Dense` layer that a functional model ends in.

    From a prepared image, float32 of shape (height, width, 1), to float32 of the maps' shape, 0 or
    more. ValueError if the image doesn't fit the model, or there is no such class or layer.
    """
    image = expect.numbers("image", image, model.input_shape[1:], dtype="float32")
    digit = expect.integer("digit", digit, 0, model.output_shape[-1] - 1)
    last = model.layers[-1]
    part = keras.Model(model.inputs[0], [model.get_layer(layer).output, last.input])
    with tf.GradientTape() as tape:
        # The tape has to see the layer's maps themselves, so it watches while they are computed.
        tape.watch(pixels := tf.convert_to_tensor(image[None]))
        maps, features = part(pixels)
        score = tf.linalg.matvec(tf.transpose(last.kernel), features)[0, digit]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2))[0]
    return tf.nn.relu(tf.linalg.matvec(maps[0], weights)).numpy()
