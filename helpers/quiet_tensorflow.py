"""Import TensorFlow and Keras without their start-up chatter, and leave TensorFlow unstarted.

TensorFlow starts with its first operation. What divides a machine into several devices, or makes
it one of several machines, has to be said before that; all else imports from `helpers.backend`.

Its C++ code writes a dozen lines about processors and drivers to file descriptor 2 while it is
imported and lists devices. They look like errors to a newcomer and no Python setting silences them
all, so the descriptor points to a temporary file, which is shown if the import fails.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_descriptor() -> Iterator[None]:
    """Hold back what is written to file descriptor 2; show it if the block raises."""
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            if failed:
                held_back.seek(0)
                sys.stderr.write(held_back.read().decode(errors="replace"))


# Both must be set before the import. Level 3 leaves errors that stop a program: they are raised.
# The backend of the environment or of keras.json may be another project's.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

with quiet_descriptor():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices()

tf.get_logger().setLevel("WARNING")  # in a notebook it tells of each exchange between devices

__all__ = ["keras", "quiet_descriptor", "tf"]
