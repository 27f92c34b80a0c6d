"""TensorFlow starts without a word, and a real error still shows."""

import os
import subprocess
import sys

from helpers.files import ROOT

STARTED = """
from helpers.quiet_tensorflow import tf
processor = tf.config.list_physical_devices("CPU")[0]
one = tf.config.LogicalDeviceConfiguration()
tf.config.set_logical_device_configuration(processor, [one, one])
from helpers.backend import keras, tf
print(keras.backend.backend(), len(tf.config.list_logical_devices("CPU")))
tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
from helpers.model import build_model
build_model().summary()
import os; os.write(2, b"a real message")"""
BROKEN = """
import os, sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == "tensorflow":
            os.write(2, b"libdevice is broken")
            raise ImportError("DLL load failed")
sys.meta_path.insert(0, Broken())
import helpers.backend"""


def run(code):
    """Run Python code in a process of its own, where Keras is set to another backend."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    call = {"cwd": ROOT, "env": environment | {"KERAS_BACKEND": "jax"}, "capture_output": True}
    return subprocess.run([sys.executable, "-c", code], **call, text=True)


def test_the_first_import_and_all_that_follows_is_silent():
    """Also where something must be said before TensorFlow starts: one processor is two devices."""
    result = run(STARTED)
    assert (result.returncode, result.stderr) == (0, "a real message")
    assert result.stdout.startswith("tensorflow 2\n") and "Total params" in result.stdout


def test_an_import_that_fails_shows_its_error_and_what_was_held_back():
    error = run(BROKEN).stderr
    assert "libdevice is broken" in error and "DLL load failed" in error
