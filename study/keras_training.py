"""Train a Keras recipe against the clock."""

import time

import numpy as np

from helpers import mnist
from helpers.backend import keras
from study import halves
from study.recipes import Recipe


def train(recipe: Recipe, images, labels, seed: int, epochs: int | None = None) -> tuple:
    """Train on images, uint8 of shape (n, 28, 28), and labels, (n,), for these epochs or its own.

    The first steps in a process are slow, since TensorFlow makes ready what it runs. Here and in
    torch_training.py they are taken before the clock starts, and what they have learned is undone.

    Return a function from such images to digits, the seconds of training, the parameters' number.
    """
    keras.config.disable_interactive_logging()
    keras.config.set_dtype_policy(recipe.policy)
    keras.utils.set_random_seed(seed)
    epochs = epochs or recipe.epochs
    images = mnist.prepare(images)
    labels = keras.utils.to_categorical(labels, 10) if recipe.one_hot else labels
    settings = {"batch_size": recipe.batch_size, "validation_split": recipe.validation_split}

    model = recipe.build()
    if len(model.output_shape) == 3:  # several networks in one, each with these labels
        labels = np.repeat(labels[:, None], model.output_shape[1], axis=1)
    recipe.compile(model, epochs * -(-len(images) // recipe.batch_size))
    model.optimizer.build(model.trainable_variables)
    variables = model.variables + model.optimizer.variables
    fresh = [variable.numpy() for variable in variables]
    warm = 2 * recipe.batch_size
    if recipe.halves:
        epoch = halves.epoch_function(model, images, labels, recipe.batch_size)
        epoch(np.arange(warm, dtype=np.int32))
    else:
        model.fit(images[:warm], labels[:warm], **settings, verbose=0)
    for variable, value in zip(variables, fresh, strict=True):
        variable.assign(value)

    start = time.perf_counter()
    if recipe.halves:
        halves.fit(epoch, model, len(images), epochs, seed)
    else:
        model.fit(images, labels, epochs=epochs, **settings, verbose=0)
    seconds = time.perf_counter() - start

    def predict(images):
        probabilities = model.predict(mnist.prepare(images), batch_size=1000)
        return probabilities.reshape(len(images), -1, 10).mean(axis=1).argmax(axis=1)

    return predict, seconds, model.count_params()
