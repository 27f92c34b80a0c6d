"""The recipe *accurate*, and *accurate* without one of its changes.

Each step of the training takes the two halves of a batch one by one, and moves the weights by the
mean of their gradients. Batch normalization therefore takes the mean and the variance of each half
alone, which regularizes: it is called ghost batch normalization. Source: E. Hoffer, I. Hubara,
D. Soudry, "Train longer, generalize better", 2017.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from helpers import mnist
from helpers.common.backend import keras, tf

layers = keras.layers
BATCH_SIZE = 256
UNMOVED_EPOCHS = 2  # the last ones, whose images are neither moved nor turned
STATISTICS_COUNT = 20_000  # images of which batch normalization learns its statistics anew


@dataclass(frozen=True)
class Recipe:
    """What decides how a network is trained. The recipe without arguments is *accurate*."""

    batch_normalization: bool = True
    optimizer: str = "Adam"  # or "RMSprop"
    rate: float = 0.03  # the highest one
    warm_up_and_decay: bool = True
    smoothing: float = 0.1  # the share of each label that is spread over all ten classes
    epochs: int = 18
    pixels: float = 2  # the farthest move of an image along each axis
    degrees: float = 11  # the farthest turn


ACCURATE = Recipe()
# *Accurate* without each of its changes. What takes the place of a change is what *document* has.
WITHOUT = {
    "batch normalization": replace(ACCURATE, batch_normalization=False),
    "Adam": replace(ACCURATE, optimizer="RMSprop"),
    "warm-up and decay": replace(ACCURATE, warm_up_and_decay=False),
    "smoothed labels": replace(ACCURATE, smoothing=0),
    "18 epochs in place of 5": replace(ACCURATE, epochs=5),
    "moves": replace(ACCURATE, pixels=0),
    "turns": replace(ACCURATE, degrees=0),
}
# The rate of *accurate* is made for all changes together. Without one of these three, another rate
# may suit.
NEW_RATE = "batch normalization", "Adam", "warm-up and decay"
RATES = 0.03, 0.01, 0.003, 0.001


def build_network(batch_normalization: bool) -> keras.Model:
    """Build the network of *accurate*, with batch normalization or without it.

    Batch normalization brings the bias, so the layer before it does without one.
    """

    def relu(x):
        return layers.Activation("relu")(
            layers.BatchNormalization(momentum=0.8)(x) if batch_normalization else x
        )

    use_bias = not batch_normalization
    inputs = keras.Input(shape=(28, 28, 1))
    x = layers.Conv2D(filters=16, kernel_size=5, use_bias=use_bias)(inputs)
    x = relu(layers.MaxPooling2D(pool_size=2)(x))
    x = layers.Conv2D(filters=64, kernel_size=3, use_bias=use_bias)(x)
    x = relu(layers.MaxPooling2D(pool_size=2)(x))
    x = relu(layers.Conv2D(filters=64, kernel_size=3, use_bias=use_bias)(x))
    x = relu(layers.Dense(units=64, use_bias=use_bias)(layers.Flatten()(x)))
    return keras.Model(inputs, layers.Dense(units=10, activation="softmax")(x))


def compile_network(model: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give a model the optimizer and the loss of a recipe that takes so many steps.

    With warm-up and decay, the rate rises for a quarter of the steps and falls to 0.
    """
    rate = recipe.rate
    if recipe.warm_up_and_decay:
        rising = steps // 4
        rate = keras.optimizers.schedules.CosineDecay(
            recipe.rate / 10, steps - rising, warmup_target=recipe.rate, warmup_steps=rising
        )
    if recipe.optimizer == "Adam":
        optimizer = keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.95)
    else:
        optimizer = keras.optimizers.RMSprop(rate)
    model.compile(optimizer, keras.losses.CategoricalCrossentropy(label_smoothing=recipe.smoothing))


def move_and_turn(images: tf.Tensor, pixels: float, degrees: float) -> tf.Tensor:
    """Return images of shape (n, height, width, channels), each moved and turned at random.

    `pixels` of a move along each axis and `degrees` of a turn are the most either way.
    """
    count = tf.shape(images)[0]
    middle = (images.shape[1] - 1) / 2
    shares = tf.random.uniform((3, count), -1, 1)
    radians = shares[0] * math.radians(degrees)
    cos, sin = tf.cos(radians), tf.sin(radians)
    right = middle * (1 - cos + sin) + shares[1] * pixels  # the middle stays, but for the move
    down = middle * (1 - sin - cos) + shares[2] * pixels
    zero = tf.zeros_like(cos)
    transforms = tf.stack([cos, -sin, right, sin, cos, down, zero, zero], axis=1)
    return keras.ops.image.affine_transform(images, transforms, fill_mode="constant")


def epoch_function(model: keras.Model, images: np.ndarray, labels: np.ndarray, recipe: Recipe):
    """Return a function that trains a compiled model for an epoch.

    The images are float32 of shape (n, 28, 28, 1), and the labels have the shape (n, 10). The
    function takes the order of the images, int32 of shape (n,), and whether they are moved and
    turned. The last step takes what is left, so n is even.
    """
    images, labels = tf.constant(images), tf.constant(labels)
    variables = model.trainable_variables
    model.optimizer.build(variables)

    def gradients(indices, is_moved):
        x, y = tf.gather(images, indices), tf.gather(labels, indices)
        if is_moved:
            x = move_and_turn(x, recipe.pixels, recipe.degrees)
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=True))
        return tape.gradient(loss, variables)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.bool)])
    def run_epoch(order, is_moved):
        for start in tf.range(0, tf.shape(order)[0], BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            middle = tf.shape(batch)[0] // 2
            first = gradients(batch[:middle], is_moved)
            second = gradients(batch[middle:], is_moved)
            means = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
            model.optimizer.apply(means, variables)

    return run_epoch


def renew_statistics(model: keras.Model, images: np.ndarray, size: int = 1000) -> None:
    """Give each batch normalization the mean statistics of these images, in batches."""
    for number, start in enumerate(range(0, len(images), size)):
        for layer in model.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.momentum = number / (number + 1)  # so that it takes the mean of all batches
        model(images[start : start + size], training=True)


def train_accurate(
    recipe: Recipe, seed: int, images: np.ndarray, labels: np.ndarray
) -> keras.Model:
    """Train a network by *accurate*, or by *accurate* without a change.

    The images are uint8 of shape (n, 28, 28), and the labels are whole numbers of shape (n,).
    """
    keras.utils.set_random_seed(seed)
    images = mnist.prepare(images)
    model = build_network(recipe.batch_normalization)
    compile_network(model, recipe, recipe.epochs * math.ceil(len(images) / BATCH_SIZE))
    run_epoch = epoch_function(model, images, keras.utils.to_categorical(labels, 10), recipe)
    rng = np.random.default_rng(seed)
    for epoch in range(recipe.epochs):
        order = rng.permutation(len(images)).astype(np.int32)
        run_epoch(order, epoch < recipe.epochs - UNMOVED_EPOCHS)
    renew_statistics(model, images[:STATISTICS_COUNT])
    return model
