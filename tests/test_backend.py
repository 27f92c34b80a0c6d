"""TensorFlow starts without a word, and a real error still shows."""

import os
import runpy
import subprocess
import sys
from types import SimpleNamespace

import pytest

from helpers.files import ROOT


def run(code, **environment):
    """Run Python code in a process of its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    call = {"cwd": ROOT, "env": inherited | environment, "capture_output": True, "text": True}
    return subprocess.run([sys.executable, "-c", code], **call)


def test_the_first_import_and_all_that_follows_is_silent():
    """Also where Keras is set to another backend, and what must be said before TensorFlow starts.

    Here that is that one processor is two devices.
    """
    result = run(
        "from helpers.quiet_tensorflow import tf\n"
        "processor = tf.config.list_physical_devices('CPU')[0]\n"
        "one = tf.config.LogicalDeviceConfiguration()\n"
        "tf.config.set_logical_device_configuration(processor, [one, one])\n"
        "from helpers.backend import keras, tf\n"
        "print(keras.backend.backend(), len(tf.config.list_logical_devices('CPU')))\n"
        "tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])\n"
        "from helpers.model import build_model\n"
        "build_model().summary()\n"
        "import os; os.write(2, b'a real message')",
        KERAS_BACKEND="jax",
    )
    assert (result.returncode, result.stderr) == (0, "a real message")
    assert result.stdout.startswith("tensorflow 2\n") and "104,202" in result.stdout


def test_a_keras_that_was_started_with_another_backend_is_named(monkeypatch):
    started = SimpleNamespace(backend=SimpleNamespace(backend=lambda: "jax"))
    monkeypatch.setitem(sys.modules, "keras", started)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(ImportError, match=r"started with jax.*Restart the kernel"):
        runpy.run_path(str(ROOT / "helpers" / "quiet_tensorflow.py"))


def test_an_import_that_fails_shows_its_error_and_what_was_held_back():
    result = run(
        "import os, sys\n"
        "class Broken:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tensorflow':\n"
        "            os.write(2, b'libdevice is broken\\n')\n"
        "            raise ImportError('DLL load failed')\n"
        "sys.meta_path.insert(0, Broken())\n"
        "import helpers.backend"
    )
    assert result.returncode != 0
    assert "libdevice is broken" in result.stderr and "DLL load failed" in result.stderr
