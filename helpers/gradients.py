"""The way back through a network: derivatives of the loss of one image, by TensorFlow."""

import numpy as np

from helpers.common.backend import keras, tf


def first_kernel_gradient(
    model: keras.Model, images: np.ndarray, label: int
) -> tuple[np.ndarray, float]:
    """Return the derivatives of the loss for what the first kernel makes, and for its first weight.

    The layers of the model form a chain, and the first one is a `Conv2D` with ReLU. `images` holds
    one prepared image, float32 of shape (1, height, width, channels), and `label` is its class. The
    derivatives are for the weighted sums of the first filter, before ReLU, float32 of shape
    (rows, columns). The weight stands in the upper left corner of the filter's first kernel.
    """
    first_layer, *later_layers = model.layers[1:]
    with tf.GradientTape() as tape:  # notes what is computed, to go back along it
        maps = output = first_layer(images)
        for layer in later_layers:
            output = layer(output)
        loss = keras.losses.sparse_categorical_crossentropy(np.array([label]), output)
    d_maps, d_kernel = tape.gradient(loss, [maps, first_layer.kernel])
    # ReLU passes a derivative back where the map is above 0, and stops it elsewhere.
    d_sums = d_maps.numpy()[0, :, :, 0] * (maps.numpy()[0, :, :, 0] > 0)
    return d_sums, float(d_kernel.numpy()[0, 0, 0, 0])
