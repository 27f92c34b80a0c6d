"""Run a function in several workers at once, each a process of this machine, as on a cluster."""

import inspect
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack

from helpers.files import ROOT

WAIT = 300  # seconds
# What runs in each worker. The strategy has to be made before TensorFlow's first operation.
PROGRAM = """import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
import json
import numpy as np
from helpers import mnist
from helpers.backend import keras
from helpers.model import build_model

(images, labels), _ = mnist.load_data()
images, labels = mnist.prepare(images[:6_400]), labels[:6_400]
{source}
print(json.dumps({name}(strategy), default=np.ndarray.tolist))
"""


def run(function: Callable, count: int, *needed: Callable) -> list:
    """Call `function(strategy)` in `count` workers; return what each returns, worker 0 first.

    They run its source, and that of the functions that it needs, so these may use one another,
    what PROGRAM imports and its 6,400 images and labels, and nothing else of a notebook. It
    returns what JSON can hold; arrays become lists. If a worker fails or all take longer than
    WAIT seconds, all are ended, and a RuntimeError has the last line of what each said.
    """
    with ExitStack() as stack:
        source = "\n\n".join(map(inspect.getsource, (*needed, function)))
        program = PROGRAM.format(source=source, name=function.__name__)
        processes, streams, end = [], [], time.monotonic() + WAIT
        for configuration in configurations(count):
            out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
            environment = os.environ | {"TF_CONFIG": configuration, "PYTHONUTF8": "1"}
            options = {"stdout": out, "stderr": err, "env": environment, "cwd": ROOT}
            process = subprocess.Popen([sys.executable, "-c", program], **options)
            processes.append(stack.enter_context(process))
            stack.callback(process.kill)
            streams.append((out, err))
        while None in (codes := [process.poll() for process in processes]):
            if any(codes) or time.monotonic() > end:  # the others would wait for it
                break
            time.sleep(0.05)
        lines = [[s.seek(0) or s.read().splitlines() for s in pair] for pair in streams]
    if any(code != 0 for code in codes):
        last = [(err or [b"nothing"])[-1].decode(errors="replace") for _out, err in lines]
        raise RuntimeError(f"The workers ended with {codes}, and said: {last}")
    return [json.loads(out[-1]) for out, _err in lines]


def configurations(count: int) -> list[str]:
    """Return a `TF_CONFIG` for each worker, with addresses of this machine where nobody listens."""
    with ExitStack() as stack:  # all are held until each has its own
        servers = [stack.enter_context(socket.create_server(("", 0))) for _ in range(count)]
        cluster = {"worker": [f"localhost:{server.getsockname()[1]}" for server in servers]}
    tasks = [{"type": "worker", "index": index} for index in range(count)]
    return [json.dumps({"cluster": cluster, "task": task}) for task in tasks]
