"""Import TensorFlow and Keras, and start TensorFlow, without their start-up chatter.

Its C++ code writes a dozen lines about processors and drivers to file descriptor 2 while it is
imported and makes its devices. They look like errors to a newcomer and no Python setting silences
them all, so the descriptor points to a temporary file, which is shown if the import fails.
"""

import os
import sys
import tempfile

# Both must be set before the import. Level 3 leaves errors that stop a program: they are raised.
# The backend of the environment or of keras.json may be another project's.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

saved = os.dup(2)
with tempfile.TemporaryFile() as held_back:
    try:
        os.dup2(held_back.fileno(), 2)
        try:
            import keras
            import tensorflow as tf

            tf.zeros(1)  # the first operation makes the devices, the last thing that is logged
        finally:
            os.dup2(saved, 2)
            os.close(saved)
    except BaseException:
        held_back.seek(0)
        sys.stderr.write(held_back.read().decode(errors="replace"))  # which a notebook shows
        raise

tf.get_logger().setLevel("WARNING")  # in a notebook it tells of each exchange between devices

__all__ = ["keras", "tf"]
