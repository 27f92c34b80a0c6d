"""Measure the memory and the time that one learner takes, notebook by notebook.

    python -m tools.memory

It runs each of the four notebooks in a kernel of its own, which takes a few minutes, starts
JupyterLab once, and writes what it found to docs/memory.json, for docs/teaching.md. It reads
Linux's own account of each process, so it works on Linux alone, which is where JupyterHub runs.
"""

import json
import os
import platform
import re
import tempfile
from pathlib import Path

import nbformat

from helpers.files import ROOT
from tools import write
from tools.execute import execute, lesson
from tools.jupyterlab import jupyterlab

MEMORY_FILE = ROOT / "docs" / "memory.json"
ASK = 'print(open("/proc/self/status").read())'  # the last cell, which the kernel runs for us


def measure(notebook: Path) -> dict[str, float]:
    """Run a notebook in a fresh kernel; RuntimeError if a cell fails.

    Returns:
        `peak_mb`: the most memory that the kernel had at once, in megabytes. `start_seconds`: until
        its first cell but Colab's is done, which imports and loads. `run_seconds`: until the last.
    """
    content = nbformat.read(notebook, as_version=4)
    content.cells.append(nbformat.v4.new_code_cell(ASK))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / notebook.name
        nbformat.write(content, copy)
        executed, ends, failure = execute(copy, HELLO_MNIST_ARTIFACTS=folder)
    if failure:
        raise RuntimeError(failure)
    peak = peak_mb(executed.cells[-1].outputs[0].text)
    _, start, *_, end = ends  # what comes first serves Colab alone
    return {"peak_mb": peak, "start_seconds": round(start, 1), "run_seconds": round(end, 1)}


def peak_mb(status: str) -> int:
    """Return the peak in megabytes from the text of /proc/<process>/status."""
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024 / 1_000_000)


def server_mb() -> int:
    """Return the peak memory of a JupyterLab server that has shown its page once."""
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as server:
        server.read("/lab")
        return peak_mb(Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8"))


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
