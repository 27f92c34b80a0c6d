"""Train a Keras recipe against the clock."""

import time

import numpy as np

from helpers import mnist
from helpers.backend import keras
from helpers.model import compile_model
from study.recipes import Recipe
from study.split_batch import epoch_function


def compile_with_warm_up(model: keras.Model, peak: float, steps: int) -> None:
    """Give a model a rate that rises for a quarter of the steps and falls to 0, and Adam."""
    rising = max(steps // 4, 1)
    warm_up = {"warmup_target": peak, "warmup_steps": rising}
    rate = keras.optimizers.schedules.CosineDecay(peak / 10, max(steps - rising, 1), **warm_up)
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    model.compile(keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.95), loss)


def renew_statistics(model: keras.Model, images: np.ndarray, size: int = 1000) -> None:
    """Give each batch normalization the mean statistics of these images, in batches."""
    for number, start in enumerate(range(0, len(images), size)):
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = number / (number + 1)  # so that it takes the mean of all batches
        model(images[start : start + size], training=True)


def train(recipe: Recipe, images, labels, seed: int):
    """Train on images, uint8 of shape (n, 28, 28), and their labels, of shape (n,).

    The first steps, which are slow, are taken before the clock starts, and what they have learned
    is undone. Return a function from such images to log-probabilities of shape (n, 10), the seconds
    of training, and the number of parameters.
    """
    keras.config.disable_interactive_logging()
    keras.config.set_dtype_policy(recipe.policy)
    keras.utils.set_random_seed(seed)
    images, model = mnist.prepare(images), recipe.build()
    size, epochs = recipe.batch_size, recipe.epochs
    if recipe.peak_rate:
        labels = keras.utils.to_categorical(labels, 10)
        compile_with_warm_up(model, recipe.peak_rate, epochs * -(-len(images) // size))
    else:
        compile_model(model)
    model.optimizer.build(model.trainable_variables)
    variables = model.variables + model.optimizer.variables
    values_at_first = [variable.numpy() for variable in variables]
    without_augmentation = recipe.epochs_without_augmentation
    if recipe.split_batch:
        networks = [model, model.layers[-1]] if without_augmentation else [model]
        runs = [epoch_function(model, network, images, labels, size) for network in networks]
        for run in runs:
            run(np.arange(2 * size, dtype=np.int32))
    else:
        model.fit(images[: 2 * size], labels[: 2 * size], size, verbose=0)
    for variable, value in zip(variables, values_at_first, strict=True):
        variable.assign(value)

    rng, start = np.random.default_rng(seed), time.perf_counter()
    if recipe.split_batch:
        for epoch in range(epochs):
            run = runs[-1] if epochs - epoch <= without_augmentation else runs[0]
            float(run(rng.permutation(len(images)).astype(np.int32)))  # waits for the result
        if without_augmentation:
            renew_statistics(networks[-1], images[:20_000])
    else:
        model.fit(images, labels, size, epochs, verbose=0)
    seconds = time.perf_counter() - start

    def log_probabilities(images):
        return np.log(model.predict(mnist.prepare(images), batch_size=1000) + 1e-9)

    return log_probabilities, seconds, model.count_params()
