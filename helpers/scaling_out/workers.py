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

LOG_LINE = re.compile(r"WARNING: All log messages before absl|[IW]\d{4} ")  # not errors


class Ended(NamedTuple):
    """What is left of a worker: its exit code, what it printed, its result, and its complaint.

    Older TensorFlows log each step of the meeting; such lines are left out of the complaint.
    """

    code: int
    printed: list[str]
    result: dict
    error: str


def free_addresses(count: int) -> list[str]:
    """Return addresses on this machine at which nobody listens, as `localhost:port`."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("", 0))
        return [f"localhost:{one.getsockname()[1]}" for one in sockets]


def start(count: int, *options: object) -> list[subprocess.Popen]:
    """Start `python -m helpers.scaling_out.worker` with `options`, once for each worker.

    Args:
        count: how many; a single one works without `TF_CONFIG`.
        options: of its command line; whatever they are, they become text.

    Raises:
        ValueError: `count` is not a whole number from 1 to 8.
    """
    count = expect.whole("count", count, 1, 8)
    addresses = free_addresses(count)
    configs = [cluster.config(addresses, i) for i in range(count)] if count > 1 else [""]
    return [start_one(text, *options) for text in configs]


def start_one(tf_config: str, *options: object) -> subprocess.Popen:
    """Start one worker with `tf_config` as its `TF_CONFIG`; see `start`."""
    return start_python(tf_config, "-m", "helpers.scaling_out.worker", *options)


def start_python(tf_config: str, *arguments: object) -> subprocess.Popen:
    """Start this Python with other arguments, as a worker is started."""
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"TF_CONFIG": tf_config},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def wait_for_checkpoint(processes: list[subprocess.Popen], folder: Path, wait: float = 300) -> None:
    """Wait until there is a checkpoint in the folder.

    Raises:
        RuntimeError: a worker has ended before, or `wait` seconds are over.
    """
    end = time.monotonic() + wait
    while not (Path(folder) / "checkpoint").exists():
        if any(process.poll() is not None for process in processes) or time.monotonic() > end:
            complaints = [ended.error for ended in finish(processes, wait=10)]
            raise RuntimeError(f"There is no checkpoint in {folder}. The workers say: {complaints}")
        time.sleep(0.05)


def finish(processes: list[subprocess.Popen], wait: float = 600) -> list[Ended]:
    """Wait until all have ended, and return what they left; kill them after `wait` seconds."""
    with ThreadPoolExecutor(len(processes)) as pool:  # read at once: a full pipe holds its writer
        return list(pool.map(lambda process: _finish_one(process, wait), processes))


def _finish_one(process: subprocess.Popen, wait: float) -> Ended:
    try:
        output, error = process.communicate(timeout=wait)
    except subprocess.TimeoutExpired:
        process.kill()
        output, error = process.communicate()
    printed = output.splitlines()
    last = printed[-1] if printed else ""
    result = json.loads(last) if process.returncode == 0 and last.startswith("{") else {}
    said = [line for line in error.splitlines() if not LOG_LINE.match(line)]
    return Ended(process.returncode, printed, result, "\n".join(said).strip())
