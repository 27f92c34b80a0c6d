"""Train a compiled Keras model with each batch split in halves that two cores work on at once.

`fit` lets all cores share each operation, and those of a small network are so short that the cores
mostly wait for each other. Here they meet once a step, where the mean of the halves' gradients
moves the weights: the same step, but that batch normalization takes each half by itself. It needs
one thread for an operation: TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=2.
"""

from helpers.backend import keras, tf


def epoch_function(model: keras.Model, network: keras.Model, images, labels, batch_size: int):
    """Return a function from an order, int32 indices, to the mean loss of training in that order.

    The model's optimizer is built. Images are float32 of shape (n, 28, 28, 1), labels as the loss
    takes them; n and `batch_size` are even. The last step takes what is left. The `network` that
    answers is the model, or one within it: for example without the layer that moves images.
    """
    images, labels = tf.constant(images), tf.constant(labels)
    variables = model.trainable_variables

    def gradients(indices):
        x, y = tf.gather(images, indices), tf.gather(labels, indices)
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x=x, y=y, y_pred=network(x, training=True))
        return tape.gradient(loss, variables), loss

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def run(order):
        total = 0.0
        for start in tf.range(0, tf.shape(order)[0], batch_size):
            batch = order[start : start + batch_size]
            middle = tf.shape(batch)[0] // 2
            first, first_loss = gradients(batch[:middle])
            second, second_loss = gradients(batch[middle:])
            means = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
            model.optimizer.apply(means, variables)
            share = tf.cast(tf.shape(batch)[0], tf.float32) / 2
            total += share * (tf.cast(first_loss, tf.float32) + tf.cast(second_loss, tf.float32))
        return total / tf.cast(tf.shape(order)[0], tf.float32)

    return run
