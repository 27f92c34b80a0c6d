"""Start the workers of a cluster as processes of this machine, to try out what several would do."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from helpers import expect
from helpers.files import ROOT
from helpers.scaling_out import cluster

# Older TensorFlows log each step of the meeting. Such lines are no errors.
LOG_LINE = re.compile(r"WARNING: All log messages before absl|[IW]\d{4} ")


class Ended(NamedTuple):
    """What is left of a worker: its exit code, what it printed, its result, and its complaint."""

    code: int
    printed: list[str]
    result: dict
    error: str


def free_addresses(count: int) -> list[str]:
    """Return addresses on this machine at which nobody listens, as `localhost:port`."""
    with ExitStack() as stack:  # all are held until each has its own
        sockets = [stack.enter_context(socket.create_server(("", 0))) for _ in range(count)]
        return [f"localhost:{one.getsockname()[1]}" for one in sockets]


def start(count: int, *options: object) -> list[subprocess.Popen]:
    """Start a cluster of `count` workers, 2 to 8 or ValueError.

    Each is `python -m helpers.scaling_out.worker` with `options`, which become text.
    """
    count = expect.integer("count", count, 2, 8)
    addresses = free_addresses(count)
    return [start_one(cluster.config(addresses, i), *options) for i in range(count)]


def start_one(tf_config: str, *options: object) -> subprocess.Popen:
    """Start one worker with `tf_config` as its `TF_CONFIG`; see `start`."""
    return start_python(tf_config, "-m", "helpers.scaling_out.worker", *options)


def start_python(tf_config: str, *arguments: object) -> subprocess.Popen:
    """Start this Python with other arguments, as a worker is started."""
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | {"TF_CONFIG": tf_config}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)


def wait_for_checkpoint(processes: list[subprocess.Popen], folder: Path, wait: float = 300) -> None:
    """Wait for a checkpoint; RuntimeError if a worker has ended before, or `wait` seconds go by."""
    end = time.monotonic() + wait
    while not (Path(folder) / "checkpoint").exists():
        if any(process.poll() is not None for process in processes) or time.monotonic() > end:
            complaints = [ended.error for ended in finish(processes, wait=10)]
            raise RuntimeError(f"There is no checkpoint in {folder}. The workers say: {complaints}")
        time.sleep(0.05)


def finish(processes: list[subprocess.Popen], wait: float = 600) -> list[Ended]:
    """Wait until all have ended, and return what they left; kill them after `wait` seconds."""

    def finish_one(process):
        try:
            output, error = process.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            process.kill()
            output, error = process.communicate()
        printed = output.splitlines()
        ended_well = process.returncode == 0 and printed and printed[-1].startswith("{")
        said = [line for line in error.splitlines() if not LOG_LINE.match(line)]
        result = json.loads(printed[-1]) if ended_well else {}
        return Ended(process.returncode, printed, result, "\n".join(said).strip())

    with ThreadPoolExecutor(len(processes)) as pool:  # read at once: a full pipe holds its writer
        return list(pool.map(finish_one, processes))
