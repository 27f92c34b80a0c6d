"""Import TensorFlow and Keras without their start-up chatter, and start TensorFlow."""

from helpers.quiet_tensorflow import keras, quiet_descriptor, tf

with quiet_descriptor():
    tf.zeros(1)  # the first operation makes the devices, which is the last thing that is logged

__all__ = ["keras", "tf"]
