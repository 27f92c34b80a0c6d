"""Train a Keras recipe by `fit` or with each batch split in halves.

`fit` lets all cores share each operation, and those of a small network are so short that the
cores mostly wait for each other. Two halves of a batch, worked on at once, meet once a step,
where the mean of their gradients moves the weights: the same step, but that batch
normalization takes each half by itself. `measure` gives each half a thread.
"""

import numpy as np

from helpers import mnist
from helpers.common.backend import keras, tf
from helpers.model import compile_model
from study.recipes import Recipe, move_and_turn


def compile_recipe(model: keras.Model, recipe: Recipe, steps: int) -> None:
    """Give a model the optimizer and the loss of a recipe that takes so many steps.

    With warm-up and decay, the rate rises for a quarter of the steps and falls to 0.
    """
    rate = recipe.rate
    if recipe.warm_up_and_decay:
        rising = steps // 4
        warm_up = {"warmup_target": recipe.rate, "warmup_steps": rising}
        rate = keras.optimizers.schedules.CosineDecay(recipe.rate / 10, steps - rising, **warm_up)
    if recipe.optimizer == "Adam":
        optimizer = keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.95)
    else:
        optimizer = keras.optimizers.RMSprop(rate)
    model.compile(optimizer, keras.losses.CategoricalCrossentropy(label_smoothing=recipe.smoothing))


def renew_statistics(model: keras.Model, images: np.ndarray, size: int = 1000) -> None:
    """Give each batch normalization the mean statistics of these images, in batches."""
    for number, start in enumerate(range(0, len(images), size)):
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = number / (number + 1)  # so that it takes the mean of all batches
        model(images[start : start + size], training=True)


def epoch_function(model: keras.Model, images, labels, recipe: Recipe):
    """Return a function that trains for an epoch in an order, int32 indices, augmented or not.

    The model's optimizer is built. Images are float32 of shape (n, 28, 28, 1), labels as the
    loss takes them; n and the recipe's `batch_size` are even. The last step takes what is left.
    """
    images, labels = tf.constant(images), tf.constant(labels)
    variables, batch_size = model.trainable_variables, recipe.batch_size

    def gradients(indices, augmented):
        x, y = tf.gather(images, indices), tf.gather(labels, indices)
        if augmented:
            x = move_and_turn(x, recipe.pixels, recipe.degrees)
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=True))
        return tape.gradient(loss, variables)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.bool)])
    def run(order, augmented):
        for start in tf.range(0, tf.shape(order)[0], batch_size):
            batch = order[start : start + batch_size]
            middle = tf.shape(batch)[0] // 2
            first = gradients(batch[:middle], augmented)
            second = gradients(batch[middle:], augmented)
            means = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
            model.optimizer.apply(means, variables)

    return run


def prepare_training(recipe: Recipe, images, labels, seed: int, precision: str):
    """Prepare to train by a recipe on images, uint8 of shape (n, 28, 28), and their labels.

    A split batch is computed in a `precision`, "bfloat16" or "float32", and `fit` in float32.
    The first steps, which are slow, are taken, and what they have learned is undone. Return a
    function that trains, one from such images to log-probabilities of shape (n, 10), and the
    number of parameters.
    """
    epochs, batch_size = recipe.epochs, recipe.batch_size
    mixed = recipe.split_batch and precision == "bfloat16"
    keras.config.set_dtype_policy("mixed_bfloat16" if mixed else "float32")
    keras.utils.set_random_seed(seed)
    images, model = mnist.prepare(images), recipe.build()
    if recipe.optimizer == "lesson's":
        compile_model(model)
    else:
        labels = keras.utils.to_categorical(labels, 10)
        compile_recipe(model, recipe, epochs * -(-len(images) // batch_size))
    model.optimizer.build(model.trainable_variables)
    untrained = model.get_state_tree("numpy_array")
    if recipe.split_batch:
        run_epoch = epoch_function(model, images, labels, recipe)
        run_epoch(np.arange(2 * batch_size, dtype=np.int32), recipe.augmented)
    else:
        model.fit(images[: 2 * batch_size], labels[: 2 * batch_size], batch_size, verbose=0)
    model.set_state_tree(untrained)

    def train():
        if not recipe.split_batch:
            model.fit(images, labels, batch_size, epochs, verbose=0)
            return
        rng = np.random.default_rng(seed)
        for epoch in range(epochs):
            order = rng.permutation(len(images)).astype(np.int32)
            run_epoch(order, recipe.augmented and epoch < epochs - recipe.last_epochs)
        if recipe.augmented:
            renew_statistics(model, images[:20_000])

    def log_probabilities(images):
        return np.log(model.predict(mnist.prepare(images), 1000, verbose=0) + 1e-9)

    return train, log_probabilities, model.count_params()
