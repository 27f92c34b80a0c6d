"""Execute one notebook with this very Python, and say in a few lines what went wrong."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's warning, to no use here

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert.filters import strip_ansi
from tqdm import tqdm

from helpers.files import ROOT

NOTEBOOKS = ROOT / "notebooks"
BAR = "{desc} |{bar:24}| cell {n_fmt} of {total_fmt}, {elapsed}"


def lesson() -> list[Path]:
    """Return the paths of the four notebooks in their order."""
    return sorted(NOTEBOOKS.glob("0*.ipynb"))


def this_python() -> KernelSpecManager:
    """Return what knows one kernel: this Python, whatever "python3" kernels a home folder holds."""
    return KernelSpecManager(kernel_dirs=[])


@dataclass
class Execution:
    """A notebook with its outputs so far, the seconds it took, and what went wrong or None.

    `cell_seconds` holds, for each cell that is done, the seconds from the start until its end.
    """

    notebook: nbformat.NotebookNode
    seconds: float = 0.0
    cell_seconds: list[float] = field(default_factory=list)
    failure: str | None = None


def execute(source: Path) -> Execution:
    """Execute the notebook at `source` in its own folder, with a progress bar; the file stays.

    A cell that fails does not raise: the result's `failure` names the notebook, the cell, its
    first line and the error.
    """
    source = Path(source).resolve()
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    begun = []
    client = NotebookClient(
        notebook,
        AsyncKernelManager(kernel_spec_manager=this_python()),
        # A newer kernel warns of unencrypted messages, which don't leave this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        shutdown_kernel="immediate",  # it has nothing left to do
        on_cell_execute=lambda cell, cell_index: begun.append(cell),
    )
    done = Execution(notebook)
    start = time.monotonic()
    try:
        with (
            tqdm(total=len(notebook.cells), desc=source.name, bar_format=BAR) as bar,
            client.setup_kernel(cwd=str(source.parent), cleanup_kc=True),
        ):
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
                done.cell_seconds.append(time.monotonic() - start)
                bar.update()
    except CellExecutionError as error:
        done.failure = strip_ansi(f"{error.ename}: {error.evalue}")
    except DeadKernelError:
        done.failure = "Python itself stopped; most often the machine ran out of memory."
    done.seconds = time.monotonic() - start
    if done.failure:
        first = next(line for line in begun[-1].source.splitlines() if line.strip())
        where = f"{source.name} failed in cell [{len(begun)}]"
        done.failure = f"{where}\n    {first}\n{done.failure}"
    return done
