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
from pathlib import Path

from helpers.common import pytorch
from helpers.common.files import ROOT
from helpers.common.language import _

TIMEOUT = 300  # seconds
# What runs in each worker. The strategy has to be made before TensorFlow's first operation.
PROGRAM = """import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
import json
import numpy as np
from helpers import mnist
from helpers.common.backend import keras
from helpers.model import build_model

(images, labels), _ = mnist.load_data()
images, labels = mnist.prepare(images[:6_400]), labels[:6_400]
{source}
print(json.dumps({name}(strategy), default=np.ndarray.tolist))
"""


def run(function: Callable, count: int, *needed: Callable) -> list:
    """Call `function(strategy)` in `count` workers; return what each returns, worker 0 first.

    The workers run the source of the function and of the functions that it needs. These functions
    may use one another, the imports of PROGRAM, and its 6,400 images and labels, but nothing else
    of a notebook. The function returns something that JSON can hold; arrays become lists. If a
    worker fails or all take longer than TIMEOUT seconds, all are ended, and a RuntimeError has the
    last line that each of them wrote.
    """
    source = "\n\n".join(inspect.getsource(part) for part in (*needed, function))
    program = PROGRAM.format(source=source, name=function.__name__)
    with ExitStack() as stack:
        processes = []
        outputs = []
        errors = []
        for configuration in configurations(count):
            outputs.append(stack.enter_context(tempfile.TemporaryFile()))
            errors.append(stack.enter_context(tempfile.TemporaryFile()))
            process = _start_worker(program, configuration, outputs[-1], errors[-1])
            processes.append(stack.enter_context(process))
            stack.callback(process.kill)
        codes = _wait(processes)
        last_lines = [_last_line(output) for output in outputs]
        last_errors = [_last_line(error) for error in errors]
    if not any(codes) and None in codes:
        problem = _(
            "The workers took more than {seconds} seconds, and said: {errors}",
            seconds=TIMEOUT,
            errors=last_errors,
        )
        raise RuntimeError(problem)
    if any(codes):
        raise RuntimeError(
            _("The workers ended with {codes}, and said: {errors}", codes=codes, errors=last_errors)
        )
    return [json.loads(line) for line in last_lines]


def run_in_torch(program: str, count: int) -> str:
    """Run a PyTorch program in `count` processes by torchrun, and return what they print.

    Where PyTorch is missing, return a sentence that says how to install it. Raise RuntimeError with
    the end of what they wrote if a process fails, or if they take longer than TIMEOUT seconds.
    """
    how_to_install = pytorch.say_if_missing()
    if how_to_install:
        return how_to_install
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "program.py")
        file.write_text(program, encoding="utf-8")
        torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        try:
            result = subprocess.run(
                [*torchrun, "--nproc-per-node", str(count), str(file)],
                capture_output=True,
                text=True,
                encoding="utf-8",
                env=environment,
                timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired as expired:
            problem = _("The processes took more than {seconds} seconds.", seconds=TIMEOUT)
            raise RuntimeError(problem) from expired
    if result.returncode != 0:
        raise RuntimeError(
            _("The processes failed, and said: {errors}", errors=result.stderr[-2000:])
        )
    return result.stdout.strip()


def _start_worker(program: str, configuration: str, output, error) -> subprocess.Popen:
    """Start a process that runs a program, and writes into two files."""
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=output,
        stderr=error,
        env=os.environ | {"TF_CONFIG": configuration, "PYTHONUTF8": "1"},
        cwd=ROOT,
    )


def _wait(processes: list[subprocess.Popen]) -> list[int | None]:
    """Wait until all have ended, or one has failed, or TIMEOUT seconds; return their exit codes."""
    end = time.monotonic() + TIMEOUT
    while True:
        codes = [process.poll() for process in processes]
        # If one has failed, the others would wait for it.
        if None not in codes or any(codes) or time.monotonic() > end:
            return codes
        time.sleep(0.05)


def _last_line(stream) -> str:
    """Return the last line that a process has written into a temporary file, or "nothing"."""
    stream.seek(0)
    lines = stream.read().splitlines()
    return lines[-1].decode(errors="replace") if lines else _("nothing")


def configurations(count: int) -> list[str]:
    """Return a `TF_CONFIG` for each worker, with free addresses of this machine."""
    with ExitStack() as stack:  # all ports are held until each worker has its own
        servers = [stack.enter_context(socket.create_server(("", 0))) for _worker in range(count)]
        cluster = {"worker": [f"localhost:{server.getsockname()[1]}" for server in servers]}
    tasks = [{"type": "worker", "index": index} for index in range(count)]
    return [json.dumps({"cluster": cluster, "task": task}) for task in tasks]
