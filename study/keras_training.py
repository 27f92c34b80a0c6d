"""Train a Keras recipe against the clock."""

import time

import numpy as np

from helpers import mnist
from helpers.backend import keras
from study import halves
from study.recipes import Recipe

LOOKS = ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))  # pixels


def normalise_anew(model: keras.Model, images: np.ndarray, size: int = 1000) -> None:
    """Give each batch normalisation the mean statistics of these images, in batches."""
    for number, start in enumerate(range(0, len(images), size)):
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = number / (number + 1)  # so that it takes the mean of all batches
        model(images[start : start + size], training=True)


def train(recipe: Recipe, images, labels, seed: int, epochs: int | None = None) -> tuple:
    """Train on images, uint8 of shape (n, 28, 28), and labels, (n,), for these epochs or its own.

    The first steps, which are slow, are taken before the clock starts, and what they have learned
    is undone. Return a function from images to digits, seconds, and the number of parameters.
    """
    keras.config.disable_interactive_logging()
    keras.config.set_dtype_policy(recipe.policy)
    keras.utils.set_random_seed(seed)
    epochs = recipe.epochs if epochs is None else epochs
    unmoved = min(recipe.unmoved, epochs)
    images = mnist.prepare(images)
    labels = keras.utils.to_categorical(labels, 10) if recipe.one_hot else labels
    settings = {"batch_size": recipe.batch_size, "validation_split": recipe.validation_split}

    model = recipe.build()
    recipe.compile(model, epochs * -(-len(images) // recipe.batch_size))
    model.optimizer.build(model.trainable_variables)
    variables = model.variables + model.optimizer.variables
    fresh = [variable.numpy() for variable in variables]
    warm = 2 * recipe.batch_size
    if recipe.halves:
        still = model.layers[-1] if unmoved else None
        stages = [(None, epochs - unmoved), (still, unmoved)]
        stages = [
            (halves.epoch_function(model, images, labels, recipe.batch_size, part), times)
            for part, times in stages
            if times > 0
        ]
        for epoch, _times in stages:
            epoch(np.arange(warm, dtype=np.int32))
    else:
        model.fit(images[:warm], labels[:warm], **settings, verbose=0)
    for variable, value in zip(variables, fresh, strict=True):
        variable.assign(value)

    start = time.perf_counter()
    if recipe.halves:
        rng = np.random.default_rng(seed)
        for epoch, times in stages:
            for _epoch in range(times):
                float(epoch(rng.permutation(len(images)).astype(np.int32)))  # waits for the result
        if still:
            normalise_anew(still, images[:20_000])
    else:
        model.fit(images, labels, epochs=epochs, **settings, verbose=0)
    seconds = time.perf_counter() - start

    def predict(images):
        images = mnist.prepare(images)
        if not recipe.looks:
            return model.predict(images, batch_size=1000).argmax(axis=1)
        answers = (model.predict(np.roll(images, look, (1, 2)), batch_size=1000) for look in LOOKS)
        return sum(np.log(answer + 1e-9) for answer in answers).argmax(axis=1)

    return predict, seconds, model.count_params()
