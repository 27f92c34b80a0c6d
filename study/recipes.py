"""The Keras recipes: document's, the same executed faster, two of our own, and ablations."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from helpers.common.backend import keras, tf
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


def move_and_turn(images, pixels: float, degrees: float):
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


def network(convolutions: list[tuple[int, int, int]], units: int, normalized: str = "all"):
    """Build convolutions, a dense layer and ten probabilities, in place of the document's network.

    A convolution is (filters, kernel_size, pool_size); with a pool_size of 1, nothing is pooled.
    Batch normalization follows "all" layers, the "dense" one alone, or "none". Where it follows,
    it brings the bias, and the layer before does without.
    """

    def relu(x, normalize):
        return layers.Activation("relu")(BatchNormalization(momentum=0.8)(x) if normalize else x)

    maps_normalized, dense_normalized = normalized == "all", normalized != "none"
    x = inputs = keras.Input(shape=(28, 28, 1))
    for filters, kernel_size, pool_size in convolutions:
        x = layers.Conv2D(filters, kernel_size, use_bias=not maps_normalized)(x)
        x = relu(layers.MaxPooling2D(pool_size)(x) if pool_size > 1 else x, maps_normalized)
    x = layers.Dense(units, use_bias=not dense_normalized)(layers.Flatten()(x))
    x = relu(x, dense_normalized)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))


fast_network = partial(network, [(16, 5, 3), (64, 3, 2)], units=128, normalized="dense")
accurate_network = partial(network, [(16, 5, 2), (64, 3, 2), (64, 3, 1)], units=64)


@dataclass(frozen=True)
class Recipe:
    """All that decides how a network is trained."""

    build: Callable  # returns the network
    epochs: int
    batch_size: int
    split_batch: bool  # two halves of each batch at once; otherwise by `fit`
    optimizer: str = "lesson's"  # which also sets the loss: RMSprop at 0.001, labels not smoothed
    rate: float = 0.001  # the highest one, where there is warm-up and decay
    warm_up_and_decay: bool = False
    smoothing: float = 0  # the share of each label that is spread over all ten classes
    pixels: float = 0  # the farthest move of an image
    degrees: float = 0  # the farthest turn
    last_epochs: int = 0  # whose images are neither moved nor turned

    @property
    def augmented(self) -> bool:
        """Whether images are moved or turned."""
        return bool(self.pixels or self.degrees)


document = Recipe(build_model, epochs=5, batch_size=64, split_batch=False)
split = replace(document, split_batch=True)
fast = Recipe(
    fast_network,
    epochs=1,
    batch_size=256,
    split_batch=True,
    optimizer="Adam",
    rate=0.02,
    warm_up_and_decay=True,
    smoothing=0.1,
)
accurate = replace(
    fast, build=accurate_network, epochs=18, rate=0.03, pixels=2, degrees=11, last_epochs=2
)
RECIPES = {
    "document": document,
    "document, split batch": split,
    "fast": fast,
    "accurate": accurate,
}

# *Accurate* with one change left out; what takes its place is what *document* has.
NOTHING = "nothing"
ABLATIONS = {
    NOTHING: accurate,
    "batch normalization": replace(accurate, build=partial(accurate_network, normalized="none")),
    "Adam": replace(accurate, optimizer="RMSprop"),
    "warm-up and decay": replace(accurate, warm_up_and_decay=False),
    "smoothed labels": replace(accurate, smoothing=0),
    "18 epochs in place of 5": replace(accurate, epochs=5),
    "moves": replace(accurate, pixels=0),
    "turns": replace(accurate, degrees=0),
}
# The rate of *accurate* is made for all changes together. Without one of these three, another rate
# may suit; so each of these rates is tried, and the best one is taken.
NEW_RATE = "batch normalization", "Adam", "warm-up and decay"
RATES = 0.03, 0.01, 0.003, 0.001
