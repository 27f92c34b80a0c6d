"""The recipes in Keras: the document's, as it is and executed faster, and two of our own."""

import math
from functools import partial

from helpers.backend import keras, tf
from helpers.model import build_model

layers = keras.layers


class BatchNormalization(layers.BatchNormalization):
    """Keras's layer, computed by one operation of TensorFlow, which takes a third of the time."""

    def call(self, inputs, training=False):
        """Return numbers of the same shape, (n, channels) or (n, height, width, channels)."""
        maps = inputs if inputs.ndim == 4 else inputs[:, None, None]
        weights = [tf.cast(weight, tf.float32) for weight in (self.gamma, self.beta)]
        statistics = self.moving_mean, self.moving_variance, self.epsilon
        settings = {"is_training": training, "exponential_avg_factor": 1 - self.momentum}
        normalize = tf.compat.v1.nn.fused_batch_norm
        outputs, mean, variance = normalize(maps, *weights, *statistics, **settings)
        if training:
            self.moving_mean.assign(mean)
            self.moving_variance.assign(variance)
        return tf.reshape(outputs, tf.shape(inputs))


def move_and_turn(images, pixels: float = 2, degrees: float = 11):
    """Return images of shape (n, height, width, channels), each moved and turned at random at once.

    `pixels` of a move along each axis and `degrees` of a turn are the most either way.
    """
    count, middle = tf.shape(images)[0], (images.shape[1] - 1) / 2
    shares = tf.random.uniform((3, count), -1, 1)
    radians = shares[0] * math.radians(degrees)
    cos, sin = tf.cos(radians), tf.sin(radians)
    right = middle * (1 - cos + sin) + shares[1] * pixels  # the middle stays, but for the move
    down = middle * (1 - sin - cos) + shares[2] * pixels
    zero = tf.zeros_like(cos)
    transforms = tf.stack([cos, -sin, right, sin, cos, down, zero, zero], axis=1)
    return keras.ops.image.affine_transform(images, transforms, fill_mode="constant")


def network(convolutions: list[tuple[int, int, int]], units: int, all_normalized=True):
    """Build convolutions, a dense layer and ten probabilities, in place of the document's network.

    A convolution is (filters, kernel_size, pool_size); of 1, nothing is pooled. Batch normalization
    follows all layers or the dense one alone, and brings the bias that they then do without.
    """

    def relu(x, normalized):
        return layers.Activation("relu")(BatchNormalization(momentum=0.8)(x) if normalized else x)

    x = inputs = keras.Input(shape=(28, 28, 1))
    for filters, kernel_size, pool_size in convolutions:
        x = layers.Conv2D(filters, kernel_size, use_bias=not all_normalized)(x)
        x = relu(layers.MaxPooling2D(pool_size)(x) if pool_size > 1 else x, all_normalized)
    x = relu(layers.Dense(units, use_bias=False)(layers.Flatten()(x)), normalized=True)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))


fast_network = partial(network, [(16, 5, 3), (64, 3, 2)], units=128, all_normalized=False)
accurate_network = partial(network, [(16, 5, 2), (64, 3, 2), (64, 3, 1)], units=64)

# `augmented` are the first epochs, whose images are moved and turned. A `peak_rate` brings warm-up
# and decay, Adam and smoothed labels; 0 is the document's. A `split_batch` is trained in bfloat16.
document = {"build": build_model, "epochs": 5, "batch_size": 64}
document |= {"peak_rate": 0, "split_batch": False, "augmented": 0}
split = document | {"split_batch": True}
fast = split | {"build": fast_network, "epochs": 1, "batch_size": 256, "peak_rate": 0.02}
accurate = fast | {"build": accurate_network, "epochs": 18, "peak_rate": 0.03, "augmented": 16}
RECIPES = {"document": document, "fast": fast, "accurate": accurate}
RECIPES["document, split batch with bfloat16"] = split
