"""Execute one notebook with this very Python, and say in a few lines what went wrong."""

import os
import time
from pathlib import Path

os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's warning, to no use here

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import ClearOutputPreprocessor
from nbformat import NotebookNode, read
from tqdm import tqdm

from helpers.files import ROOT

NOTEBOOKS = ROOT / "notebooks"
BAR = "{desc} |{bar:24}| cell {n_fmt} of {total_fmt}, {elapsed}"


def four_notebooks() -> list[Path]:
    """Return the paths of the four notebooks in their order."""
    return sorted(NOTEBOOKS.glob("0*.ipynb"))


def english_notebooks() -> list[Path]:
    """Return the paths of all notebooks that are no translations: the four, then the optional."""
    return [*four_notebooks(), *sorted(NOTEBOOKS.glob("extras/*.ipynb"))]


def this_python() -> KernelSpecManager:
    """Return what knows one kernel: this Python, whatever "python3" kernels a home folder holds."""
    return KernelSpecManager(kernel_dirs=[])


def execute(
    source: Path, notebook: NotebookNode | None = None, **environment: str
) -> tuple[NotebookNode, list[float], str | None]:
    """Execute a notebook in the folder of the file `source`, with a progress bar; the file stays.

    Without a `notebook`, it is the one in the file. The kernel has the variables of this process
    and those of `environment`.

    Returns:
        The notebook with its outputs so far; the seconds from the start to the end of each code
        cell that is done; None, or what failed: notebook, cell, its first line and the error.
    """
    source = Path(source).resolve()
    notebook = notebook or read(source, as_version=4)
    notebook, _ = ClearOutputPreprocessor().preprocess(notebook, {})
    ends, failure = [], None
    client = NotebookClient(
        notebook,
        AsyncKernelManager(kernel_spec_manager=this_python()),
        # A newer kernel warns of unencrypted messages, which don't leave this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        shutdown_kernel="immediate",  # it has nothing left to do
    )
    kernel = {"cwd": str(source.parent), "env": os.environ | environment, "cleanup_kc": True}
    bar = tqdm(notebook.cells, source.name, bar_format=BAR)
    start = time.monotonic()
    try:
        with client.setup_kernel(**kernel):
            for index, cell in enumerate(bar):
                client.execute_cell(cell, index)
                if cell.cell_type == "code":
                    ends.append(time.monotonic() - start)
    except CellExecutionError as error:
        failure = strip_ansi(f"{error.ename}: {error.evalue}")
    except DeadKernelError:
        failure = "Python itself stopped; most often the machine ran out of memory."
    if failure:
        first = cell.source.strip().partition("\n")[0]
        failure = f"{source.name} failed in cell [{len(ends) + 1}]\n    {first}\n{failure}"
    return notebook, ends, failure
