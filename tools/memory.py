"""Measure the memory and the time that one learner takes, notebook by notebook.

    python -m tools.memory

It runs each of the four notebooks in a kernel of its own, which takes a few minutes, starts
JupyterLab once, and writes what it found to helpers/data/memory.json. It reads Linux's own account
of each process, so it works on Linux alone, which is where JupyterHub runs.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime, timezone
from pathlib import Path
from unittest.mock import patch

import nbformat

from helpers.files import replacing
from helpers.scaling_out.records import MEMORY_FILE
from tools.execute import execute, lesson

ASK = 'print(open("/proc/self/status").read())'  # the last cell, which the kernel runs for us
MEGABYTE = 1_000_000


def measure(notebook: Path) -> dict[str, float]:
    """Run a notebook in a fresh kernel.

    Returns:
        `peak_mb`: the most memory that the kernel had at once, in megabytes. `start_seconds`:
        until its first cell is done, which imports and loads. `run_seconds`: until its last is.

    Raises:
        RuntimeError: a cell failed, or the system is not Linux.
    """
    cells = nbformat.read(notebook, as_version=4)
    cells.cells.append(nbformat.v4.new_code_cell(ASK))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / notebook.name
        nbformat.write(cells, copy)
        with patch.dict(os.environ, HELLO_MNIST_ARTIFACTS=folder):  # the kernel inherits it
            start = time.time()
            executed = execute(copy)
    if executed.failure:
        raise RuntimeError(executed.failure)
    code = [cell for cell in executed.notebook.cells if cell.cell_type == "code"]
    first = next(cell for cell in code if "colab" not in cell.metadata.get("tags", []))
    done = datetime.fromisoformat(first.metadata.papermill.end_time)
    done = done if done.tzinfo else done.replace(tzinfo=timezone.utc)
    return {
        "peak_mb": peak_mb(code[-1].outputs[0].text),
        "start_seconds": round(done.timestamp() - start, 1),
        "run_seconds": round(executed.seconds, 1),
    }


def peak_mb(status: str) -> int:
    """Return the peak in megabytes from the text of /proc/<process>/status."""
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    if not found:
        raise RuntimeError("this system doesn't tell a process's peak memory; Linux does")
    return round(int(found[1]) * 1024 / MEGABYTE)


def server_mb() -> int:
    """Return the peak memory of a JupyterLab server that has shown its page once."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("CONFIG_DIR", "RUNTIME_DIR", "DATA_DIR")
        environment = os.environ | {f"JUPYTER_{name}": folder for name in names}
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += ["--ServerApp.port=0", "--IdentityProvider.token=", f"--notebook-dir={folder}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(command, env=environment, **quiet)
        try:
            end = time.monotonic() + 120
            while not (found := list(Path(folder).glob("jpserver-*.json"))):
                if server.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("JupyterLab did not start")
                time.sleep(0.2)
            time.sleep(2)  # until its file is complete, and it answers
            address = json.loads(found[0].read_text(encoding="utf-8"))["url"]
            urllib.request.urlopen(f"{address}lab", timeout=60).read()
            return peak_mb(Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8"))
        finally:
            server.terminate()
            server.wait()


def main(arguments: list[str] | None = None) -> None:
    """Measure and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=MEMORY_FILE, help="default: %(default)s")
    options = parser.parse_args(arguments)
    record = {
        "command": "python -m tools.memory",
        "measured": "peak resident memory in megabytes; seconds, which vary with the load",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "server_mb": server_mb(),
        "notebooks": {path.stem: measure(path) for path in lesson()},
    }
    with replacing(options.output) as path:
        path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"written: {options.output}")


if __name__ == "__main__":
    main()
