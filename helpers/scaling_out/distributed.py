"""The network and the recipe of the lesson on any number of replicas, in TensorFlow's own loop.

Keras's `fit` can't do it on several machines, so this is the custom training loop that TensorFlow
documents for them (tensorflow.org/tutorials/distribute/multi_worker_with_ctl).
"""

import hashlib
import time
from collections.abc import Callable, Iterator

import numpy as np

from helpers import expect
from helpers.quiet_tensorflow import keras, tf


def make_steps(strategy, model, optimizer, batch_size: int) -> Callable:
    """Return a function (batches, count) that trains for `count` steps and returns the last loss.

    Args:
        strategy: a `tf.distribute.Strategy`, in whose scope model and optimizer were made.
        model: from images to probabilities.
        optimizer: a Keras optimizer.
        batch_size: the global batch: the images of one step, on all replicas together.
    """

    def on_one_replica(images, labels):
        with tf.GradientTape() as tape:
            probabilities = model(images, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
            loss = tf.nn.compute_average_loss(losses, global_batch_size=batch_size)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)  # adds up those of all replicas
        return loss

    @tf.function
    def steps(batches, count):
        for _ in tf.range(count - 1):
            strategy.run(on_one_replica, args=next(batches))
        parts = strategy.run(on_one_replica, args=next(batches))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, parts, axis=None)

    return steps


def batches(strategy, images, labels, batch_size: int, order: np.ndarray) -> Iterator:
    """Return an iterator over global batches, of which each replica gets its own part.

    `images` are float32, shape (n, 28, 28, 1), 0 to 1, and `labels` 0 to 9, shape (n,). `order`,
    shape (m,), has indices into them, the same on all workers; those that don't fill a last global
    batch are left out. Anything else, or an order that doesn't fill one batch, is a ValueError.
    """
    images = expect.numbers("images", images, ("images", 28, 28, 1), dtype="float32")
    labels = expect.labels("labels", labels, len(images), 10)
    order = expect.numbers("order", order, ("indices",), "ui")
    order = expect.labels("order", order, len(order), len(images))
    batch_size = expect.integer("batch_size", batch_size, 1, len(order))
    full = order[: len(order) // batch_size * batch_size]
    # NumPy arrays in the function below would be written into its graph, number by number.
    images, labels = tf.constant(images), tf.constant(labels)
    data = tf.data.Dataset.from_tensor_slices(full).batch(batch_size)
    data = data.map(lambda indices: (tf.gather(images, indices), tf.gather(labels, indices)))
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return iter(strategy.experimental_distribute_dataset(data.with_options(options)))


def sum_over_replicas(strategy, number: int) -> int:
    """Return the sum of a whole number over all replicas, each of which brings its own."""

    @tf.function
    def add_up(own):
        return strategy.reduce("SUM", strategy.run(tf.identity, args=(own,)), axis=None)

    return int(add_up(tf.constant(number)))


def exchange_seconds(strategy, numbers: int, repeats: int = 200) -> float:
    """Return the seconds of an all-reduce of so many float32 numbers from each replica.

    They are the median of five tries, each of `repeats` all-reduces.
    """

    @tf.function
    def exchange(values):
        for _ in tf.range(repeats):
            parts = strategy.run(tf.identity, args=(values,))
            values = strategy.reduce("MEAN", parts, axis=None)
        return values

    seconds = []
    values = exchange(tf.ones(numbers))  # the first call is slow: it prepares the others
    for _ in range(5):
        start = time.perf_counter()
        values = exchange(values)
        values.numpy()  # waits until they are there
        seconds.append((time.perf_counter() - start) / repeats)
    return float(np.median(seconds))


def accuracy(model, images, labels) -> float:
    """Return the share of right answers; images and labels as for `batches`."""
    answer = tf.function(lambda some: tf.argmax(model(some, training=False), axis=1))
    parts = range(0, len(images), 1000)
    answers = np.concatenate([answer(images[part : part + 1000]) for part in parts])
    return float(np.mean(answers == labels))


def digest(model) -> str:
    """Return the first 16 digits of the weights' SHA-256: equal for equal weights, bit for bit."""
    weights = b"".join(variable.numpy().tobytes() for variable in model.variables)
    return hashlib.sha256(weights).hexdigest()[:16]
