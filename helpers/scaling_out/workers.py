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
from types import SimpleNamespace

from helpers import expect
from helpers.files import ROOT
from helpers.scaling_out import cluster

# TensorFlow before 2.20 logs how the workers find each other. Such lines are no errors.
LOG_LINE = re.compile(r"WARNING: All log messages before absl|[IW]\d{4} ")


def start(count: int, *options: object) -> list[subprocess.Popen]:
    """Start a cluster of `count` workers, 2 to 8, on this machine, each with these `options`."""
    addresses = free_addresses(expect.integer("count", count, 2, 8))
    command = [sys.executable, "-m", "helpers.scaling_out.worker", *map(str, options)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    configs = [{"TF_CONFIG": cluster.config(addresses, index)} for index in range(count)]
    return [subprocess.Popen(command, cwd=ROOT, env=os.environ | one, **pipes) for one in configs]


def free_addresses(count: int) -> list[str]:
    """Return addresses on this machine at which nobody listens, as `localhost:port`."""
    with ExitStack() as stack:  # all are held until each has its own
        held = [stack.enter_context(socket.create_server(("", 0))) for _i in range(count)]
        return [f"localhost:{one.getsockname()[1]}" for one in held]


def wait_for_checkpoint(processes: list[subprocess.Popen], folder: Path) -> None:
    """Wait for a checkpoint; RuntimeError if a worker has ended before."""
    while not (Path(folder) / "checkpoint").exists():
        if any(process.poll() is not None for process in processes):
            for process in processes:
                process.terminate()
            complaints = [ended.error for ended in finish(processes)]
            raise RuntimeError(f"There is no checkpoint in {folder}. The workers say: {complaints}")
        time.sleep(0.05)


def finish(processes: list[subprocess.Popen]) -> list[SimpleNamespace]:
    """Wait until all have ended, as they do when one is lost; return what each has left.

    That is its exit `code`, its `result` (empty unless the code is 0) and its complaint, `error`.
    """

    def finish_one(process):
        output, error = process.communicate()
        result = json.loads(output.splitlines()[-1]) if process.returncode == 0 else {}
        said = [line for line in error.splitlines() if not LOG_LINE.match(line)]
        error = "\n".join(said).strip()
        return SimpleNamespace(code=process.returncode, result=result, error=error)

    with ThreadPoolExecutor(len(processes)) as pool:  # read at once: a full pipe holds its writer
        return list(pool.map(finish_one, processes))
