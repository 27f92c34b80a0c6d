"""Measure the memory and the time that one learner takes, notebook by notebook.

    python -m tools.memory

It runs each of the four notebooks in a kernel of its own, which takes a few minutes, starts
JupyterLab once, and writes what it found to helpers/data/memory.json. It reads Linux's own account
of each process, so it works on Linux alone, which is where JupyterHub runs.
"""

import json
import os
import platform
import re
import tempfile
from pathlib import Path
from unittest.mock import patch

import nbformat

from helpers.scaling_out.records import MEMORY_FILE
from tools import write
from tools.execute import execute, lesson
from tools.jupyterlab import jupyterlab

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
    content = nbformat.read(notebook, as_version=4)
    content.cells.append(nbformat.v4.new_code_cell(ASK))
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, HELLO_MNIST_ARTIFACTS=folder),  # the kernel inherits it
    ):
        copy = Path(folder) / notebook.name
        nbformat.write(content, copy)
        executed = execute(copy)
    if executed.failure:
        raise RuntimeError(executed.failure)
    cells = zip(executed.notebook.cells, executed.cell_seconds, strict=True)
    code = [(cell, end) for cell, end in cells if cell.cell_type == "code"]
    start = next(end for cell, end in code if "colab" not in cell.metadata.get("tags", []))
    return {
        "peak_mb": peak_mb(code[-1][0].outputs[0].text),
        "start_seconds": round(start, 1),
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
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as server:
        server.read("/lab")
        status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return peak_mb(status)


def main() -> None:
    """Measure and write the file."""
    record = {
        "command": "python -m tools.memory",
        "measured": "peak resident memory in megabytes; seconds, which vary with the load",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "server_mb": server_mb(),
        "notebooks": {path.stem: measure(path) for path in lesson()},
    }
    write(MEMORY_FILE, json.dumps(record, indent=1) + "\n")
    print(f"written: {MEMORY_FILE}")


if __name__ == "__main__":
    main()
