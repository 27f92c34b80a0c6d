"""Execute one notebook with this very Python, and say in a few lines what went wrong."""

import importlib.util
import os
import re
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
NAME = re.compile(r"\w+\.ipynb")  # of a lesson, which "01_load (1).ipynb" is not
ENGLISH_ALONE = "better", "scaling_out"  # all others are translated
NEEDS = {"in_pytorch": "torch"}  # by notebook, what no other one imports
BAR = "{desc} |{bar:24}| cell {n_fmt} of {total_fmt}, {elapsed}"


def four_notebooks() -> list[Path]:
    """Return the paths of the four notebooks in their order, without a learner's copies."""
    return sorted(path for path in NOTEBOOKS.glob("0*.ipynb") if NAME.fullmatch(path.name))


def english_notebooks() -> list[Path]:
    """Return the paths of all notebooks that are no translations: the four, then the optional."""
    extras = sorted(NOTEBOOKS.glob("extras/*.ipynb"))
    return [*four_notebooks(), *(path for path in extras if NAME.fullmatch(path.name))]


def lacks(path: Path) -> str | None:
    """Return the library that a notebook needs besides the lesson's, where it isn't installed."""
    library = NEEDS.get(path.stem)
    return library if library and importlib.util.find_spec(library) is None else None


def this_python() -> KernelSpecManager:
    """Return what knows one kernel: this Python, whatever "python3" kernels a home folder holds."""
    return KernelSpecManager(kernel_dirs=[])


def execute(
    source: Path, notebook: NotebookNode | None = None, **environment: str
) -> tuple[NotebookNode, str | None]:
    """Execute a notebook, or else what the file `source` holds, in the folder of that file.

    Return it with its outputs so far, and None or a text: which cell failed, its first line and
    why. The kernel has the variables of this process and those of `environment`.
    """
    notebook, _ = ClearOutputPreprocessor().preprocess(notebook or read(source, as_version=4), {})
    failure = None
    client = NotebookClient(
        notebook,
        AsyncKernelManager(kernel_spec_manager=this_python()),
        # A newer kernel warns of unencrypted messages, which don't leave this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        shutdown_kernel="immediate",  # it has nothing left to do
    )
    kernel = {"cwd": str(source.resolve().parent), "env": os.environ | environment}
    bar = tqdm(notebook.cells, source.name, bar_format=BAR)
    try:
        with client.setup_kernel(cleanup_kc=True, **kernel):
            for index, cell in enumerate(bar):
                client.execute_cell(cell, index)
    except CellExecutionError as error:
        failure = strip_ansi(f"{error.ename}: {error.evalue}")
    except DeadKernelError:
        failure = "Python itself stopped; most often the machine ran out of memory."
    if failure:
        first = cell.source.strip().partition("\n")[0]
        where = f"{source.name} failed in cell [{client.code_cells_executed}]"
        failure = f"{where}\n    {first}\n{failure}"
    return notebook, failure
